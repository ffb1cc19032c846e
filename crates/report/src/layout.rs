//! Lines within a width: wrapping at spaces, and shortening of long values.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Columns of a text without colour.
pub(crate) fn columns(text: &str) -> usize {
    text.width()
}

/// Fills up with spaces.
pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(columns(text))))
}

/// Cuts the middle out of a text that is wider; never below ten columns.
pub(crate) fn shorten(text: &str, width: usize) -> String {
    let width = width.max(10);
    if columns(text) <= width {
        return text.to_owned();
    }
    let keep = width - 1;
    let take = |characters: &mut dyn Iterator<Item = char>, most: usize| {
        let mut used = 0;
        let mut taken = Vec::new();
        for c in characters {
            let next = used + c.width().unwrap_or(0);
            if next > most {
                break;
            }
            used = next;
            taken.push(c);
        }
        taken
    };
    let head = take(&mut text.chars(), keep.div_ceil(2));
    let tail = take(&mut text.chars().rev(), keep / 2);
    head.into_iter()
        .chain(['…'])
        .chain(tail.into_iter().rev())
        .collect()
}

/// Breaks a text at spaces; a word that is wider than a line stands alone on one.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_keeps_both_ends() {
        for (text, width, expected) in [
            ("short", 10, "short"),
            ("abcdefghijklmnop", 11, "abcde…lmnop"),
            ("日本語日本語日本語", 11, "日本…本語"),
            ("abcdefghijklmnop", 1, "abcde…mnop"),
        ] {
            assert_eq!(shorten(text, width), expected);
        }
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(
            wrap("incomprehensibilities a b", 5),
            ["incomprehensibilities", "a b"]
        );
        assert_eq!(wrap("", 5), [""]);
    }
}
