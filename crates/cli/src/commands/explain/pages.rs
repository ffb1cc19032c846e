//! The pages of docs/problems, which come with the program.

macro_rules! pages {
    ($($code:literal)*) => {
        /// Every code with its page, by name.
        const PAGES: &[(&str, &str)] = &[
            $( ($code, include_str!(concat!("../../../../../docs/problems/", $code, ".md"))), )*
        ];
    };
}

pages! {
    "account-blanks"
    "account-case"
    "ambiguous-authentication"
    "ambiguous-connector"
    "ambiguous-template"
    "argument-default"
    "argument-form"
    "argument-type"
    "argument-value"
    "argument-without-profile"
    "auth-form"
    "bad-api-url"
    "bad-column"
    "bad-expression"
    "bad-interval"
    "bad-name"
    "bad-reference"
    "bad-time"
    "bad-url"
    "command-not-allowed"
    "csv-quote"
    "draft-connector"
    "duplicate-account"
    "duplicate-column"
    "duplicate-key"
    "duplicate-name"
    "empty-account"
    "empty-cell"
    "empty-column"
    "empty-file"
    "empty-roster"
    "exclusive-empty"
    "file-twice"
    "id-and-version"
    "id-in-other-letters"
    "insecure-url"
    "json-syntax"
    "key-not-text"
    "library-unreadable"
    "literal-secret"
    "look-alike"
    "mapping-form"
    "maybe-secret"
    "merge-key"
    "missing-argument"
    "missing-key"
    "missing-name"
    "missing-property"
    "missing-secret"
    "more-problems"
    "more-warnings"
    "moved-away"
    "moved-from-itself"
    "moved-twice"
    "never-run"
    "no-path"
    "no-region"
    "no-roster"
    "not-an-account-property"
    "not-formatted"
    "not-text"
    "only-if-new"
    "own-parent"
    "parent-circle"
    "parent-removed"
    "profile-circle"
    "property-twice"
    "protected"
    "ragged-row"
    "region-and-url"
    "reserved-account"
    "retention-clamped"
    "roster-format"
    "roster-path"
    "run-form"
    "same-name"
    "secret-reference"
    "several-documents"
    "shared-credential"
    "swap-unmarked"
    "tag"
    "template-choice"
    "templates-unreadable"
    "too-deep"
    "too-large"
    "too-long-to-format"
    "too-many-aliases"
    "too-many-columns"
    "too-many-removals"
    "twin-connector"
    "two-defaults"
    "unchecked-connectors"
    "unchecked-names"
    "unconfirmed-name"
    "undeclared-connector"
    "unfit-authentication"
    "unknown-anchor"
    "unknown-argument"
    "unknown-authentication"
    "unknown-connector"
    "unknown-in-cycle"
    "unknown-instance"
    "unknown-key"
    "unknown-mapping"
    "unknown-profile"
    "unknown-property"
    "unknown-region"
    "unknown-step"
    "unknown-template"
    "unknown-timezone"
    "unknown-variable"
    "unknown-version"
    "unpinned-version"
    "unreadable"
    "unused-argument"
    "unused-profile"
    "url-scheme"
    "value-not-allowed"
    "vault-auth"
    "vault-engine"
    "webhook-without-url"
    "which-instance"
    "wrong-delimiter"
    "wrong-number"
    "wrong-type"
    "yaml-syntax"
}

/// The page of a code, in Markdown.
pub(in crate::commands) fn of(code: &str) -> Option<&'static str> {
    let page = PAGES.iter().find(|(name, _)| *name == code);
    page.map(|(_, page)| *page)
}

#[cfg(test)]
mod tests {
    use super::PAGES;
    use gangplank_model::code::ALL;

    /// A new code stands in three places: the table of codes, docs/problems and the list above.
    #[test]
    fn every_code_comes_with_its_page() {
        let mut codes: Vec<&str> = ALL.iter().map(|known| known.name).collect();
        codes.sort_unstable();
        let pages: Vec<&str> = PAGES.iter().map(|(name, _)| *name).collect();
        assert_eq!(pages, codes);
    }
}
