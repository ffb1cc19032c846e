//! Comments at the end of a line: those that were put into a column stay in it.

use yaml_parser::{SyntaxElement, SyntaxKind, SyntaxNode};

/// A comment with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Comment {
    /// From `#` to the last sign that is no blank.
    pub(super) text: String,
    /// The byte at which it starts.
    start: usize,
    /// Signs before it in its line.
    column: usize,
    /// Blanks before it; `None` where it has its line for itself.
    blanks: Option<usize>,
}

/// Every comment of a text, in order.
pub(super) fn comments(text: &str, tree: &SyntaxNode) -> Vec<Comment> {
    let tokens = tree
        .descendants_with_tokens()
        .filter_map(SyntaxElement::into_token);
    tokens
        .filter(|token| token.kind() == SyntaxKind::COMMENT)
        .map(|token| {
            let start = usize::from(token.text_range().start());
            let line = text[..start].rfind('\n').map_or(0, |end| end + 1);
            let before = &text[line..start];
            let content = before.trim_end_matches([' ', '\t']);
            Comment {
                text: token.text().trim_end().to_owned(),
                start,
                column: before.chars().count(),
                blanks: (!content.is_empty()).then(|| before.len() - content.len()),
            }
        })
        .collect()
}

/// Moves the comments of a laid out text to the columns in which they stood: those that were kept
/// apart from what is before them by more than one blank.
pub(super) fn in_columns(text: &str, now: &[Comment], before: &[Comment]) -> String {
    let mut moved = String::with_capacity(text.len());
    let mut copied = 0;
    for (now, before) in now.iter().zip(before) {
        let (Some(blanks), Some(2..)) = (now.blanks, before.blanks) else {
            continue;
        };
        moved.push_str(&text[copied..now.start - blanks]);
        let content = now.column - blanks;
        moved.extend(std::iter::repeat_n(
            ' ',
            before.column.saturating_sub(content).max(1),
        ));
        copied = now.start;
    }
    moved.push_str(&text[copied..]);
    moved
}
