//! `Span`: a length of time as people write it, such as `250ms`, `1.5s`, `90s` or `5m`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A length of time, written with a unit: `ms`, `s`, `m`, `h` or `d`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span(pub Duration);

impl Span {
    /// Whole milliseconds.
    pub(crate) fn milliseconds(self) -> i64 {
        i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX)
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a time such as 250ms, 1.5s or 5m, not `{text}`");
        let start = text
            .find(|one: char| one.is_ascii_alphabetic())
            .ok_or_else(wrong)?;
        let (number, unit) = text.split_at(start);
        let seconds = match unit {
            "ms" => 0.001,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3_600.0,
            "d" => 86_400.0,
            _ => return Err(wrong()),
        };
        let number: f64 = number.trim().parse().map_err(|_| wrong())?;
        let duration = Duration::try_from_secs_f64(number * seconds).map_err(|_| wrong())?;
        Ok(Self(duration))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = self.0.as_millis();
        if milliseconds.is_multiple_of(1_000) {
            write!(formatter, "{}s", milliseconds / 1_000)
        } else {
            write!(formatter, "{milliseconds}ms")
        }
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn spans_have_units() {
        let check = |text: &str, expected: Option<&str>| {
            let read = text.parse::<Span>().ok().map(|span| span.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("20ms", Some("20ms"));
        check("1.5s", Some("1500ms"));
        check("90s", Some("90s"));
        check("5m", Some("300s"));
        check("1d", Some("86400s"));
        for wrong in ["", "20", "s", "-1s", "1e999s", "1 week", "é", "nans"] {
            check(wrong, None);
        }
    }
}
