//! `End`: what a call's end tells of the instance.

use crate::error::{Error, ErrorKind};
use std::time::Duration;

/// What a call's end tells of the instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It was answered, be it with a refusal: the instance can bear what it gets.
    Answered,
    /// There were too many calls in a time.
    Throttled {
        /// How long it asked to wait, if it did.
        asked: Option<Duration>,
    },
    /// It was lost, or turned away, as happens where there are too many calls at once.
    Lost {
        /// How long it asked to wait, if it did.
        asked: Option<Duration>,
    },
    /// It failed in a way that says nothing of how many calls there are.
    Failed,
}

impl End {
    pub(crate) fn of<T>(end: &Result<T, Error>) -> Self {
        let Err(error) = end else {
            return Self::Answered;
        };
        let asked = error.retry_after().filter(|asked| !asked.is_zero());
        match (&error.kind, error.status()) {
            (ErrorKind::Connect(_) | ErrorKind::Transport(_) | ErrorKind::TimedOut, _) => {
                Self::Lost { asked }
            }
            (ErrorKind::Status, Some(429)) => Self::Throttled { asked },
            (ErrorKind::Status, Some(503)) if asked.is_some() => Self::Throttled { asked },
            (ErrorKind::Status, Some(408 | 502..=504)) => Self::Lost { asked },
            (ErrorKind::Status, Some(400..=499)) => Self::Answered,
            _ => Self::Failed,
        }
    }

    pub(crate) fn asked(self) -> Option<Duration> {
        match self {
            Self::Throttled { asked } | Self::Lost { asked } => asked,
            Self::Answered | Self::Failed => None,
        }
    }
}
