//! Where the lines of a text are, and the characters of long lines, found without going over the line.

use gangplank_model::part;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Lines from one that is remembered to the next: a file may be nothing but ends of lines.
const APART: u32 = 64;

/// Bytes from one start of a line that is remembered to the next, and from one character to the next.
const BYTES: usize = 1024;

/// The lines of one text. It is handed in with every question, and is always the same.
#[derive(Debug)]
pub(crate) struct Lines {
    /// Some of the lines (from 0), in their order, and the byte at which each starts.
    starts: Vec<(u32, u32)>,
    /// The lines with more bytes than a few, by the byte at which they start.
    long: BTreeMap<usize, Long>,
}

/// A long line.
#[derive(Debug)]
struct Long {
    /// The byte at which it ends, before the sign or the signs that end it.
    end: usize,
    /// Some of its characters, in their order: how many are before it, and the byte at which it starts.
    characters: Vec<(u32, u32)>,
    /// What was found out about it.
    told: OnceLock<bool>,
}

impl Lines {
    pub(crate) fn new(text: &str) -> Self {
        // No file is read whose bytes a `u32` cannot count.
        let count = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let mut starts = vec![(0, 0)];
        let mut long = BTreeMap::new();
        let (mut at, mut known) = (0, (0, 0));
        for (number, line) in (0..).zip(text.split('\n')) {
            if number - known.0 >= APART || at - known.1 >= BYTES {
                known = (number, at);
                starts.push((number, count(at)));
            }
            if line.len() > BYTES {
                long.insert(at, Long::new(line, at));
            }
            at += line.len() + 1;
        }
        Self { starts, long }
    }

    /// The byte at which a line (from 1) starts.
    pub(crate) fn start(&self, text: &str, line: u32) -> Option<usize> {
        let line = line.checked_sub(1)?;
        let (number, known) = before(&self.starts, line)?;
        match line - number {
            0 => Some(known),
            over => {
                let mut ends = text[known..].match_indices('\n');
                let (at, _) = ends.nth(usize::try_from(over).ok()? - 1)?;
                Some(known + at + 1)
            }
        }
    }

    /// The line that starts at a byte, without its end.
    pub(crate) fn line<'a>(&self, text: &'a str, start: usize) -> &'a str {
        if let Some(long) = self.long.get(&start) {
            return &text[start..long.end];
        }
        let line = text[start..].split('\n').next();
        line.unwrap_or_default().trim_end_matches('\r')
    }

    /// At most so many characters of the line that starts at a byte, after some.
    pub(crate) fn part<'a>(&self, text: &'a str, start: usize, after: u32, most: u32) -> &'a str {
        let line = self.line(text, start);
        let known = self.long.get(&start);
        let Some((count, at)) = known.and_then(|long| before(&long.characters, after)) else {
            return part(line, after, most);
        };
        part(&line[at.min(line.len())..], after - count, most)
    }

    /// Whether something is true of the line that starts at a byte; of a long one it is found out once,
    /// so that it has to be the same thing each time.
    pub(crate) fn told(&self, text: &str, start: usize, is_true: impl Fn(&str) -> bool) -> bool {
        let line = self.line(text, start);
        match self.long.get(&start) {
            Some(long) => *long.told.get_or_init(|| is_true(line)),
            None => is_true(line),
        }
    }
}

impl Long {
    fn new(line: &str, start: usize) -> Self {
        let mut characters = vec![(0, 0)];
        let mut known = 0;
        for (count, (at, _)) in (0..).zip(line.char_indices()) {
            if at - known >= BYTES {
                known = at;
                characters.push((count, u32::try_from(at).unwrap_or(u32::MAX)));
            }
        }
        Self {
            end: start + line.trim_end_matches('\r').len(),
            characters,
            told: OnceLock::new(),
        }
    }
}

/// The last one that is remembered up to a number, and its byte.
fn before(known: &[(u32, u32)], number: u32) -> Option<(u32, usize)> {
    let after = known.partition_point(|(it, _)| *it <= number);
    let (number, at) = known.get(after.checked_sub(1)?)?;
    Some((*number, usize::try_from(*at).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of all lengths around what is remembered, with letters of one to four bytes.
    fn text() -> String {
        let mut text = String::new();
        for length in [0, 1, 7, 1023, 1024, 1025, 5000, 0, 3, 2048, 70, 0] {
            text.extend("aä€😀".chars().cycle().take(length));
            text.push_str(if length % 2 == 0 { "\n" } else { "\r\n" });
        }
        text.push_str(&"\n".repeat(200));
        text.push_str(&"z".repeat(3000));
        text
    }

    #[test]
    fn what_is_found_is_what_is_there() {
        let text = text();
        let lines = Lines::new(&text);
        let mut at = 0;
        for (number, whole) in (1..).zip(text.split('\n')) {
            let start = lines.start(&text, number).unwrap();
            assert_eq!(start, at, "{number}");
            at += whole.len() + 1;
            let line = whole.trim_end_matches('\r');
            assert_eq!(lines.line(&text, start), line);
            for after in (0..5100).step_by(97).chain([1023, 1024, 1025, u32::MAX]) {
                for most in [0, 1, 2000, u32::MAX] {
                    let (skipped, taken) = (after as usize, most as usize);
                    let expected: String = line.chars().skip(skipped).take(taken).collect();
                    assert_eq!(lines.part(&text, start, after, most), expected);
                }
            }
        }
        let (_, last) = (at, u32::try_from(text.split('\n').count()).unwrap());
        assert_eq!(lines.start(&text, last + 1), None);
        assert_eq!(lines.start(&text, 0), None);
    }

    #[test]
    fn no_two_that_are_remembered_are_far_apart() {
        let text = text();
        let lines = Lines::new(&text);
        for pair in lines.starts.windows(2) {
            let between = &text[pair[0].1 as usize..pair[1].1 as usize];
            let mut whole = between.split_inclusive('\n').rev();
            let last = whole.next().unwrap();
            assert!(between.len() - last.len() < BYTES && whole.count() < 64);
        }
        for long in lines.long.values() {
            let mut pairs = long.characters.windows(2);
            assert!(pairs.all(|it| it[1].1 - it[0].1 < 1024 + 4));
        }
    }

    #[test]
    fn a_long_line_is_gone_over_once() {
        let text = format!("short\n{}", "x".repeat(5000));
        let lines = Lines::new(&text);
        let asked = std::cell::Cell::new(0);
        let count = |_: &str| {
            asked.set(asked.get() + 1);
            true
        };
        for _ in 0..10 {
            assert!(lines.told(&text, 6, count));
        }
        assert_eq!(asked.get(), 1);
    }
}
