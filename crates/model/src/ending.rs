//! How an apply ended for an account, a wave and as a whole, beside what the receipts say.

use crate::address::AccountId;
use std::time::Duration;

/// How an account's share of an apply ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountEnd {
    /// Every call ended well, or waits for a person.
    Good,
    /// A call was refused, or the account is not what the plan was made for.
    Failed,
    /// Whether a call was done could not be found out.
    Unknown,
    /// Its time was over.
    TimedOut,
    /// It was under way when a stop was asked for.
    Stopped,
    /// It was not begun.
    NotBegun,
}

impl AccountEnd {
    /// The stable word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::TimedOut => "timed_out",
            Self::Stopped => "stopped",
            Self::NotBegun => "not_begun",
        }
    }

    /// Whether the account itself went wrong, as opposed to being stopped or left alone.
    pub fn is_failure(self) -> bool {
        match self {
            Self::Failed | Self::Unknown | Self::TimedOut => true,
            Self::Good | Self::Stopped | Self::NotBegun => false,
        }
    }
}

/// Why no further account was begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Halt {
    /// A signal asked for a stop.
    Signal,
    /// The time of the whole run was over.
    Deadline,
    /// The lease was lost, so that another apply may have begun.
    Lease,
    /// So many accounts failed.
    Failures(usize),
    /// A wave, from 0, was not passed.
    Held(usize),
}

impl Halt {
    /// The stable word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Signal => "signal",
            Self::Deadline => "deadline",
            Self::Lease => "lease",
            Self::Failures(_) => "failures",
            Self::Held(_) => "held",
        }
    }

    /// Why an account was not begun.
    pub fn left_out(&self) -> String {
        match self {
            Self::Signal => "not begun: a stop was asked for".to_owned(),
            Self::Deadline => "not begun: the deadline was over".to_owned(),
            Self::Lease => "not begun: the lease was lost".to_owned(),
            Self::Failures(1) => "not begun: an account had failed".to_owned(),
            Self::Failures(failed) => format!("not begun: {failed} accounts had failed"),
            Self::Held(wave) => format!("not begun: wave {} was not passed", wave + 1),
        }
    }
}

/// How a wave ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaveEnd {
    /// None of its accounts differs.
    Nothing,
    /// It was not begun.
    NotBegun,
    /// It was stopped before all of its accounts were worked on.
    BrokenOff,
    /// All of its accounts were worked on, and what was then looked at forbids the next wave: why.
    Held(Vec<String>),
    /// A stop came while nothing was to be done after it; so much was left of that time.
    Soaking(Duration),
    /// It was looked at, and the next wave may begin.
    Passed,
    /// It was the last one, after which there is nothing to hold back.
    Last,
}

impl WaveEnd {
    /// The stable word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::NotBegun => "not_begun",
            Self::BrokenOff => "broken_off",
            Self::Held(_) => "held",
            Self::Soaking(_) => "soaking",
            Self::Passed => "passed",
            Self::Last => "last",
        }
    }
}

/// One wave and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaveReport {
    /// How many of its accounts differ.
    pub accounts: usize,
    /// How it ended.
    pub end: WaveEnd,
}

/// What is told of a wave while it is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WaveNews {
    /// It begins, with so many accounts.
    Begun(usize),
    /// Its cycles are looked at, so many.
    Looking(usize),
    /// Nothing is written for so long.
    Soaking(Duration),
    /// The next one may begin.
    Passed,
    /// The next one may not begin: why.
    Held(Vec<String>),
}

/// One account of a plan and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountReport {
    /// The account.
    pub account: AccountId,
    /// How it ended.
    pub end: AccountEnd,
    /// Why, where no receipt says so.
    pub why: Option<String>,
}
