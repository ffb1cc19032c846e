//! How long one lane may go on: until somebody asks for a stop, or its own time is over.

use crate::cancel::{Cancel, GRACE};
use tokio::time::Instant;

/// The bounds of one lane.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    cancel: Cancel,
    /// When the lane's own time is over.
    until: Option<Instant>,
}

impl Bounds {
    pub(super) fn new(cancel: Cancel, until: Option<Instant>) -> Self {
        Self { cancel, until }
    }

    /// Whether nothing more may be begun.
    pub(super) fn is_over(&self) -> bool {
        self.cancel.is_cancelled() || self.is_timed_out()
    }

    /// Whether the lane's own time is over.
    pub(super) fn is_timed_out(&self) -> bool {
        self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Ends when nothing more may be begun.
    pub(super) async fn over(&self) {
        let own = async {
            match self.until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => {}
            () = own => {}
        }
    }

    /// When what is in flight is given up on, once nothing more may be begun.
    pub(super) fn end_of_grace(&self) -> Option<Instant> {
        let own = self.until.filter(|_| self.is_timed_out());
        let first = own.into_iter().chain(self.cancel.since()).min();
        first.map(|first| first + GRACE)
    }
}
