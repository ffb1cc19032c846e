//! Values as the server would keep them, so that a plan converges; and those that it would refuse.

use super::{Hints, Lowering};
use crate::entry::{RetentionEntry, Typed};
use chrono_tz::{TZ_VARIANTS, Tz};
use gangplank_model::code;
use gangplank_model::suggest::did_you_mean;
use gangplank_model::{Diagnostic, Retention, Sourced};

const ZONE: &str = "write the region and the city, such as America/New_York; an offset says nothing of summer time";

impl Lowering<'_> {
    /// The vendor keeps 744 hours where more are asked for (cyclr-api.md 2.1).
    pub(super) fn retention(
        &mut self,
        given: Option<&Sourced<Typed<RetentionEntry>>>,
    ) -> Option<Sourced<Retention>> {
        let given = self.typed(given)?;
        let longest = RetentionEntry::LONGEST;
        if given.value.0.is_some_and(|hours| hours > longest) {
            self.problems.push(
                Diagnostic::warning(
                    code::RETENTION_CLAMPED,
                    "a retention beyond the vendor's limit",
                )
                .at(&given.origin, format!("the instance keeps {longest}"))
                .detail(format!("{longest} hours are planned."))
                .hint(format!("write {longest}")),
            );
        }
        Some(Sourced::new(given.value.value(), given.origin))
    }

    pub(super) fn timezone(&mut self, given: Sourced<String>) -> Option<Sourced<String>> {
        if given.value.parse::<Tz>().is_ok() {
            return Some(given);
        }
        let problem = Diagnostic::error(code::UNKNOWN_TIMEZONE, "not the name of a time zone").at(
            &given.origin,
            "expected an IANA name, such as Europe/London",
        );
        let names = TZ_VARIANTS.iter().map(|zone| zone.name());
        // `GMT+1` is near to `GMT+0`, and something else is meant.
        let offset =
            given.value.contains(['+', '-']) && given.value.contains(|c: char| c.is_ascii_digit());
        let sought = self.hints == Hints::Sought && !offset && !self.problems.is_full();
        let meant = sought.then(|| did_you_mean(&given.value, names)).flatten();
        let hint = meant.unwrap_or_else(|| ZONE.to_owned());
        self.problems.push(problem.hint(hint));
        None
    }

    /// The vendor puts `https://` before a URL without a scheme (cyclr-api.md 2.1).
    pub(super) fn webhook(&mut self, given: Sourced<String>) -> Option<Sourced<String>> {
        let blank = given.value.is_empty() || given.value.chars().any(char::is_whitespace);
        if blank || given.value.chars().any(char::is_control) {
            let problem = Diagnostic::error(code::BAD_URL, "not a URL")
                .at(&given.origin, "expected https://host/path")
                .hint("a URL has no blanks; one that belongs into it is written %20");
            self.problems.push(problem);
            return None;
        }
        if given.value.contains("://") {
            let scheme = given.value.get(..7);
            if scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://")) {
                self.problems.push(
                    Diagnostic::warning(code::INSECURE_URL, "a webhook without encryption")
                        .at(&given.origin, "errors may carry your customers' data")
                        .hint("write https:// where the other side can"),
                );
            }
            return Some(given);
        }
        self.problems.push(
            Diagnostic::warning(code::URL_SCHEME, "a URL without a scheme")
                .at(&given.origin, "the instance puts https:// before it")
                .hint("write it with `https://`"),
        );
        Some(given.map(|url| format!("https://{url}")))
    }

    /// A point in time as the vendor takes it (cyclr-api.md 1.7).
    pub(super) fn time(&mut self, given: Sourced<String>) -> Option<Sourced<String>> {
        if is_time(&given.value) {
            return Some(given);
        }
        self.problems
            .push(Diagnostic::error(code::BAD_TIME, "not a point in time").at(
                &given.origin,
                "expected ISO 8601 in UTC, such as 2026-01-31T06:00:00Z",
            )
            .hint("write year-month-day, and the time in UTC with a Z at its end; an offset is converted by hand"));
        None
    }
}

/// `2026-01-31`, `2026-01-31T06:00:00`, with or without `Z`.
fn is_time(text: &str) -> bool {
    let local = text.strip_suffix('Z').unwrap_or(text);
    let dated = local.len() >= 10 && local.is_char_boundary(10);
    let date = dated && local[..10].parse::<jiff::civil::Date>().is_ok();
    match local.get(10..) {
        Some("") => date && local == text,
        Some(time) => {
            let time = time.strip_prefix('T').unwrap_or("");
            let plain = time.chars().all(|c| c.is_ascii_digit() || ":.".contains(c));
            date && plain && time.len() >= 5 && time.parse::<jiff::civil::Time>().is_ok()
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_iso_8601_in_utc() {
        for (text, good) in [
            ("2026-01-31", true),
            ("2026-01-31T06:00:00Z", true),
            ("2026-01-31T06:00", true),
            ("2026-01-31T06:00:00.123Z", true),
            ("2026-02-30", false),
            ("2026-01-31Z", false),
            ("2026-01-31T25:00:00Z", false),
            ("2026-01-31T06:00:00+02:00", false),
            ("31/01/2026", false),
            ("soon", false),
            ("", false),
            ("ääääääää", false),
        ] {
            assert_eq!(is_time(text), good, "{text}");
        }
    }
}
