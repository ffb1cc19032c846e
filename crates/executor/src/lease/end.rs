//! How the work on a lease ends, and what it waits for before.

use super::claim::Claim;
use std::fmt;
use std::time::Duration;

/// Whom a lease is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The claim that stands; none when what stands there cannot be read.
    pub claim: Option<Claim>,
    /// After how long it is free at the latest, if nothing is heard of that run any more.
    pub free_in: Duration,
}

/// How the work on a lease ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// It was given back, or there was nothing to give back.
    Released,
    /// It could not be given back: others wait until its term is over. Why.
    NotReleased(String),
    /// It was held, and is not held any more: why. No further write may be sent.
    Lost(String),
    /// It cannot be had.
    Refused(Refusal),
}

/// Why a lease cannot be had, however long one waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The credentials do not suffice: what was answered.
    Auth(String),
    /// The instance could not be reached for a minute, or does not take the record: what was answered.
    Failed(String),
    /// There is an account with the reserved id that is no lease.
    Customer,
    /// What is written into the account is not read back.
    NotReadBack,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auth(why) | Self::Failed(why) => f.write_str(why),
            Self::Customer => f.write_str("an account of that id is there, and is no lease"),
            Self::NotReadBack => f.write_str(
                "what is written into an account's AuditInfo is not read back from this instance, or \
                 only much later",
            ),
        }
    }
}
