//! Stopping: no new call starts, what is in flight gets a few seconds to end well.

use std::time::Duration;
use tokio::sync::watch;

/// How long calls in flight and read-backs may take once a stop was asked for.
pub const GRACE: Duration = Duration::from_secs(7);

/// Asks for the stop; kept by whoever listens for signals.
#[derive(Debug)]
pub struct Canceller(watch::Sender<bool>);

/// Tells whether a stop was asked for.
#[derive(Clone, Debug)]
pub struct Cancel(watch::Receiver<bool>);

impl Canceller {
    /// Makes both ends.
    pub fn new() -> (Self, Cancel) {
        let (sender, receiver) = watch::channel(false);
        (Self(sender), Cancel(receiver))
    }

    /// Asks for the stop. Asking twice changes nothing.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }
}

impl Cancel {
    /// One that never happens.
    pub fn never() -> Self {
        Canceller::new().1
    }

    /// Whether a stop was asked for.
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends when a stop is asked for; never, when nobody is left to ask.
    pub async fn cancelled(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|cancelled| *cancelled).await.is_err() {
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
        drop(canceller);
        cancel.cancelled().await;
        assert!(cancel.is_cancelled());
        let never = Cancel::never();
        let waited = tokio::time::timeout(GRACE, never.cancelled()).await;
        assert!(waited.is_err());
    }
}
