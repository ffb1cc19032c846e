//! `Clock`: what time it is in the sandbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;

/// The machine's clock, or one that a test holds and moves.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    System,
    /// Milliseconds since 1970, shared by all clones.
    Held(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at the first of January 2026 until it is moved.
    pub fn held() -> Self {
        Self::Held(Arc::new(AtomicI64::new(1_767_225_600_000)))
    }

    /// Moves a held clock on; the machine's clock cannot be moved.
    pub fn advance(&self, by: Duration) {
        if let Self::Held(milliseconds) = self {
            let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            milliseconds.fetch_add(by, Ordering::SeqCst);
        }
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp::now(),
            Self::Held(milliseconds) => {
                Timestamp::from_millisecond(milliseconds.load(Ordering::SeqCst))
                    .unwrap_or(Timestamp::MAX)
            }
        }
    }
}
