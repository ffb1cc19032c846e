//! How an apply ended, and each of its lanes.

use gangplank_model::{AccountEnd, AccountId, Halt, Outcome, Receipt, WaveReport};

/// How one lane ended.
#[derive(Clone, Debug)]
pub struct LaneReport {
    /// The account.
    pub account: AccountId,
    /// How it ended.
    pub end: AccountEnd,
    /// Whether every operation ended well.
    pub good: bool,
    /// Why the lane was not begun, or broke off, when no receipt says so.
    pub why: Option<String>,
    /// One receipt an operation, in the plan's order.
    pub receipts: Vec<Receipt>,
}

/// How an apply ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// One for each lane of the plan, in its order.
    pub lanes: Vec<LaneReport>,
    /// Whether a stop was asked for before everything was done.
    pub cancelled: bool,
    /// Why accounts were not begun, if any were not.
    pub halt: Option<Halt>,
    /// One for each wave of the plan.
    pub waves: Vec<WaveReport>,
    /// Why the journal could not be written, if so.
    pub journal_failure: Option<String>,
}

impl Report {
    /// Goes through all receipts, lane by lane.
    pub fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.lanes.iter().flat_map(|lane| &lane.receipts)
    }

    /// Whether every lane ended well.
    pub fn is_good(&self) -> bool {
        self.lanes.iter().all(|lane| lane.good)
    }

    /// Whether an outcome is left that could not be found out.
    pub fn has_unknown(&self) -> bool {
        self.receipts()
            .any(|receipt| matches!(receipt.outcome, Outcome::Unknown(_)))
    }

    /// Whether such an outcome was left by an account that nobody had stopped: applying again may
    /// not find it out either.
    pub fn needs_a_person(&self) -> bool {
        let mut ends = self.lanes.iter().map(|lane| lane.end);
        ends.any(|end| end == AccountEnd::Unknown)
    }
}
