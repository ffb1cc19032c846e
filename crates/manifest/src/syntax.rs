//! Broken YAML: the place, in words that help.

use crate::secrecy::{is_harmless, is_harmless_line, speaks};
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin};
use std::sync::Arc;

/// Tells what the parser stumbled over. `at` is its line (from 1) and column (from 0).
pub(crate) fn diagnose(file: &Arc<str>, text: &str, at: (usize, usize), info: &str) -> Diagnostic {
    let lines: Vec<&str> = text.lines().collect();
    let (line, column, detail) = locate(&lines, at, info);
    let origin = Origin {
        file: file.clone(),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
        length: 1,
    };
    let diagnostic = Diagnostic::error(code::YAML_SYNTAX, "this is no YAML").detail(detail);
    if may_hold_secret(&lines, line) {
        diagnostic.at_hidden(&origin, "the reader stops here")
    } else {
        diagnostic.at(&origin, "the reader stops here")
    }
}

/// The parser often stops a little after the mistake; a tab or a line that stands too far left is
/// found again here. Lines and columns from 1.
fn locate(lines: &[&str], (line, column): (usize, usize), info: &str) -> (usize, usize, String) {
    if line > lines.len() {
        // The text ended too early: the end of its last line is the place.
        let last = lines
            .iter()
            .rposition(|line| !line.trim().is_empty())
            .unwrap_or(0);
        let column = lines.get(last).map_or(0, |line| line.chars().count());
        return (
            last + 1,
            column + 1,
            capital(&format!("{info}, and the file ends.")),
        );
    }
    let line = line.max(1);
    let indentation = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    for number in [line, line + 1, line - 1] {
        let Some(content) = number.checked_sub(1).and_then(|index| lines.get(index)) else {
            continue;
        };
        if let Some(tab) = content[..indentation(content)].find('\t') {
            let detail = "A tab stands in the indentation; YAML is indented with spaces.";
            return (number, tab + 1, detail.to_owned());
        }
    }
    let content = lines.get(line - 1).copied().unwrap_or_default();
    let first = indentation(content);
    let before = lines[..line - 1]
        .iter()
        .rev()
        .find(|line| !line.trim().is_empty());
    let stands_alone = before.is_none_or(|before| indentation(before) != first);
    if column <= first || (stands_alone && info.contains("block")) {
        let detail = format!("{info}. The line's indentation fits no line above it.");
        return (line, first + 1, capital(&detail));
    }
    (line, column + 1, capital(&format!("{info}.")))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().chain(chars).collect())
        .unwrap_or_default()
}

/// Whether anything but what is known to be harmless stands on the line, near secrets or not.
pub(crate) fn may_hold_secret(lines: &[&str], line: usize) -> bool {
    let content = lines.get(line.saturating_sub(1));
    content.is_none_or(|content| !is_harmless_line(content)) || is_near_secret(lines, line)
}

/// The same of the line of a key that was read; names of the user's own stand under some keys.
pub(crate) fn may_hold_secret_behind(key: &str, lines: &[&str], line: usize) -> bool {
    const NAMED_BY_USERS: [&str; 4] = ["labels:", "parameters:", "mappings:", "variables:"];
    let above = &lines[..line.saturating_sub(1).min(lines.len())];
    let own = lines
        .get(line.saturating_sub(1))
        .map_or(0, |content| indentation(content));
    let parents = above.iter().rev().scan(own, |left, content| {
        let here = indentation(content);
        let is_parent = here < *left && !content.trim().is_empty();
        if is_parent {
            *left = here;
        }
        Some(is_parent.then_some(*content))
    });
    let named =
        |parent: &str| NAMED_BY_USERS.contains(&parent.trim_start_matches(['-', ' ']).trim_end());
    // Two levels: a step, and its parameters.
    let named = parents.take(500).flatten().take(2).any(named);
    !(is_harmless(key) || named) || is_near_secret(lines, line)
}

/// Whether the line speaks of secrets, or one that it or the line before it is indented under. Its own
/// indentation may be the very thing that is broken, so where it would stand by the line before it
/// counts as well.
fn is_near_secret(lines: &[&str], line: usize) -> bool {
    let Some(content) = lines.get(line.saturating_sub(1)) else {
        return true;
    };
    let above = &lines[..line.saturating_sub(1)];
    announces(content)
        || is_under_secret(above, indentation(content))
        || is_under_secret(above, usize::MAX)
}

/// Whether a line that is indented so far, below these, is in a block that speaks of secrets.
fn is_under_secret(above: &[&str], indentation_of_line: usize) -> bool {
    /// Lines that are looked at; beyond them the answer is yes.
    const FAR: usize = 500;
    let mut left = indentation_of_line;
    let above = above.iter().rev().filter(|line| !line.trim().is_empty());
    for (distance, parent) in above.enumerate() {
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

fn announces(line: &str) -> bool {
    speaks(line) || line.trim_start().starts_with("instances")
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
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
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(may_hold_secret(&lines, line), hidden, "{text}");
        }
    }

    #[test]
    fn the_mistake_is_found_again() {
        for (text, at, expected) in [
            ("a:\n\tb: 1", (2, 1), (2, 1)),
            ("a:\n  b: 1\n c: 2", (3, 1), (3, 2)),
            ("a: [1, 2", (1, 8), (1, 9)),
        ] {
            let lines: Vec<&str> = text.lines().collect();
            let (line, column, _) = locate(&lines, at, "info");
            assert_eq!((line, column), expected, "{text}");
        }
    }
}
