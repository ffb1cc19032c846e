//! Where an earlier apply of a roll-out was when it ended.

use gangplank_model::AccountId;
use std::time::Duration;

/// Where a roll-out goes on. By default it begins with its first wave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// How many of the first waves were passed.
    pub passed: usize,
    /// How long ago the wave after those was worked off and found in order, if it was.
    pub soaked: Option<Duration>,
    /// The cycles that were started in that wave.
    pub watched: Vec<Watched>,
}

/// A cycle that was started in a wave, and has to run when the wave is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// Its account.
    pub account: AccountId,
    /// The template's address.
    pub address: String,
    /// Its id.
    pub cycle: String,
    /// Whether it was to run once, so that it need not run any more.
    pub once: bool,
}
