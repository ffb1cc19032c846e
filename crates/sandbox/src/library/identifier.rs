//! Identifiers made from names: the same in every run.

use uuid::Uuid;

/// Returns a GUID that only the words decide.
pub(super) fn guid(words: &[&str]) -> String {
    from_words(words).to_string()
}

/// Returns a number of seven digits that only the words decide.
pub(super) fn number(words: &[&str]) -> u64 {
    let (high, _) = from_words(words).as_u64_pair();
    1_000_000 + high % 9_000_000
}

/// Hashes the words; the line break between them keeps `a, bc` apart from `ab, c`.
fn from_words(words: &[&str]) -> Uuid {
    let name = format!("cyclr.test/{}", words.join("\n"));
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Manifests and worlds may name these ids, so a release must not change them.
    #[test]
    fn identifiers_are_pinned() {
        let check = |words: &[&str], expected: (&str, u64)| {
            assert_eq!((guid(words).as_str(), number(words)), expected, "{words:?}");
        };
        check(
            &["template", "Harbour CRM > Mailchimp"],
            ("3b73a386-21dc-57be-aefd-a8d1beb1ab54", 4_507_326),
        );
        assert_ne!(guid(&["a", "bc"]), guid(&["ab", "c"]));
    }
}
