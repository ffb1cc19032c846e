//! Exit codes, each with its meaning. They are a contract: scripts branch on them.

use std::process::ExitCode;

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done, or planned. Waiting for a customer is no failure.
    Done,
    /// Failed in a way that has no code of its own.
    Failed,
    /// With `--detailed-exitcode`: there are differences.
    Differs,
    /// Some accounts failed, were stale or are blocked; the rest is done.
    Partial,
    /// Refused by a safety rule.
    Refused,
    /// Invalid manifest or arguments.
    Invalid,
    /// Authentication or permission.
    Auth,
    /// An unknown outcome is left that needs a person.
    Unknown,
    /// Stopped by SIGHUP after a clean stop.
    HungUp,
    /// Stopped by SIGINT after a clean stop.
    Interrupted,
    /// Stopped by SIGTERM after a clean stop.
    Terminated,
}

impl Exit {
    /// The number that the process ends with.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Differs => 2,
            Self::Partial => 3,
            Self::Refused => 4,
            Self::Invalid => 5,
            Self::Auth => 6,
            Self::Unknown => 7,
            Self::HungUp => 129,
            Self::Interrupted => 130,
            Self::Terminated => 143,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
