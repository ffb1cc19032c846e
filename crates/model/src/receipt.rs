//! Receipts and events: what happened, and how it is told.

use crate::address::{AccountId, Address};
use crate::ending::WaveNews;
use std::time::Duration;

/// How one operation ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The instance said yes.
    Done,
    /// The answer was lost; reading back showed that it was done.
    Confirmed,
    /// The instance said no, or it cannot be done: why, and what to do next.
    Refused(String),
    /// The instance holds something else than was planned: what, and what to do next.
    Diverged(String),
    /// Whether it was done could not be found out; needs a person.
    Unknown(String),
    /// The instance said no, as long as a person has not done what only a person can: what.
    Waiting(String),
    /// Not tried, since something before it did not end well.
    Skipped,
}

impl Outcome {
    /// The stable word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Confirmed => "confirmed",
            Self::Refused(_) => "refused",
            Self::Diverged(_) => "diverged",
            Self::Unknown(_) => "unknown",
            Self::Waiting(_) => "waiting",
            Self::Skipped => "skipped",
        }
    }

    /// Whether the instance now holds what the operation asked for.
    pub fn is_good(&self) -> bool {
        match self {
            Self::Done | Self::Confirmed => true,
            Self::Refused(_)
            | Self::Diverged(_)
            | Self::Unknown(_)
            | Self::Waiting(_)
            | Self::Skipped => false,
        }
    }

    /// Whether something is wrong. To wait for a person is no failure.
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Done | Self::Confirmed | Self::Waiting(_) => false,
            Self::Refused(_) | Self::Diverged(_) | Self::Unknown(_) | Self::Skipped => true,
        }
    }

    /// The explanation of a bad end.
    pub fn explanation(&self) -> Option<&str> {
        match self {
            Self::Refused(why) | Self::Diverged(why) | Self::Unknown(why) | Self::Waiting(why) => {
                Some(why)
            }
            Self::Done | Self::Confirmed | Self::Skipped => None,
        }
    }
}

/// The record of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The object.
    pub address: Address,
    /// The operation's place in its lane, from 0.
    pub index: usize,
    /// What was done, in a few words.
    pub verb: String,
    /// Method and route pattern.
    pub route: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// The id that the instance gave or has for the object.
    pub id: Option<String>,
    /// How many times it was sent.
    pub attempts: u32,
    /// From the first attempt to the outcome.
    pub elapsed: Duration,
}

/// What an apply tells while it works.
#[derive(Clone, Debug)]
pub enum Event {
    /// The apply begins.
    Started {
        /// Lanes that have operations.
        lanes: usize,
        /// Operations in all.
        operations: usize,
    },
    /// An operation ended.
    Finished(Receipt),
    /// A call is to be sent again, or a read-back is waited for.
    Waiting {
        /// The object.
        address: Address,
        /// How long.
        delay: Duration,
        /// Why, in a few words.
        why: String,
    },
    /// An account is through.
    LaneEnded {
        /// The account.
        account: AccountId,
        /// Whether every operation ended well.
        good: bool,
    },
    /// A wave is under way.
    Wave {
        /// Which, from 0.
        wave: usize,
        /// What happens.
        news: WaveNews,
    },
}
