//! What is told of a lease.

use crate::exit::Exit;
use crate::printer::{self, Printer};
use gangplank_executor::lease::{Refusal, Waiting};
use gangplank_model::lease::LEASE_ACCOUNT;
use gangplank_report::escape;
use std::time::Duration;

/// What helps when a lease was lost.
const AGAIN: &str = "apply again when the other run has ended: its plan says what is left to do";

/// Names the run that is waited for. What stands in the instance is foreign text.
fn whom(waiting: &Waiting) -> String {
    match &waiting.claim {
        Some(claim) => format!(
            "run {} ({}, since {})",
            escape::line(&claim.run),
            escape::line(&claim.holder),
            escape::line(&claim.since)
        ),
        None => "a run that cannot be named: its record cannot be read".to_owned(),
    }
}

pub(super) fn waiting(waiting: &Waiting, again: bool) {
    let begin = if again { "Still waiting" } else { "Waiting" };
    printer::message(&format!(
        "{begin} for the lease of {};\nif nothing is heard of it, it is free in {}.\n",
        whom(waiting),
        words(waiting.free_in)
    ));
}

pub(super) fn too_long(waiting: Option<&Waiting>, wait: Duration, printer: Printer) -> Exit {
    let Some(waiting) = waiting else {
        let wait = words(wait);
        printer.error(&format!(
            "the lease was not had within {wait}, so nothing was planned or sent"
        ));
        printer::hint(
            "is the instance slow or throttling? -v shows its answers; wait longer with --lock-wait",
        );
        return Exit::Refused;
    };
    printer.error(&format!(
        "the lease is still held by {}, so nothing was planned or sent",
        whom(waiting)
    ));
    printer::hint(
        "wait for that run to end, or wait longer with --lock-wait; nothing has to be unlocked: a dead run \
         loses the lease by itself",
    );
    Exit::Refused
}

pub(super) fn refused(refusal: &Refusal, printer: Printer) -> Exit {
    printer.error(&format!(
        "the lease cannot be had, so nothing was planned or sent: {refusal}"
    ));
    let without = "leave --lock out; what two applies at once may do to each other without it stands in \
                   docs/two-applies.md";
    match refusal {
        Refusal::Auth(_) => {
            printer::hint(&format!(
                "the credentials must be allowed to create and change account {LEASE_ACCOUNT}; check \
                 client_id, client_secret and the region"
            ));
            Exit::Auth
        }
        Refusal::Failed(_) => {
            printer::hint("apply again; -v shows what the instance answers");
            Exit::Failed
        }
        Refusal::Customer => {
            printer::hint(&format!(
                "account {LEASE_ACCOUNT} was left as it is: give it another API ID in the console, or \
                 leave --lock out"
            ));
            Exit::Refused
        }
        Refusal::NotReadBack => {
            printer::hint(without);
            Exit::Refused
        }
    }
}

/// The lease was lost while calls were under way.
pub(super) fn lost(why: &str, printer: Printer) {
    printer.error(&format!(
        "the lease is lost: {why}; calls under way are finished, no new one is made"
    ));
    printer::hint(AGAIN);
}

/// The lease was lost before the first call that would have changed something.
pub(super) fn lost_before(why: &str, printer: Printer) -> Exit {
    printer.error(&format!("the lease is lost, so nothing was sent: {why}"));
    printer::hint(AGAIN);
    Exit::Partial
}

pub(super) fn left_behind(why: &str, term: Duration) {
    printer::message(&format!(
        "warning: the lease could not be given back, so the next run waits up to {}: {}\n",
        words(term),
        escape::line(why)
    ));
}

/// A time in words: `45 s`, `2 min`, `1 min 30 s`.
fn words(time: Duration) -> String {
    let seconds = time.as_millis().div_ceil(1000);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_words() {
        for (milliseconds, expected) in [
            (0, "0 s"),
            (1, "1 s"),
            (59_000, "59 s"),
            (120_000, "2 min"),
            (89_500, "1 min 30 s"),
        ] {
            assert_eq!(words(Duration::from_millis(milliseconds)), expected);
        }
    }
}
