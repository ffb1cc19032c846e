//! What the instance said, in plain words.

use gangplank_cyclr::Error;
use std::error::Error as _;
use std::fmt::Write as _;

/// An error with its causes, each said once.
pub(crate) fn plainly(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, ": {cause}").expect("a String takes all");
        source = cause.source();
    }
    text
}

/// Whether the instance asked to come back later without having done anything.
pub(crate) fn is_throttled(error: &Error) -> bool {
    error.status() == Some(429)
}

/// A name that is not there, and those that are.
pub(crate) fn what_there_is(what: &str, name: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return format!("there is no {what} {name:?}, and no other either");
    }
    let names: Vec<String> = names.iter().map(|name| format!("{name:?}")).collect();
    format!("there is no {what} {name:?}; there is {}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_name_says_what_there_is() {
        assert_eq!(
            what_there_is("step", "Add", &["Get", "Put"]),
            "there is no step \"Add\"; there is \"Get\", \"Put\""
        );
        assert_eq!(
            what_there_is("field", "Add", &[]),
            "there is no field \"Add\", and no other either"
        );
    }
}
