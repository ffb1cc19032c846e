//! `Latency`: whether answers take longer than they did, each route compared with itself.

use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// A round has at least and at most so many answers.
const ROUND: std::ops::RangeInclusive<u32> = 16..=512;
/// A round has so many answers that chance moves the mean of their logarithms by about this much: the more
/// they differ, the more it takes to tell.
const CHANCE: f64 = 0.06;
/// So many answers are a first impression.
const FEW: u32 = 8;
/// So many answers of a route make up what is usual.
const KNOWN: u32 = 64;
/// Nothing counts as slower than this.
const MOST: f64 = 4.0;
/// A route's own best is forgotten after so long, so that it can become slower for other reasons.
const MEMORY: Duration = Duration::from_mins(1);
/// Answers need not be told apart below this.
const LEAST: Duration = Duration::from_millis(1);

/// How long answers take, in logarithms: one that takes a hundred times as long is one of many.
#[derive(Debug)]
pub(crate) struct Latency {
    routes: BTreeMap<&'static str, Usual>,
    sum: f64,
    count: u32,
    /// The variance of an answer's logarithm.
    variance: f64,
    /// How many times as long as usual, in the last round.
    slowdown: Option<f64>,
}

/// A route's usual latency.
#[derive(Debug)]
struct Usual {
    /// The mean of the last hundreds.
    lately: f64,
    /// The lowest mean since `since`, and the one before.
    best: [f64; 2],
    since: Instant,
    seen: u32,
    last: f64,
}

impl Default for Latency {
    fn default() -> Self {
        Self {
            routes: BTreeMap::new(),
            sum: 0.0,
            count: 0,
            variance: 0.1,
            slowdown: None,
        }
    }
}

impl Latency {
    /// Takes an answer, while so many calls may be under way. Says how many times longer than usual answers
    /// took, when a round is full.
    pub(crate) fn answered(
        &mut self,
        (route, took): (&'static str, Duration),
        width: usize,
        now: Instant,
    ) -> Option<f64> {
        let log = took.max(LEAST).as_secs_f64().ln();
        let round = self.round();
        let usual = self
            .routes
            .entry(route)
            .or_insert_with(|| Usual::new(log, now));
        // From one to the next, so that a shift of all of them does not count.
        let step = log - std::mem::replace(&mut usual.last, log);
        self.variance += (step * step / 2.0 - self.variance) / 64.0;
        // One that takes for ever says no more than one that takes a few times as long.
        self.sum += (log - usual.take(log, round, now)).min(MOST.ln());
        self.count += 1;
        let width = u32::try_from(width).unwrap_or(u32::MAX).min(*ROUND.end());
        if self.count < round.max(width) {
            return None;
        }
        let slowdown = (self.sum / f64::from(self.count)).exp();
        (self.sum, self.count) = (0.0, 0);
        self.slowdown = Some(slowdown);
        self.slowdown
    }

    /// How many times longer than usual answers took in the last whole round.
    pub(crate) fn slowdown(&self) -> f64 {
        self.slowdown.unwrap_or(1.0)
    }

    /// The same of the round that has just begun, as soon as there are a few: a first impression.
    pub(crate) fn impression(&self) -> f64 {
        let so_far = (self.count >= FEW).then(|| (self.sum / f64::from(self.count)).exp());
        so_far.unwrap_or_else(|| self.slowdown())
    }

    /// How many answers it takes to tell.
    fn round(&self) -> u32 {
        let needed = self.variance / (CHANCE * CHANCE);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "within the bounds of a round"
        )]
        let round = needed.clamp((*ROUND.start()).into(), (*ROUND.end()).into()) as u32;
        round
    }
}

impl Usual {
    fn new(log: f64, now: Instant) -> Self {
        Self {
            lately: log,
            best: [log, log],
            since: now,
            seen: 0,
            last: log,
        }
    }

    /// Takes a latency, where it takes so many to tell, and gives the usual one.
    fn take(&mut self, log: f64, round: u32, now: Instant) -> f64 {
        self.seen = self.seen.saturating_add(1);
        // The first ones make a mean by themselves.
        let known = KNOWN.max(2 * round);
        let among = self.seen.min(known);
        self.lately += (log - self.lately) / f64::from(among);
        if self.seen <= known {
            self.best = [self.lately; 2];
        }
        if now.saturating_duration_since(self.since) > MEMORY {
            self.best = [self.lately, self.best[0]];
            self.since = now;
        }
        self.best[0] = self.best[0].min(self.lately);
        self.best[0].min(self.best[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(latency: &mut Latency, route: &'static str, milliseconds: u64, now: Instant) -> f64 {
        let took = Duration::from_millis(milliseconds);
        (0..KNOWN * 2).fold(1.0, |last, _| {
            latency.answered((route, took), 10, now).unwrap_or(last)
        })
    }

    #[test]
    fn a_route_is_compared_with_itself_and_only_with_what_was_lately() {
        let mut latency = Latency::default();
        let now = Instant::now();
        assert!((feed(&mut latency, "fast", 10, now) - 1.0).abs() < 0.01);
        // Another kind of call is no slowdown.
        assert!(feed(&mut latency, "slow", 1000, now) < 1.01);
        assert!(feed(&mut latency, "fast", 40, now) > 2.5);
        // After a while it is what is usual.
        let mut later = now;
        for _ in 0..6 {
            later += MEMORY + Duration::from_secs(1);
            feed(&mut latency, "fast", 40, later);
        }
        assert!((latency.slowdown() - 1.0).abs() < 0.01);
    }

    #[test]
    fn one_in_a_round_is_no_slowdown() {
        let mut latency = Latency::default();
        let now = Instant::now();
        feed(&mut latency, "x", 50, now);
        latency.answered(("x", Duration::from_secs(10)), 10, now);
        feed(&mut latency, "x", 50, now);
        assert!(latency.slowdown() < 1.15, "{}", latency.slowdown());
    }
}
