//! A page of documentation, drawn for a terminal.

use crate::layout::wrap;
use crate::options::{TextOptions, Tone};

/// How far the lines of a block of code stand in.
const INDENTATION: &str = "    ";

/// Draws a page: headings, paragraphs and lists within the width, blocks of code as they are. It knows
/// what our own pages use of Markdown, and leaves the rest as it stands.
pub fn page(markdown: &str, options: &TextOptions) -> String {
    let mut drawn = String::new();
    let mut lines = markdown.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            for code in lines.by_ref().take_while(|line| !line.starts_with("```")) {
                drawn.push_str(format!("{INDENTATION}{code}").trim_end());
                drawn.push('\n');
            }
        } else if line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim();
            drawn.push_str(&options.paint(Tone::Heading, heading));
            drawn.push('\n');
        } else if line.is_empty() {
            drawn.push('\n');
        } else {
            let mut text = line.to_owned();
            while let Some(more) = lines.next_if(|line| goes_on(line)) {
                text.push(' ');
                text.push_str(more.trim());
            }
            let hanging = if text.starts_with("- ") { "  " } else { "" };
            let width = options.width.saturating_sub(hanging.len());
            for (index, line) in wrap(&text, width).into_iter().enumerate() {
                drawn.push_str(if index == 0 { "" } else { hanging });
                drawn.push_str(&line);
                drawn.push('\n');
            }
        }
    }
    drawn
}

/// Whether a line belongs to the paragraph above it.
fn goes_on(line: &str) -> bool {
    !line.is_empty()
        && !["#", "```", "- "]
            .iter()
            .any(|start| line.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_fits_its_width() {
        let markdown = "# a-code\n\nOne two\nthree four.\n\n- five six seven\n- eight\n\n## Example\n\n\
                        ```yaml\na: 1 2 3 4 5 6 7\n\n```\n";
        let options = TextOptions {
            width: 12,
            color: false,
        };
        assert_eq!(
            page(markdown, &options),
            "a-code\n\nOne two\nthree four.\n\n- five six\n  seven\n- eight\n\nExample\n\n    \
             a: 1 2 3 4 5 6 7\n\n"
        );
    }
}
