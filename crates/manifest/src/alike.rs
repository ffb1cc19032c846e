//! Names that a person would take for one another (UTS 39).

use gangplank_model::{Diagnostic, Origin, code};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization as _;
use unicode_security::skeleton;

/// What each letter of ASCII looks like: `1`, `I` and `|` like `l`, `0` like `O`.
static ASCII: LazyLock<Vec<String>> = LazyLock::new(|| {
    let letters = (0..128u8).map(|letter| skeleton(&char::from(letter).to_string()).collect());
    letters.collect()
});

/// What a text looks like. Two texts of which this is the same cannot be told apart by looking.
pub(crate) fn looks(text: &str) -> String {
    if text.is_ascii() {
        let letters = text.bytes().map(|letter| &*ASCII[usize::from(letter)]);
        return letters.collect();
    }
    let composed: String = text.nfkc().collect();
    skeleton(&composed).collect()
}

/// A name without case, without blanks too many, and in the form that Unicode prefers.
fn folded(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    if words.is_ascii() {
        words.make_ascii_lowercase();
        return words;
    }
    // Lower case of what is in upper case folds letters of which only one case has a pair.
    let composed = words.nfkc().flat_map(char::to_uppercase);
    composed.flat_map(char::to_lowercase).nfkc().collect()
}

/// A name in the forms by which it is compared.
#[derive(Debug)]
pub(crate) struct Folds {
    pub(crate) lower: String,
    pub(crate) folded: String,
    pub(crate) looks: String,
}

impl Folds {
    pub(crate) fn of(name: &str) -> Self {
        let folded = folded(name);
        Self {
            lower: name.to_lowercase(),
            // A mark keeps the two apart.
            looks: format!("\0{}", looks(name)),
            folded,
        }
    }
}

/// Two names of which each may be taken for the other.
pub(crate) fn told(what: &str, again: &Origin, first: &Origin) -> Diagnostic {
    Diagnostic::warning(code::LOOK_ALIKE, format!("two {what} that look alike"))
        .at(again, "again here, with other signs or blanks")
        .at(first, "first here")
        .detail("Both are read as they are written, as two.")
        .hint("if one is meant, write both in the same way; `-A look-alike` leaves this out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_look_alike() {
        for (one, other, alike) in [
            ("acme-01", "acme-O1", true),
            ("acme-1", "acme-l", true),
            ("acme-I", "acme-l", true),
            ("acme-1", "acme-2", false),
            ("acme-1", "acme_1", false),
            ("HubSpot", "Hub\u{0405}pot", true),
            ("Mailchimp", "M\u{0430}ilchimp", true),
            ("caf\u{e9}", "cafe\u{301}", true),
            ("\u{ff21}cme", "Acme", true),
            ("x", "y", false),
        ] {
            assert_eq!(looks(one) == looks(other), alike, "{one} {other}");
        }
    }

    #[test]
    fn names_are_folded() {
        for (one, other) in [
            ("HubSpot  (sales)", "hubspot (Sales)"),
            ("a\u{a0}b", "A b"),
            ("STRASSE", "stra\u{df}e"),
            (
                "\u{3a3}\u{3af}\u{3c3}\u{3c5}\u{3c6}\u{3bf}\u{3c2}",
                "\u{3a3}\u{38a}\u{3a3}\u{3a5}\u{3a6}\u{39f}\u{3a3}",
            ),
            ("\u{fb01}le", "file"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
    }
}
