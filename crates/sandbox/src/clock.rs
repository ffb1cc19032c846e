//! `Clock`: what time it is in the sandbox.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// The first of January 2026.
const NEW_YEAR: i64 = 1_767_225_600_000;

/// No later: what is dated some time after now has to fit in the calendar as well.
const LATEST: i64 = 250_000_000_000_000;

/// The machine's clock, or one that is held and moved. Clones share the time.
#[derive(Debug, Clone, Default)]
pub struct Clock(Arc<Time>);

#[derive(Debug, Default)]
struct Time {
    /// Milliseconds by which it is ahead of the machine's clock while it runs.
    ahead: AtomicI64,
    /// Where it stands, in milliseconds since 1970; zero while it runs.
    stands_at: AtomicI64,
    /// Held by whoever changes both.
    change: Mutex<()>,
}

impl Clock {
    /// A clock that stands at the first of January 2026 until it is moved.
    pub fn held() -> Self {
        Self::held_at(Timestamp::from_millisecond(NEW_YEAR).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// A clock that stands at a time until it is moved.
    pub fn held_at(time: Timestamp) -> Self {
        let clock = Self::default();
        clock.hold();
        clock.set(time);
        clock
    }

    /// Whether it stands.
    pub fn is_held(&self) -> bool {
        self.0.stands_at.load(Ordering::SeqCst) != 0
    }

    /// Makes it stand where it is.
    pub fn hold(&self) {
        let _change = self.change();
        if !self.is_held() {
            self.stand_at(self.now().as_millisecond());
        }
    }

    /// Makes it run on from where it stands.
    pub fn release(&self) {
        let _change = self.change();
        let stands_at = self.0.stands_at.swap(0, Ordering::SeqCst);
        if stands_at != 0 {
            self.run_from(stands_at);
        }
    }

    /// Moves it on, whether it stands or runs.
    pub fn advance(&self, by: Duration) {
        let _change = self.change();
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.move_to(self.now().as_millisecond().saturating_add(by));
    }

    /// Moves it to a time, whether it stands or runs.
    pub fn set(&self, time: Timestamp) {
        let _change = self.change();
        self.move_to(time.as_millisecond());
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match self.0.stands_at.load(Ordering::SeqCst) {
            0 => {
                let ahead = self.0.ahead.load(Ordering::SeqCst);
                let now = Timestamp::now();
                now.checked_add(SignedDuration::from_millis(ahead))
                    .unwrap_or(now)
            }
            stands_at => Timestamp::from_millisecond(stands_at).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    fn change(&self) -> MutexGuard<'_, ()> {
        self.0.change.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn move_to(&self, milliseconds: i64) {
        let milliseconds = milliseconds.clamp(1, LATEST);
        if self.is_held() {
            self.stand_at(milliseconds);
        } else {
            self.run_from(milliseconds);
        }
    }

    fn stand_at(&self, milliseconds: i64) {
        let milliseconds = milliseconds.clamp(1, LATEST);
        self.0.stands_at.store(milliseconds, Ordering::SeqCst);
    }

    fn run_from(&self, milliseconds: i64) {
        let ahead = milliseconds - Timestamp::now().as_millisecond();
        self.0.ahead.store(ahead, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Clock;

    #[test]
    fn a_clock_is_held_moved_and_released() {
        let clock = Clock::default();
        assert!(!clock.is_held());
        clock.advance(Duration::from_hours(24));
        let ahead = clock.now().duration_since(jiff::Timestamp::now());
        assert!((86_390..=86_400).contains(&ahead.as_secs()));
        clock.hold();
        let stands = clock.now();
        assert_eq!(clock.now(), stands);
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(clock.now().duration_since(stands).as_millis(), 1_500);
        clock.set("2026-03-01T00:00:00Z".parse().unwrap());
        assert_eq!(clock.clone().now().to_string(), "2026-03-01T00:00:00Z");
        clock.release();
        assert!(clock.now().to_string().starts_with("2026-03-01T00:0") && !clock.is_held());
        clock.advance(Duration::MAX);
        assert!(clock.now().to_string().as_str() > "9000");
    }
}
