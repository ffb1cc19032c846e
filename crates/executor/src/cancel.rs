//! Stopping: no new call starts, what is in flight gets a few seconds to end well.

use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// How long calls in flight and read-backs may take once a stop was asked for.
pub const GRACE: Duration = Duration::from_secs(7);

/// Why a stop was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A signal.
    Signal,
    /// The time of the whole run was over.
    Deadline,
    /// The lease was lost, so that another apply may have begun.
    Lease,
}

/// A stop, from the moment at which it was asked for.
#[derive(Clone, Copy, Debug)]
struct Stop {
    at: Instant,
    cause: Cause,
}

/// Asks for the stop; kept by whoever listens for signals.
#[derive(Debug)]
pub struct Canceller(watch::Sender<Option<Stop>>);

/// Tells whether a stop was asked for.
#[derive(Clone, Debug)]
pub struct Cancel(watch::Receiver<Option<Stop>>);

impl Canceller {
    /// Makes both ends.
    pub fn new() -> (Self, Cancel) {
        let (sender, receiver) = watch::channel(None);
        (Self(sender), Cancel(receiver))
    }

    /// Asks for the stop, as a signal does. Asking twice changes nothing.
    pub fn cancel(&self) {
        self.stop(Cause::Signal);
    }

    /// Asks for the stop. The first one counts: all lanes have the same few seconds from then on.
    pub fn stop(&self, cause: Cause) {
        self.0.send_if_modified(|stop| {
            let is_first = stop.is_none();
            let at = Instant::now();
            stop.get_or_insert(Stop { at, cause });
            is_first
        });
    }
}

impl Cancel {
    /// One that never happens.
    pub fn never() -> Self {
        Canceller::new().1
    }

    /// Whether a stop was asked for.
    pub fn is_cancelled(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Why a stop was asked for, if it was.
    pub fn cause(&self) -> Option<Cause> {
        self.0.borrow().map(|stop| stop.cause)
    }

    /// When a stop was asked for, if it was.
    pub(crate) fn since(&self) -> Option<Instant> {
        self.0.borrow().map(|stop| stop.at)
    }

    /// Ends when a stop is asked for; never, when nobody is left to ask.
    pub async fn cancelled(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(Option::is_some).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_stop_is_heard_by_all_and_stays() {
        let (canceller, cancel) = Canceller::new();
        let early = cancel.clone();
        assert!(!cancel.is_cancelled());
        canceller.cancel();
        early.cancelled().await;
        let since = cancel.since();
        tokio::time::advance(GRACE).await;
        canceller.stop(Cause::Deadline);
        assert_eq!(
            (cancel.cause(), cancel.since()),
            (Some(Cause::Signal), since)
        );
        drop(canceller);
        cancel.cancelled().await;
        assert!(cancel.is_cancelled());
        let never = Cancel::never();
        let waited = tokio::time::timeout(GRACE, never.cancelled()).await;
        assert!(waited.is_err());
    }
}
