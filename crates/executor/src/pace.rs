//! How long to wait before the next attempt: exponential, with full jitter.

use std::time::Duration;

/// No single delay is longer.
const CAP: Duration = Duration::from_secs(15);

/// Draws delays. Its randomness is handed in as a seed.
#[derive(Debug)]
pub(crate) struct Pace {
    base: Duration,
    random: fastrand::Rng,
}

impl Pace {
    pub(crate) fn new(base: Duration, seed: u64) -> Self {
        Self {
            base,
            random: fastrand::Rng::with_seed(seed),
        }
    }

    /// Draws the delay after the given number of attempts (from 1), never less than what the
    /// instance asked for.
    pub(crate) fn delay(&mut self, attempts: u32, asked: Option<Duration>) -> Duration {
        let doubled = self
            .base
            .saturating_mul(1 << attempts.saturating_sub(1).min(16));
        let delay = doubled.min(CAP).mul_f64(self.random.f64());
        asked.map_or(delay, |asked| asked + delay.min(self.base))
    }

    /// Draws when to look the second time what became of a write: early in the time that it has.
    pub(crate) fn early(&mut self, window: Duration) -> Duration {
        (window / 16).mul_f64(0.5 + self.random.f64() / 2.0)
    }

    /// Gives a delay for asking again whether a cycle is through, which grows but is never nothing.
    pub(crate) fn look(&mut self, looks: u32) -> Duration {
        let doubled = self
            .base
            .saturating_mul(1 << looks.saturating_sub(1).min(16));
        doubled.min(CAP).mul_f64(0.5 + self.random.f64() / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_stay_within_their_bounds() {
        let mut pace = Pace::new(Duration::from_millis(500), 7);
        for attempts in 0..40 {
            assert!(pace.delay(attempts, None) <= CAP);
            let look = pace.look(attempts);
            assert!(
                look >= Duration::from_millis(250) && look <= CAP,
                "{look:?}"
            );
            let asked = Duration::from_secs(3);
            assert!(pace.delay(attempts, Some(asked)) >= asked);
        }
        assert!(pace.delay(1, None) <= Duration::from_millis(500));
    }
}
