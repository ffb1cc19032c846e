//! The one choke point for foreign text: whatever comes from a manifest or a server.

use std::fmt::Write as _;

/// Whether a character could move the cursor, hide, reorder or impersonate text.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// Makes a foreign text fit for one line of a terminal: controls, bidirectional marks and invisible
/// characters become visible escapes.
pub fn line(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if is_dangerous(c) => {
                write!(escaped, "\\u{{{:x}}}", u32::from(c)).expect("a String takes all");
            }
            c => escaped.push(c),
        }
    }
    // A runner of CI jobs takes such a line for a command of its own.
    if escaped.starts_with("::") || escaped.starts_with("##[") {
        escaped.insert(0, ' ');
    }
    escaped
}

/// Makes a line of a source fit to be shown, character for character, so that columns stay true.
pub(crate) fn source(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c != '\t' && is_dangerous(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// Makes JSON fit to be shown as it is: it says the same, but what JSON lets stand raw in a text is
/// written as an escape.
pub(crate) fn json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_dangerous(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").expect("a String takes all");
            }
        } else {
            escaped.push(c);
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_says_the_same() {
        let text = "a\u{202e}b\u{7f}c\u{9b}\u{e0041}\n\u{1b} Ünï";
        let raw = serde_json::to_string(text).unwrap();
        let shown = json(&raw);
        assert!(
            shown.contains("\\u202e") && shown.contains("\\udb40\\udc41"),
            "{shown}"
        );
        assert!(!shown.chars().any(is_dangerous), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }

    #[test]
    fn no_control_gets_through() {
        for code in (0..32).chain(127..160) {
            let c = char::from_u32(code).unwrap();
            let escaped = line(&format!("a{c}b"));
            assert!(
                escaped.chars().all(|c| !c.is_control()),
                "{code}: {escaped:?}"
            );
            assert!(escaped.contains('\\'));
            assert_eq!(source(&format!("a{c}b")).chars().count(), 3);
        }
        for c in ['\u{202e}', '\u{200b}', '\u{feff}', '\u{2066}', '\u{e0041}'] {
            assert!(!line(&c.to_string()).contains(c), "{:x}", u32::from(c));
        }
    }

    #[test]
    fn no_line_is_a_command_of_a_runner() {
        for text in ["::add-mask::x", "::stop-commands::x", "##[error]x"] {
            let escaped = line(text);
            assert!(!escaped.starts_with("::") && !escaped.starts_with("##["));
        }
        assert_eq!(line("Ünï > 🚢 a::b"), "Ünï > 🚢 a::b");
    }
}
