//! `Bucket`: a call takes a token, and time brings new ones.

use std::time::Duration;
use tokio::time::Instant;

/// How much time's worth of tokens is kept at most beside the next one. Timers are late by a millisecond
/// or more, which must not cost any; more than that would be a burst.
const KEPT: f64 = 0.003;

/// Calls at an even pace.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: f64,
    tokens: f64,
    filled_at: Instant,
}

impl Bucket {
    /// A bucket with one token; `per_second` is more than 0.
    pub(crate) fn new(per_second: f64, now: Instant) -> Self {
        Self {
            per_second,
            tokens: 1.0,
            filled_at: now,
        }
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.per_second
    }

    /// Goes on at another pace.
    pub(crate) fn set(&mut self, per_second: f64, now: Instant) {
        self.fill(now);
        self.per_second = per_second;
    }

    /// When there is a token; `None` for now.
    pub(crate) fn ready_at(&mut self, now: Instant) -> Option<Instant> {
        self.fill(now);
        let missing = 1.0 - self.tokens;
        if missing <= 1e-6 {
            return None;
        }
        let seconds = (missing / self.per_second).min(3600.0);
        Some(now + Duration::from_secs_f64(seconds))
    }

    /// Takes a token, which may leave it in debt.
    pub(crate) fn take(&mut self, now: Instant) {
        self.fill(now);
        self.tokens -= 1.0;
    }

    fn fill(&mut self, now: Instant) {
        let elapsed = now.saturating_duration_since(self.filled_at);
        self.filled_at = now;
        let most = 1.0 + self.per_second * KEPT;
        self.tokens = (self.tokens + elapsed.as_secs_f64() * self.per_second).min(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_timers_cost_no_token_and_rest_brings_no_burst() {
        let start = Instant::now();
        let mut bucket = Bucket::new(50.0, start);
        let (mut now, mut sent) = (start, 0);
        while now < start + Duration::from_secs(10) {
            match bucket.ready_at(now) {
                None => {
                    bucket.take(now);
                    sent += 1;
                }
                // A timer that is always 3 ms late.
                Some(at) => now = at + Duration::from_millis(3),
            }
        }
        assert!((499..=501).contains(&sent), "{sent}");
        now += Duration::from_mins(10);
        let mut at_once = 0;
        while bucket.ready_at(now).is_none() {
            bucket.take(now);
            at_once += 1;
        }
        assert_eq!(at_once, 1);
    }
}
