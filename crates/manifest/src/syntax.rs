//! Broken YAML: the place, in words that help.

use crate::anchors::too_deep;
use crate::parse::hidden;
use crate::secrecy::{is_harmless, is_harmless_line, speaks};
use crate::source::SourceFile;
use crate::wording::words;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin};

/// Tells what the parser stumbled over. `at` is its line (from 1) and column (from 0).
pub(crate) fn diagnose(file: &SourceFile, at: (usize, usize), info: &str) -> Diagnostic {
    let found = locate(file, at, info);
    let origin = Origin {
        file: file.name.clone(),
        line: u32::try_from(found.line).unwrap_or(u32::MAX),
        column: u32::try_from(found.column).unwrap_or(u32::MAX),
        length: 1,
    };
    // The parser has a limit of its own, for brackets that it reads ahead.
    if info.contains("recursion limit") {
        let problem = too_deep(&origin, "");
        return if may_hold_secret(file, found.line) {
            hidden(problem)
        } else {
            problem
        };
    }
    let diagnostic = Diagnostic::error(code::YAML_SYNTAX, "this is no YAML")
        .detail(found.detail)
        .hint(found.hint);
    if may_hold_secret(file, found.line) {
        diagnostic.at_hidden(&origin, "the reader stops here")
    } else {
        diagnostic.at(&origin, "the reader stops here")
    }
}

/// A carriage return by itself ends a line of YAML, and of no editor: lines would be counted wrongly.
pub(crate) fn lone_return(file: &SourceFile) -> Option<Diagnostic> {
    let bytes = file.text.as_bytes();
    let by_itself = |(at, _): &(usize, &str)| bytes.get(at + 1) != Some(&b'\n');
    let (at, _) = file.text.match_indices('\r').find(by_itself)?;
    let (line, column) = file.place(at);
    let origin = Origin {
        file: file.name.clone(),
        line,
        column,
        length: 1,
    };
    let problem = Diagnostic::error(code::YAML_SYNTAX, "a line that ends with a carriage return")
        .at_hidden(&origin, "no line feed follows it")
        .hint(
            "save the file with line feeds (\"LF\", \"Unix\") or with both (\"CRLF\", \"Windows\")",
        );
    Some(problem)
}

/// A mistake: its place, lines and columns from 1, and what to say of it.
#[derive(Debug)]
struct Found {
    line: usize,
    column: usize,
    detail: String,
    hint: &'static str,
}

/// The parser often stops a little after the mistake; a tab or a line that stands too far left is
/// found again here.
fn locate(file: &SourceFile, (line, column): (usize, usize), info: &str) -> Found {
    let words = words(info);
    let found = |line, column, detail: &str| Found {
        line,
        column,
        detail: detail.to_owned(),
        hint: words.1,
    };
    if file.content(line).is_none() {
        // The text ended too early: the end of its last line is the place.
        let (last, column) = file.place(file.text.trim_end().len());
        let detail = format!("{}, and the file ends.", words.0.trim_end_matches('.'));
        return found(last as usize, column as usize, &detail);
    }
    let line = line.max(1);
    for number in [line, line + 1, line - 1] {
        let Some(content) = file.content(number) else {
            continue;
        };
        if let Some(tab) = content[..width(content)].find('\t') {
            return Found {
                hint: "put spaces in its place",
                ..found(
                    number,
                    tab + 1,
                    "A tab stands in the indentation; YAML is indented with spaces.",
                )
            };
        }
    }
    let content = file.content(line).unwrap_or_default();
    let first = width(content);
    let before = above(file, line).next();
    let stands_alone = before.is_none_or(|before| width(before) != first);
    if column <= first || (stands_alone && info.contains("block")) {
        let hint = if info.contains("block") || info.contains("indentation") {
            "put it below the first letter of the lines that it belongs to"
        } else {
            words.1
        };
        return Found {
            hint,
            ..found(
                line,
                first + 1,
                &format!("{} The line's indentation fits no line above it.", words.0),
            )
        };
    }
    found(line, column + 1, words.0)
}

/// Whether anything but what is known to be harmless stands on the line, near secrets or not.
pub(crate) fn may_hold_secret(file: &SourceFile, line: usize) -> bool {
    let content = file.content(line);
    content.is_none_or(|content| !is_harmless_line(content)) || is_near_secret(file, line)
}

/// The same of the line of a key that was read; names of the user's own stand under some keys.
pub(crate) fn may_hold_secret_behind(key: &str, file: &SourceFile, line: usize) -> bool {
    const NAMED_BY_USERS: [&str; 4] = ["labels:", "parameters:", "mappings:", "variables:"];
    let own = file.content(line).map_or(0, indentation);
    let parents = above(file, line).scan(own, |left, content| {
        let here = indentation(content);
        let is_parent = here < *left;
        if is_parent {
            *left = here;
        }
        Some(is_parent.then_some(content))
    });
    let named =
        |parent: &str| NAMED_BY_USERS.contains(&parent.trim_start_matches(['-', ' ']).trim_end());
    // Two levels: a step, and its parameters.
    let named = parents.take(500).flatten().take(2).any(named);
    !(is_harmless(key) || named) || is_near_secret(file, line)
}

/// Whether the line speaks of secrets, or one that it or the line before it is indented under. Its own
/// indentation may be the very thing that is broken, so where it would stand by the line before it
/// counts as well.
fn is_near_secret(file: &SourceFile, line: usize) -> bool {
    let Some(content) = file.content(line) else {
        return true;
    };
    announces(content)
        || is_under_secret(file, line, indentation(content))
        || is_under_secret(file, line, usize::MAX)
}

/// Whether what is indented so far on a line is in a block that speaks of secrets.
fn is_under_secret(file: &SourceFile, line: usize, indentation_of_line: usize) -> bool {
    /// Lines that are looked at; beyond them the answer is yes.
    const FAR: usize = 500;
    let mut left = indentation_of_line;
    for (distance, parent) in above(file, line).enumerate() {
        let here = indentation(parent);
        if distance > FAR || ((distance == 0 || here < left) && announces(parent)) {
            return true;
        }
        left = left.min(here);
        if left == 0 {
            break;
        }
    }
    false
}

/// The lines above one that are not blank, upwards.
fn above(file: &SourceFile, line: usize) -> impl Iterator<Item = &str> {
    let start = u32::try_from(line).ok().and_then(|line| file.start(line));
    let text = file.text[..start.unwrap_or(0)].trim_end();
    let lines = text
        .rsplit('\n')
        .take(if text.is_empty() { 0 } else { usize::MAX });
    lines.filter(|line| !line.trim().is_empty())
}

fn announces(line: &str) -> bool {
    speaks(line) || line.trim_start().starts_with("instances")
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The spaces and tabs before a line.
fn width(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_near_secrets_are_not_shown() {
        for (text, line, hidden) in [
            ("accounts:\n  - id: a\n   name: b", 3, false),
            ("x:\n  auth:\n    api:\n      s3cret\n", 4, true),
            ("x:\n  auth:\n  s3cret\n", 3, true),
            ("x:\n  password: \"s3cret\n", 2, true),
            ("auth: 1\nother:\n  more: 2\n  name: x", 4, false),
            ("auth: 1\nother:\n  more: 2\n  broken", 4, true),
            ("auth:\ns3cret\n", 2, true),
            ("x:\n  properties:\n    a: b\n\tHidden: s3cret\n", 4, true),
            ("x:\n  properties:\n    a: b\n \tHidden: s3cret\n", 4, true),
            ("x:\n  properties:\n    a: b\n Hidden: s3cret\n", 4, true),
            ("instances:\n  a:\n    region: eu\n\tid: s3cret\n", 4, true),
            ("accounts:\n  - id: a\n\tname: b", 3, false),
            ("accounts:\n  - id: a\n    auht: s3cret", 3, true),
        ] {
            let file = SourceFile::new("m.yaml", String::new(), text.to_owned());
            assert_eq!(may_hold_secret(&file, line), hidden, "{text}");
        }
    }

    #[test]
    fn the_mistake_is_found_again() {
        for (text, at, expected) in [
            ("a:\n\tb: 1", (2, 1), (2, 1)),
            ("a:\n  b: 1\n c: 2", (3, 1), (3, 2)),
            ("a: [1, 2", (1, 8), (1, 9)),
        ] {
            let file = SourceFile::new("m.yaml", String::new(), text.to_owned());
            let found = locate(&file, at, "info");
            assert_eq!((found.line, found.column), expected, "{text}");
        }
    }
}
