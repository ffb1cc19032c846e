//! The time that a whole run may take.

use crate::exit::Exit;
use crate::printer;
use gangplank_report::spelled;
use std::time::Duration;
use tokio::time::Instant;

/// When a run has to stop, counted from its begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    time: Option<Duration>,
    at: Option<Instant>,
}

impl Deadline {
    /// The run begins now.
    pub(super) fn new(time: Option<Duration>) -> Self {
        Self {
            time,
            at: time.and_then(|time| Instant::now().checked_add(time)),
        }
    }

    /// Ends when the time is over; never, when there is no bound.
    pub(super) async fn over(self) {
        match self.at {
            Some(at) => tokio::time::sleep_until(at).await,
            None => std::future::pending().await,
        }
    }

    /// Does what may be broken off anywhere, as long as there is time. Nothing is sent that writes.
    pub(super) async fn bound<T>(
        self,
        work: impl Future<Output = Result<T, Exit>>,
    ) -> Result<T, Exit> {
        tokio::select! {
            biased;
            ended = work => ended,
            () = self.over() => {
                printer::message(&format!(
                    "\nThe deadline of {} is over; no call that writes was under way.\n",
                    self.spelled()
                ));
                Err(Exit::Partial)
            }
        }
    }

    /// Whether the time is over.
    pub(super) fn is_over(self) -> bool {
        self.at.is_some_and(|at| Instant::now() >= at)
    }

    /// The time in words.
    pub(super) fn spelled(self) -> String {
        spelled(self.time.unwrap_or_default())
    }
}
