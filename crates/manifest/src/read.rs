//! Which of several values an expression has read.

use std::sync::atomic::{AtomicUsize, Ordering};

/// What an expression has read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read {
    /// A cell of the row.
    Cell(usize),
    /// An argument.
    Argument(usize),
}

/// Nothing.
const NONE: usize = usize::MAX;

/// Notes the first value that was read, and the first that was empty.
#[derive(Debug)]
pub(crate) struct Reads {
    first: AtomicUsize,
    empty: AtomicUsize,
}

impl Default for Reads {
    fn default() -> Self {
        Self {
            first: AtomicUsize::new(NONE),
            empty: AtomicUsize::new(NONE),
        }
    }
}

impl Reads {
    pub(crate) fn note(&self, at: usize, is_empty: bool) {
        let first = |noted: &AtomicUsize| {
            if noted.load(Ordering::Relaxed) == NONE {
                noted.store(at, Ordering::Relaxed);
            }
        };
        first(&self.first);
        if is_empty {
            first(&self.empty);
        }
    }

    pub(crate) fn forget(&self) {
        self.first.store(NONE, Ordering::Relaxed);
        self.empty.store(NONE, Ordering::Relaxed);
    }

    /// The first that was read.
    pub(crate) fn first(&self) -> Option<usize> {
        Some(self.first.load(Ordering::Relaxed)).filter(|at| *at != NONE)
    }

    /// The first empty one that was read.
    pub(crate) fn empty(&self) -> Option<usize> {
        Some(self.empty.load(Ordering::Relaxed)).filter(|at| *at != NONE)
    }
}
