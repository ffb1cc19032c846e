//! `Crew`: how many of the lanes that were begun do not need a place.

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

/// A call that takes longer holds up its own lane alone: another one may begin.
const PATIENCE: Duration = Duration::from_secs(1);
/// Room may come about without anybody telling, such as by the end of a pause.
const TICK: Duration = Duration::from_millis(500);

/// Counts lanes that wait, and tells of changes.
#[derive(Debug, Default)]
pub(super) struct Crew {
    resting: AtomicUsize,
    /// Calls that ended since somebody asked.
    ended: AtomicUsize,
    changed: Notify,
}

/// A lane's rest, until it is dropped.
#[derive(Debug)]
pub(super) struct Rest<'a>(&'a Crew);

impl Crew {
    /// A lane waits.
    pub(super) fn rest(&self) -> Rest<'_> {
        self.resting.fetch_add(1, Ordering::Relaxed);
        self.changed.notify_one();
        Rest(self)
    }

    /// Has a lane make a call. Who waits for long, for an answer or for leave to ask, leaves its place
    /// among the lanes to another.
    pub(super) async fn at_work<T>(&self, call: impl Future<Output = T>) -> T {
        let rest = async {
            tokio::time::sleep(PATIENCE).await;
            let _rest = self.rest();
            std::future::pending::<Infallible>().await
        };
        let end = tokio::select! {
            biased;
            end = call => end,
            never = rest => match never {},
        };
        self.ended.fetch_add(1, Ordering::Relaxed);
        self.changed.notify_one();
        end
    }

    /// How many calls ended since this was asked last.
    pub(super) fn take_ended(&self) -> usize {
        self.ended.swap(0, Ordering::Relaxed)
    }

    /// How many lanes wait.
    pub(super) fn resting(&self) -> usize {
        self.resting.load(Ordering::Relaxed)
    }

    /// Ends when there may be room for another lane.
    pub(super) async fn changed(&self) {
        tokio::select! {
            biased;
            () = self.changed.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        self.0.resting.fetch_sub(1, Ordering::Relaxed);
    }
}
