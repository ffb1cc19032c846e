//! What an apply may take: how much at once, how often, how long.

use std::time::Duration;

/// The bounds of an apply.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Lanes that are begun and not through at most, at least 1. How many of them make calls at once is
    /// the client's to say; the others wait, for a settle window say.
    pub concurrency: usize,
    /// How long a create whose outcome is unknown is looked for before it is sent again
    /// (`reliability.md` 1.1), and how long a stopped cycle may drain.
    pub settle: Duration,
    /// How often one call is sent at most, at least 1.
    pub attempts: u32,
    /// The first delay between attempts, at most; it doubles with each.
    pub backoff: Duration,
    /// The seed of the delays.
    pub seed: u64,
    /// How long one account may take before no further operation of it begins.
    pub account_timeout: Option<Duration>,
    /// Once so many accounts failed, no further one is begun; at least 1. Without it one that failed
    /// holds back the next wave, and nothing else.
    pub max_failures: Option<usize>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            concurrency: 1024,
            settle: Duration::from_mins(2),
            attempts: 4,
            backoff: Duration::from_millis(500),
            seed: 0,
            account_timeout: None,
            max_failures: None,
        }
    }
}
