//! `Outage`: whether anybody answers at all.

use std::time::Duration;
use tokio::time::Instant;

/// So many calls in a row without an answer look like an outage.
const SUSPICIOUS: u32 = 8;
/// Nobody answered for so long: the instance is taken to be out.
const PATIENCE: Duration = Duration::from_secs(30);
/// The same, where it says that there are too many calls: it is there, at least.
const PATIENCE_WITH_REFUSALS: Duration = Duration::from_mins(2);
/// The first pause in an outage; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// No pause in an outage is longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// While the instance is out, one call is let through so often, for those who go on.
const PROBED_EVERY: Duration = Duration::from_secs(5);

/// Counts calls without an answer.
#[derive(Debug, Default)]
pub(crate) struct Outage {
    /// Calls in a row that failed.
    row: u32,
    /// Calls in a row that were refused for being too many.
    refused: u32,
    /// Since when nobody has answered.
    silent_since: Option<Instant>,
    /// Pauses so far, and when the last one began: calls from before it do not lengthen it.
    pauses: (u32, Option<Instant>),
    down_until: Option<Instant>,
}

impl Outage {
    /// Somebody answered. Says whether that ends what looked like an outage.
    pub(crate) fn answered(&mut self) -> bool {
        let was_suspected = self.is_suspected();
        *self = Self::default();
        was_suspected
    }

    /// A call failed that began then. Says how long to pause, where this looks like an outage.
    pub(crate) fn failed(&mut self, began: Instant, now: Instant) -> Option<Duration> {
        self.row = self.row.saturating_add(1);
        let since = *self.silent_since.get_or_insert(now);
        if !self.is_suspected() {
            return None;
        }
        if now.saturating_duration_since(since) >= PATIENCE {
            self.give_up(now);
        }
        let (pauses, last) = self.pauses;
        if last.is_some_and(|last| began <= last) {
            return None;
        }
        self.pauses = (pauses.saturating_add(1), Some(now));
        let pause = FIRST_PAUSE.saturating_mul(1 << pauses.min(8));
        Some(pause.min(LONGEST_PAUSE))
    }

    /// A call was refused for being one too many.
    pub(crate) fn refused(&mut self, now: Instant) {
        self.refused = self.refused.saturating_add(1);
        let since = *self.silent_since.get_or_insert(now);
        let silent = now.saturating_duration_since(since);
        if self.refused >= SUSPICIOUS && silent >= PATIENCE_WITH_REFUSALS {
            self.give_up(now);
        }
    }

    /// Nobody has the means to go on.
    pub(crate) fn give_up(&mut self, now: Instant) {
        self.down_until = Some(now + PROBED_EVERY);
    }

    /// Whether this looks like an outage: one call at a time is enough to find out.
    pub(crate) fn is_suspected(&self) -> bool {
        self.row >= SUSPICIOUS
    }

    /// Whether calls are not even tried.
    pub(crate) fn is_down(&self, now: Instant) -> bool {
        self.down_until.is_some_and(|until| until > now)
    }

    /// How long nobody has answered; `None` where the last call was.
    pub(crate) fn silence(&self, now: Instant) -> Option<Duration> {
        let since = self.silent_since?;
        Some(now.saturating_duration_since(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_once_a_round_until_nobody_tries_any_more() {
        let start = Instant::now();
        let (mut outage, mut now) = (Outage::default(), start);
        let first: Vec<_> = (0..20).map(|_| outage.failed(start, now)).collect();
        assert_eq!(first.iter().flatten().count(), 1, "{first:?}");
        let mut probes = 0;
        while !outage.is_down(now) {
            now += LONGEST_PAUSE;
            probes += 1;
            assert!(outage.failed(now, now).is_some());
        }
        assert_eq!(probes, 4);
        assert!(!outage.is_down(now + PROBED_EVERY));
        assert!(outage.answered() && !outage.is_down(now) && !outage.is_suspected());
    }

    #[test]
    fn refusals_are_borne_longer() {
        let (mut outage, mut now) = (Outage::default(), Instant::now());
        for second in 0..120 {
            outage.refused(now);
            assert!(!outage.is_down(now), "{second}");
            now += Duration::from_secs(1);
        }
        outage.refused(now);
        assert!(outage.is_down(now) && !outage.is_suspected());
    }
}
