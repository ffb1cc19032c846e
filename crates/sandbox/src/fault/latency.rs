//! `Latency`: how long responses are held back, always as long or with a long tail.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::chance::Chance;
use super::span::Span;

/// How many standard deviations above the median the 99th percentile lies.
const SIGMAS_TO_P99: f64 = 2.326_347_874;

/// How long responses are held back: `20ms`, or log-normal as `20ms..p99=200ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Latency {
    /// Half of the responses are not later than this.
    pub median: Span,
    /// 99 of 100 are not later than this; left out, all are as late as the median.
    pub p99: Option<Span>,
}

impl Latency {
    /// Always as long.
    pub fn fixed(duration: Duration) -> Self {
        Self {
            median: Span(duration),
            p99: None,
        }
    }

    /// How long one response is held back.
    pub(crate) fn sample(self, chance: Chance) -> Duration {
        let Some(p99) = self.p99 else {
            return self.median.0;
        };
        let median = self.median.0.as_secs_f64();
        let sigma = (p99.0.as_secs_f64() / median.max(1e-9)).ln() / SIGMAS_TO_P99;
        let seconds = median * (sigma * chance.normal()).exp();
        Duration::try_from_secs_f64(seconds).unwrap_or(p99.0)
    }
}

impl FromStr for Latency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let Some((median, tail)) = text.split_once("..") else {
            let median = text.parse()?;
            return Ok(Self { median, p99: None });
        };
        let wrong = || format!("expected 20ms or 20ms..p99=200ms, not `{text}`");
        let median: Span = median.trim().parse()?;
        let p99: Span = tail
            .trim()
            .strip_prefix("p99=")
            .ok_or_else(wrong)?
            .parse()?;
        if p99 < median || median.0.is_zero() {
            return Err("the 99th percentile is below the median, or the median is zero".into());
        }
        Ok(Self {
            median,
            p99: Some(p99),
        })
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.p99 {
            None => write!(formatter, "{}", self.median),
            Some(p99) => write!(formatter, "{}..p99={p99}", self.median),
        }
    }
}

impl TryFrom<String> for Latency {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Latency> for String {
    fn from(latency: Latency) -> Self {
        latency.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::{Chance, Latency};

    #[test]
    fn the_tail_is_where_it_was_asked_for() {
        let latency: Latency = "20ms..p99=200ms".parse().unwrap();
        assert_eq!(latency.to_string(), "20ms..p99=200ms");
        let mut samples: Vec<u128> = (0..10_000)
            .map(|number| latency.sample(Chance::new(1, 0, number)).as_micros())
            .collect();
        samples.sort_unstable();
        assert!((18_000..22_000).contains(&samples[5_000]));
        assert!((160_000..250_000).contains(&samples[9_900]));
        for wrong in ["20", "20ms..", "20ms..p99=10ms", "0s..p99=1s", "..p99=1s"] {
            assert!(wrong.parse::<Latency>().is_err(), "{wrong}");
        }
    }
}
