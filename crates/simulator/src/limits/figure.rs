//! `Figure`: what a case is to reach, and what it reached.

use std::fmt;

/// What a case is to reach, and what it reached.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The case.
    pub case: String,
    /// What it is to reach.
    pub goal: String,
    /// What it reached.
    pub reached: String,
    /// Whether that is enough.
    pub holds: bool,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = if self.holds { "ok" } else { "MISSED" };
        write!(
            f,
            "| {} | {} | {} | {word} |",
            self.case, self.goal, self.reached
        )
    }
}

/// A share as a percentage.
pub(super) fn percent(part: f64, whole: f64) -> f64 {
    100.0 * part / whole.max(f64::MIN_POSITIVE)
}

/// A count as a number to reckon with.
pub(super) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
