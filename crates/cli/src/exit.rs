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
    /// Stopped by SIGINT after a clean stop.
    Interrupted,
    /// Stopped by SIGTERM after a clean stop.
    Terminated,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Differs => 2,
            Exit::Partial => 3,
            Exit::Refused => 4,
            Exit::Invalid => 5,
            Exit::Auth => 6,
            Exit::Unknown => 7,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        })
    }
}
