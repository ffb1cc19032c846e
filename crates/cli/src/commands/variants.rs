//! `gangplank sandbox --variants`: what can be switched, for people.

use gangplank_sandbox::Variant;

/// Columns that a meaning needs at least; where there are fewer, it stands below the name.
const NARROWEST: usize = 30;

/// Draws every switch with what it decides and what it can be set to, the default first.
pub(super) fn draw(variants: &[Variant], width: usize) -> String {
    let longest = variants.iter().map(|variant| variant.id.len()).max();
    let beside = longest.unwrap_or_default() + 2;
    let is_narrow = width < beside + NARROWEST;
    let indent = if is_narrow { 4 } else { beside };
    let mut text = String::new();
    for variant in variants {
        let mut positions = variant.positions.to_vec();
        let default = positions.first().map(|first| format!("{first} (default)"));
        if let (Some(first), Some(default)) = (positions.first_mut(), default.as_deref()) {
            *first = default;
        }
        let mut lines = wrap(variant.meaning, width.saturating_sub(indent));
        lines.extend(wrap(&positions.join(", "), width.saturating_sub(indent)));
        for (index, line) in lines.iter().enumerate() {
            let start = match index {
                0 if is_narrow => format!("{}\n{:indent$}", variant.id, ""),
                0 => format!("{:indent$}", variant.id),
                _ => " ".repeat(indent),
            };
            text.push_str(&start);
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

/// Breaks text between words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().filter(|line| {
            line.is_empty() || line.chars().count() + 1 + word.chars().count() <= width
        });
        match line {
            Some(line) => {
                if !line.is_empty() {
                    line.push(' ');
                }
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::draw;
    use gangplank_sandbox::{Variant, Variants};

    #[test]
    fn columns_are_aligned_and_wrap() {
        let variants = [
            Variant {
                id: "U2",
                meaning: "AuthValue when it is read back",
                positions: &["plain", "masked"],
            },
            Variant {
                id: "ACTIVATE_BODY",
                meaning: "body of activate",
                positions: &["cycle", "empty"],
            },
        ];
        assert_eq!(
            draw(&variants, 80),
            "U2             AuthValue when it is read back\n\
            \x20              plain (default), masked\n\
            ACTIVATE_BODY  body of activate\n\
            \x20              cycle (default), empty\n"
        );
        assert_eq!(
            draw(&variants[..1], 20),
            "U2\n    AuthValue when\n    it is read back\n    plain (default),\n    masked\n"
        );
    }

    #[test]
    fn every_switch_is_there_at_any_width() {
        for width in [1, 40, 80, 200] {
            let text = draw(Variants::table(), width);
            for variant in Variants::table() {
                let starts = |line: &str| line.split_whitespace().next() == Some(variant.id);
                assert_eq!(
                    text.lines().filter(|line| starts(line)).count(),
                    1,
                    "{}",
                    variant.id
                );
            }
            if width >= 40 {
                assert!(text.lines().all(|line| line.len() <= width), "{text}");
            }
        }
    }
}
