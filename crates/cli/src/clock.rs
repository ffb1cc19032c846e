//! The wall clock: for names and records only, never for deadlines.

use jiff::Timestamp;

/// The present moment, `2026-11-24T10:17:03Z`.
pub(crate) fn now() -> String {
    format!("{:.0}", Timestamp::now())
}
