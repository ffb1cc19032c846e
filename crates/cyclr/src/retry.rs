//! How long to wait before the next attempt: pure values.

use crate::limit::LONGEST;
use std::time::{Duration, SystemTime};

/// How often a read is tried.
pub(crate) const ATTEMPTS: u32 = 4;

/// Exponential delays with full jitter.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The first delay's upper bound.
    pub base: Duration,
    /// No delay is longer.
    pub cap: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(250),
            cap: Duration::from_secs(10),
        }
    }
}

impl Backoff {
    /// Draws the delay after so many failed attempts, from 1.
    pub fn delay(self, attempts: u32, random: &mut fastrand::Rng) -> Duration {
        let doubled = self
            .base
            .saturating_mul(1 << attempts.saturating_sub(1).min(16));
        doubled.min(self.cap).mul_f64(random.f64())
    }
}

/// Reads `Retry-After` in both of its forms; `None` for junk. Never more than a minute, never less
/// than nothing.
pub fn retry_after(header: &str, now: SystemTime) -> Option<Duration> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<i128>() {
        let seconds = u64::try_from(seconds.max(0)).unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds).min(LONGEST));
    }
    let date = httpdate::parse_http_date(header).ok()?;
    Some(date.duration_since(now).unwrap_or_default().min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_in_all_its_forms() {
        let now = httpdate::parse_http_date("Thu, 16 Feb 2023 03:03:24 GMT").unwrap();
        let seconds = |seconds| Some(Duration::from_secs(seconds));
        for (header, expected) in [
            ("0", seconds(0)),
            (" 7 ", seconds(7)),
            ("-5", seconds(0)),
            ("1000000000", seconds(60)),
            ("99999999999999999999999999", seconds(60)),
            ("Thu, 16 Feb 2023 03:03:34 GMT", seconds(10)),
            ("Thu, 16 Feb 2023 03:00:00 GMT", seconds(0)),
            ("Wed, 16 Feb 2033 03:00:00 GMT", seconds(60)),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(header, now), expected, "{header:?}");
        }
    }

    #[test]
    fn delays_grow_and_stay_below_the_cap() {
        let mut random = fastrand::Rng::with_seed(1);
        let backoff = Backoff::default();
        for attempts in 0..100_u32 {
            let bound = backoff.base * (1 << attempts.saturating_sub(1).min(10));
            assert!(backoff.delay(attempts, &mut random) <= bound.min(backoff.cap));
        }
    }
}
