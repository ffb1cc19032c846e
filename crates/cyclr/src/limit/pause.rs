//! `Pause`: a time in which no call begins.

use std::time::Duration;
use tokio::time::Instant;

/// No pause that headers ask for is longer.
pub(crate) const LONGEST: Duration = Duration::from_mins(1);

/// Holds back every call, not one.
#[derive(Debug, Default)]
pub(crate) struct Pause {
    until: Option<Instant>,
}

impl Pause {
    /// Asks for a pause; the longest one counts. Says whether there was none.
    pub(crate) fn extend(&mut self, delay: Duration, now: Instant) -> bool {
        let is_new = self.over_at(now).is_none();
        let until = now + delay.min(LONGEST);
        self.until = self.until.max(Some(until));
        is_new && until > now
    }

    /// When it is over; `None` where there is none.
    pub(crate) fn over_at(&self, now: Instant) -> Option<Instant> {
        self.until.filter(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_counts_and_none_is_longer_than_a_minute() {
        let now = Instant::now();
        let mut pause = Pause::default();
        assert!(!pause.extend(Duration::ZERO, now));
        assert!(pause.extend(Duration::from_secs(5), now));
        assert!(!pause.extend(Duration::from_secs(1), now));
        assert_eq!(pause.over_at(now), Some(now + Duration::from_secs(5)));
        pause.extend(Duration::MAX, now);
        assert_eq!(pause.over_at(now), Some(now + LONGEST));
        assert_eq!(pause.over_at(now + LONGEST), None);
    }
}
