//! `Line`: who waits, and who goes first.

use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Notify;

/// How urgent a call is; the first is the most urgent. Among equals, who came first goes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Whether a call was done, whose answer was lost: somebody waits for that, and the sooner it is
    /// known the less there is to be confused with.
    ReadBack,
    /// It starts again what was stopped: a customer's work stands still until then.
    Restart,
    /// Any other.
    #[default]
    Ordinary,
}

/// A place in a line.
pub(crate) type Position = (Urgency, u64);

/// Who waits, and who goes first. Only who stands first looks whether it may go.
#[derive(Debug, Default)]
pub(crate) struct Line {
    waiting: BTreeMap<Position, Arc<Notify>>,
    next: u64,
}

impl Line {
    /// Takes a place, and gives what wakes whoever stands there.
    pub(crate) fn join(&mut self, urgency: Urgency) -> (Position, Arc<Notify>) {
        let position = (urgency, self.next);
        self.next += 1;
        let bell = Arc::new(Notify::new());
        self.waiting.insert(position, bell.clone());
        (position, bell)
    }

    /// Gives up a place; whoever is first now is woken.
    pub(crate) fn leave(&mut self, position: Position) {
        if self.waiting.remove(&position).is_some() {
            self.wake_first();
        }
    }

    pub(crate) fn is_first(&self, position: Position) -> bool {
        self.waiting
            .first_key_value()
            .is_some_and(|(first, _)| *first == position)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    pub(crate) fn wake_first(&self) {
        if let Some((_, bell)) = self.waiting.first_key_value() {
            bell.notify_one();
        }
    }

    pub(crate) fn wake_all(&self) {
        self.waiting.values().for_each(|bell| bell.notify_one());
    }
}
