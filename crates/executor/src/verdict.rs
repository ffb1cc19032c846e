//! What an apply comes to, in one word: the exit code follows from it.

use crate::run::Report;
use gangplank_model::Outcome;

/// How an apply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Everything that was planned is done, or waits for a person.
    Done,
    /// Some of it is done, or the plan was stale for an account: the next one fits.
    Partial,
    /// Nothing is done.
    Failed,
    /// Of some of it nobody knows whether it was done.
    Unknown,
}

impl Report {
    /// The verdict that the receipts deserve.
    pub fn verdict(&self) -> Verdict {
        if self.has_unknown() {
            return Verdict::Unknown;
        }
        if self.is_good() && self.journal_failure.is_none() {
            return Verdict::Done;
        }
        let stands =
            |outcome: &Outcome| outcome.is_good() || matches!(outcome, Outcome::Diverged(_));
        if self.receipts().any(|receipt| stands(&receipt.outcome)) {
            Verdict::Partial
        } else {
            Verdict::Failed
        }
    }
}
