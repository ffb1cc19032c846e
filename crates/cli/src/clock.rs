//! The wall clock: for names and records only, never for deadlines.

use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// The present moment, `2026-11-24T10:17:03Z`.
pub(crate) fn now() -> String {
    format!("{:.0}", Timestamp::now())
}

/// The present moment and one after it, written alike.
pub(crate) fn from_now(span: Duration) -> (String, String) {
    let now = Timestamp::now();
    let seconds = i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
    let later = now.checked_add(SignedDuration::from_secs(seconds));
    let later = later.unwrap_or(Timestamp::MAX);
    (format!("{now:.0}"), format!("{later:.0}"))
}

/// Whether a moment is over; one that cannot be read is.
pub(crate) fn is_over(moment: &str) -> bool {
    let moment: Result<Timestamp, _> = moment.parse();
    moment.map_or(true, |moment| Timestamp::now() >= moment)
}
