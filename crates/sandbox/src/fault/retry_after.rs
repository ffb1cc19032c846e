//! `Retry-After` in each of the forms that a server, or a broken one, might write.

use std::time::Duration;

use axum::http::HeaderValue;
use jiff::{SignedDuration, Timestamp};

use super::span::Span;
use crate::date;

/// The header's value for a text of a rule: `seconds` and `date` tell how long there is to wait,
/// `date+30s` and `date-30s` are dates from now, `none` leaves it out; all else is written as it is.
pub(crate) fn retry_after(text: &str, wait: Duration, now: Timestamp) -> Option<HeaderValue> {
    let date = |seconds: i64| {
        let by = SignedDuration::from_secs(seconds);
        let then = now.checked_add(by).unwrap_or(Timestamp::MAX);
        date::rfc1123(then)
    };
    let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let signed = i64::try_from(whole).unwrap_or(i64::MAX);
    let text = match text {
        "none" => return None,
        "seconds" => whole.to_string(),
        "date" => date(signed),
        other => {
            let moved = other.strip_prefix("date").and_then(|rest| {
                let span: Span = rest.get(1..)?.parse().ok()?;
                let seconds = i64::try_from(span.0.as_secs()).ok()?;
                match rest.get(..1)? {
                    "+" => Some(seconds),
                    "-" => seconds.checked_neg(),
                    _ => None,
                }
            });
            moved.map_or_else(|| other.to_owned(), date)
        }
    };
    HeaderValue::try_from(text).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::retry_after;

    #[test]
    fn every_form_can_be_written() {
        let now = jiff::Timestamp::from_second(1_767_225_600).unwrap();
        let check = |text: &str, expected: Option<&str>| {
            let value = retry_after(text, Duration::from_millis(1_200), now);
            let value = value.as_ref().map(|value| value.to_str().unwrap());
            assert_eq!(value, expected, "{text}");
        };
        check("seconds", Some("2"));
        check("date", Some("Thu, 01 Jan 2026 00:00:02 GMT"));
        check("date+1m", Some("Thu, 01 Jan 2026 00:01:00 GMT"));
        check("date-30s", Some("Wed, 31 Dec 2025 23:59:30 GMT"));
        check("none", None);
        for as_it_is in ["0", "-1", "1000000000", "soon", "date+", "dateé"] {
            if as_it_is.is_ascii() {
                check(as_it_is, Some(as_it_is));
            } else {
                assert!(retry_after(as_it_is, Duration::ZERO, now).is_some());
            }
        }
    }
}
