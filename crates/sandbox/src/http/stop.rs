//! `Stop`: the word that a server is to end.

use tokio::sync::watch;

/// Waits for the word that a server is to end.
#[derive(Debug, Clone)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    pub(super) fn new(receiver: watch::Receiver<bool>) -> Self {
        Self(receiver)
    }

    /// Returns when the server is to end, or its handle is gone.
    pub(super) async fn wait(mut self) {
        drop(self.0.wait_for(|stopped| *stopped).await);
    }
}
