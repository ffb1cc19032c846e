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
    "argument-default"
    "argument-form"
    "argument-type"
    "argument-value"
    "argument-without-profile"
    "look-alike"
    "missing-argument"
    "unknown-argument"
    "unused-argument"
    "not-formatted" "too-long-to-format" "url-scheme"
}

/// The page of a code, in Markdown.
pub(in crate::commands) fn of(code: &str) -> Option<&'static str> {
    let page = PAGES.iter().find(|(name, _)| *name == code);
    page.map(|(_, page)| *page)
}
