//! Where expressions stand in a text.

/// Whether a text holds an expression.
pub(crate) fn is_expression(text: &str) -> bool {
    text.contains("{{")
}

/// A text without its expressions.
pub(crate) fn outside_expressions(text: &str) -> String {
    let mut outside = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        outside.push_str(&rest[..start]);
        let inside = &rest[start + 2..];
        let Some(end) = end_of(inside) else {
            return outside + inside;
        };
        // What stands on both sides is no single word.
        outside.push(' ');
        rest = &inside[end + 2..];
    }
    outside + rest
}

/// Where an expression ends: the first `}}` outside quotes.
pub(super) fn end_of(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '}') if text[at..].starts_with("}}") => return Some(at),
            (Some(_) | None, _) => {}
        }
    }
    None
}

/// The words, and the signs outside of words and quotes, of an expression.
pub(super) fn parts(source: &str) -> usize {
    let mut parts = 0;
    let mut quote = None;
    let mut escaped = false;
    let mut in_word = false;
    for c in source.chars() {
        let word = c.is_alphanumeric() || c == '_';
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None => {
                if matches!(c, '"' | '\'') {
                    quote = Some(c);
                }
                let starts = if word { !in_word } else { !c.is_whitespace() };
                parts += usize::from(starts);
            }
        }
        in_word = word && quote.is_none();
    }
    parts
}
