//! The one place where equal is defined.

use crate::origin::Origin;

/// A value as a plan may show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Nothing there.
    Absent,
    /// Plain text.
    Text(String),
    /// A secret; only where it comes from may be said.
    Secret(String),
    /// The API does not tell.
    Unknown,
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The manifest's own path below the object: `timezone`, `properties.Subdomain`,
    /// `mappings.Add Member.Email`.
    pub field: String,
    /// What the instance holds.
    pub before: Shown,
    /// What is wanted.
    pub after: Shown,
    /// Where the wanted value was written.
    pub origin: Option<Origin>,
}

/// Compares optional texts as the vendor stores them: missing and empty are the same.
pub fn same_text(live: Option<&str>, desired: &str) -> bool {
    live.unwrap_or_default() == desired
}

/// Compares two points in time written as ISO 8601 in UTC: with or without a fraction, `Z` or not.
/// Trailing zeros of a fraction do not count (.NET writes up to seven digits, cyclr-api.md 1.7).
pub fn same_time(live: &str, desired: &str) -> bool {
    fn normal(text: &str) -> String {
        let text = text.trim().trim_end_matches(['Z', 'z']);
        let text = text.strip_suffix("+00:00").unwrap_or(text);
        let text = match text.split_once('.') {
            Some((seconds, fraction)) => match fraction.trim_end_matches('0') {
                "" => seconds.to_owned(),
                rest => format!("{seconds}.{rest}"),
            },
            None => text.to_owned(),
        };
        match text.len() {
            10 => format!("{text}T00:00:00"),
            16 => format!("{text}:00"),
            _ => text.replacen(' ', "T", 1),
        }
    }
    normal(live) == normal(desired)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_equal_as_points() {
        for (live, desired, same) in [
            ("2026-01-01T00:00:00Z", "2026-01-01", true),
            ("2026-01-01T00:00:00.0000000Z", "2026-01-01T00:00:00Z", true),
            (
                "2017-12-06T15:54:06.6440352Z",
                "2017-12-06T15:54:06.6440352",
                true,
            ),
            (
                "2017-12-06T15:54:06.6440352Z",
                "2017-12-06T15:54:06Z",
                false,
            ),
            ("2026-01-02T00:00:00Z", "2026-01-01", false),
        ] {
            assert_eq!(same_time(live, desired), same, "{live} {desired}");
        }
    }

    #[test]
    fn missing_and_empty_text_are_equal() {
        assert!(same_text(None, ""));
        assert!(!same_text(None, "x"));
        assert!(!same_text(Some(" x"), "x"));
    }
}
