//! How long everything about a lease takes.

use std::time::Duration;

/// How long a claim may take, from the look before it to its answer. All who take part must agree on it
/// and on [`SETTLE`].
pub const PROMPT: Duration = Duration::from_secs(3);

/// How long whoever claims a lease waits before the look that decides. What it is longer than [`PROMPT`]
/// is twice the time for which a look may not see what was written.
pub const SETTLE: Duration = Duration::from_secs(6);

/// The term when nobody says: that of the settle window, so that what a killed holder had sent is done
/// before the next one reads the instance.
pub const TERM: Duration = Duration::from_mins(2);

/// The shortest term: below it a run could not stop in time.
pub const SHORTEST: Duration = Duration::from_secs(15);

/// The longest term, and the longest that anybody waits for a claim that says more.
pub const LONGEST: Duration = Duration::from_mins(10);

/// What follows from a holder's term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    term: Duration,
}

impl Terms {
    /// Makes them, of a term between [`SHORTEST`] and [`LONGEST`].
    pub fn new(term: Duration) -> Self {
        Self {
            term: term.clamp(SHORTEST, LONGEST),
        }
    }

    /// After so long without a sign of life the lease is free for others.
    pub fn term(self) -> Duration {
        self.term
    }

    /// How long after one renewal the next one begins.
    pub fn renewal(self) -> Duration {
        self.term / 8
    }

    /// How long after the last renewal that is known to be done a holder gives the lease up. What is then
    /// in flight has the grace of a stop, and ends before anybody else holds the lease.
    pub fn give_up(self) -> Duration {
        self.term * 5 / 6
    }
}

impl Default for Terms {
    fn default() -> Self {
        Self::new(TERM)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::GRACE;

    #[test]
    fn whoever_gives_up_has_ended_before_the_next_one_begins() {
        for seconds in [0, 15, 16, 60, 120, 599, 600, 5_000] {
            let terms = Terms::new(Duration::from_secs(seconds));
            assert!(
                terms.give_up() + GRACE <= terms.term() + SETTLE,
                "{terms:?}"
            );
            assert!(terms.renewal() * 4 < terms.give_up(), "{terms:?}");
        }
        assert_eq!(Terms::default().renewal().as_secs(), 15);
        assert_eq!(Terms::default().give_up().as_secs(), 100);
    }
}
