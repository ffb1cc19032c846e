//! `LearnedRate`: how many calls in a time an instance permits that does not tell.

use super::bucket::Bucket;
use super::curve::Curve;
use std::time::Duration;
use tokio::time::Instant;

/// Between two refusals the instance's own bucket is empty at both ends, so that what it let through is
/// what it permits; in less time than this the grain is too coarse to tell.
const MEASURABLE: Duration = Duration::from_secs(1);
/// What is left of a rate that was refused at once again.
const CUT: f64 = 0.7;
/// What is left of the first one, which is a burst as likely as not.
const FIRST_CUT: f64 = 0.5;
/// A pace that held nobody back for so long is not what is refused.
const LIMITING: Duration = Duration::from_secs(2);
/// Calls a second; no rate is lower that holds nobody back.
const TRICKLE: f64 = 1.0;
/// Calls a second, at least, after the first refusal: one of the first few calls may have met it.
const UNMEASURED: f64 = 10.0;
/// A little less than what was measured, so that a refusal is not met at once again.
const BELOW: f64 = 0.98;
/// And where the rate rests longest.
const ABOVE: f64 = 1.0;
/// Calls a second; no rate is lower.
const LEAST: f64 = 0.2;
/// A pause that a refusal costs is risked once in so many times its length.
const RARITY: f64 = 40.0;
/// A rate that has held nobody back for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_mins(1);
/// Seconds from a cut until the rate is probed.
const PROBED: std::ops::RangeInclusive<f64> = 10.0..=120.0;

/// Measures what is permitted, stays just below it for long, and probes upwards gently.
#[derive(Debug)]
pub(crate) struct LearnedRate {
    pace: Option<Pace>,
    /// Calls that were let through since the last refusal.
    passed: u64,
    since: Option<Instant>,
    /// How long of that nothing was sent.
    paused: Duration,
}

#[derive(Debug)]
struct Pace {
    bucket: Bucket,
    curve: Curve,
    /// Seconds on the curve.
    seconds: f64,
    /// Calls that began before do not count once more.
    cut_at: Instant,
    /// When a call had to wait for a token last.
    waited_at: Instant,
    is_waited_for: bool,
    updated: Instant,
    /// Whether a measurement has confirmed it.
    is_settled: bool,
}

impl LearnedRate {
    pub(crate) fn new() -> Self {
        Self {
            pace: None,
            passed: 0,
            since: None,
            paused: Duration::ZERO,
        }
    }

    /// Calls a second, once there was a refusal.
    pub(crate) fn per_second(&self) -> Option<f64> {
        self.pace.as_ref().map(|pace| pace.bucket.per_second())
    }

    /// When a call may begin; `None` for now.
    pub(crate) fn ready_at(&mut self, now: Instant) -> Option<Instant> {
        let pace = self.pace.as_mut()?;
        let at = pace.bucket.ready_at(now);
        if at.is_some() {
            pace.waited_at = now;
            pace.is_waited_for = true;
        }
        at
    }

    /// A call begins.
    pub(crate) fn take(&mut self, now: Instant) {
        self.since.get_or_insert(now);
        if let Some(pace) = &mut self.pace {
            pace.bucket.take(now);
            // Whoever begins now has waited until now.
            if std::mem::take(&mut pace.is_waited_for) {
                pace.waited_at = now;
            }
        }
    }

    /// A call was let through that began then.
    pub(crate) fn passed(&mut self, began: Instant, now: Instant) {
        self.passed += 1;
        let Some(pace) = &mut self.pace else {
            return;
        };
        if now.saturating_duration_since(pace.waited_at) > FORGOTTEN {
            self.pace = None;
            return;
        }
        let passed = now.saturating_duration_since(pace.updated);
        pace.updated = now;
        // It grows only where it is what holds calls back.
        if pace.waited_at >= began {
            pace.seconds += passed.as_secs_f64().min(5.0);
            let rate = pace.curve.at(pace.seconds).max(pace.bucket.per_second());
            pace.bucket.set(rate, now);
        }
    }

    /// A call was refused that began then, and a pause was asked for. Says whether that was news.
    pub(crate) fn refused(&mut self, began: Instant, now: Instant, asked: Duration) -> bool {
        if self.pace.as_ref().is_some_and(|pace| began < pace.cut_at) {
            return false;
        }
        let gap = now.saturating_duration_since(self.since.unwrap_or(now));
        // An instance that keeps no calls for later permits none of those of a pause.
        let gap = gap.saturating_sub(self.paused);
        self.paused = asked;
        let passed = u32::try_from(self.passed).map_or(f64::MAX, f64::from);
        let measured = passed / gap.as_secs_f64().max(0.05);
        let is_measured = gap >= MEASURABLE && passed >= 5.0;
        let (low, top, is_settled) = match &self.pace {
            None => {
                let low = (measured * FIRST_CUT).max(UNMEASURED);
                (low, low / FIRST_CUT, false)
            }
            // It was not the pace that calls waited for: what passed is what was wanted, not what is
            // permitted.
            Some(pace) if now.saturating_duration_since(pace.waited_at) > LIMITING => {
                let rate = pace.bucket.per_second();
                ((rate * CUT).max(TRICKLE).min(rate), rate, false)
            }
            Some(pace) if is_measured => {
                let rate = pace.bucket.per_second();
                let least = if pace.is_settled { 0.9 } else { 0.5 };
                // It may have been below what is permitted for a part of that time, and it is above now.
                let permitted = f64::midpoint(measured.clamp(rate * least, rate), rate);
                (permitted * BELOW, permitted * ABOVE, permitted > rate * 0.8)
            }
            Some(pace) => {
                let rate = pace.bucket.per_second();
                (rate * CUT, rate, false)
            }
        };
        let (low, top) = (low.max(LEAST), top.max(LEAST));
        let probed = (asked.as_secs_f64() * RARITY).clamp(*PROBED.start(), *PROBED.end());
        let mut bucket = Bucket::new(low, now);
        bucket.take(now);
        self.pace = Some(Pace {
            bucket,
            curve: Curve::new(low, top, probed),
            seconds: 0.0,
            cut_at: now,
            waited_at: now,
            is_waited_for: false,
            updated: now,
            is_settled,
        });
        (self.passed, self.since) = (0, Some(now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_let_through_between_two_refusals_is_what_is_permitted() {
        let mut now = Instant::now();
        let mut rate = LearnedRate::new();
        rate.take(now);
        for _ in 0..60 {
            rate.passed(now, now + Duration::from_millis(20));
        }
        now += Duration::from_millis(600);
        assert!(rate.refused(now, now, Duration::ZERO));
        assert!((rate.per_second().unwrap() - 50.0).abs() < 1.0);
        // A call that was under way is no news.
        assert!(!rate.refused(now - Duration::from_millis(5), now, Duration::ZERO));
        let before = now;
        now += Duration::from_secs(10);
        for _ in 0..400 {
            rate.passed(before - Duration::from_secs(1), before);
        }
        // The pace is what holds calls back.
        rate.take(now);
        assert!(rate.ready_at(now).is_some());
        assert!(rate.refused(now, now, Duration::ZERO));
        assert!((rate.per_second().unwrap() - 44.1).abs() < 0.1, "{rate:?}");
    }

    #[test]
    fn who_is_refused_now_and_then_is_not_slowed_down_for_having_asked_seldom() {
        let mut now = Instant::now();
        let mut rate = LearnedRate::new();
        for _ in 0..50 {
            now += Duration::from_secs(5);
            rate.take(now);
            rate.passed(now, now);
            rate.refused(now, now, Duration::ZERO);
        }
        assert!((rate.per_second().unwrap() - TRICKLE).abs() < 1e-9);
    }

    #[test]
    fn one_caller_alone_finds_out_that_there_is_more() {
        let mut now = Instant::now();
        let mut rate = LearnedRate::new();
        rate.refused(now, now, Duration::ZERO);
        let before = rate.per_second().unwrap();
        while rate.per_second().unwrap() < before * 10.0 {
            if let Some(at) = rate.ready_at(now) {
                now = at;
                continue;
            }
            rate.take(now);
            let began = now;
            now += Duration::from_millis(1);
            rate.passed(began, now);
        }
    }

    #[test]
    fn no_refusals_make_it_as_good_as_none_or_less_than_a_trickle() {
        let mut now = Instant::now();
        let mut rate = LearnedRate::new();
        assert_eq!(rate.ready_at(now), None);
        for _ in 0..100 {
            now += Duration::from_millis(10);
            rate.refused(now, now, Duration::from_mins(1));
        }
        assert!((rate.per_second().unwrap() - LEAST).abs() < 1e-9);
    }
}
