//! When the process dies: at which write, and at which point of it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tokio::sync::Notify;

/// The ten points at which a write can be cut off (`reliability.md` 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// Before the intent is appended.
    BeforeIntent,
    /// Appended, and not durable.
    IntentAppended,
    /// Durable, and nothing sent.
    IntentDurable,
    /// Half of the request is sent: it will never be done.
    HalfSent,
    /// Sent, and done only after the process is dead.
    SentNotDone,
    /// Done, and nothing answered.
    DoneNotAnswered,
    /// Half of the answer has come.
    HalfAnswered,
    /// The answer is read, and no receipt written.
    Answered,
    /// The receipt is appended, and not durable.
    ReceiptAppended,
    /// The receipt is durable, and the next operation not begun.
    ReceiptDurable,
}

impl Point {
    /// All of them, in the order of a write's life.
    pub const ALL: [Self; 10] = [
        Self::BeforeIntent,
        Self::IntentAppended,
        Self::IntentDurable,
        Self::HalfSent,
        Self::SentNotDone,
        Self::DoneNotAnswered,
        Self::HalfAnswered,
        Self::Answered,
        Self::ReceiptAppended,
        Self::ReceiptDurable,
    ];
}

/// Whether the process still lives, and when it will die.
#[derive(Debug, Default)]
pub(crate) struct Fate {
    /// The write, from 0, and the point of it.
    dies_at: Option<(u64, Point)>,
    /// Writes that were begun so far.
    begun: AtomicU64,
    dead: AtomicBool,
    died: Notify,
}

impl Fate {
    pub(crate) fn new(dies_at: Option<(u64, Point)>) -> Self {
        Self {
            dies_at,
            ..Self::default()
        }
    }

    /// A write begins; gives its number.
    pub(crate) fn begin(&self) -> u64 {
        self.begun.fetch_add(1, Ordering::Relaxed)
    }

    /// Writes that were begun so far.
    pub(crate) fn begun(&self) -> u64 {
        self.begun.load(Ordering::Relaxed)
    }

    /// Dies, if this is the point of this write. Whoever is told `true` does nothing more.
    pub(crate) fn strikes(&self, write: u64, point: Point) -> bool {
        if self.dies_at == Some((write, point)) {
            self.dead.store(true, Ordering::Relaxed);
            self.died.notify_one();
        }
        self.is_dead()
    }

    pub(crate) fn is_dead(&self) -> bool {
        self.dead.load(Ordering::Relaxed)
    }

    /// Ends when the process dies.
    pub(crate) async fn death(&self) {
        self.died.notified().await;
    }
}
