//! `RateLimit`: a token bucket, written such as `50/s,burst=100,retry-after=date`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How many calls are let through, and what the others are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RateLimit {
    /// Calls in [`RateLimit::per`].
    pub calls: u32,
    /// One second, minute or hour.
    pub per: Duration,
    /// How many calls may come at once after a rest; `calls` unless told.
    pub burst: u32,
    /// `Retry-After`: `seconds` until a call is let through, the same as a `date`, `none`, or any
    /// text as it is.
    pub retry_after: String,
    /// Status of the refusal.
    pub code: u16,
}

impl RateLimit {
    /// So many calls a second, with 429 and `Retry-After` in seconds above it.
    pub fn per_second(calls: u32) -> Self {
        Self {
            calls,
            per: Duration::from_secs(1),
            burst: calls,
            retry_after: "seconds".to_owned(),
            code: 429,
        }
    }
}

impl FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!("expected 50/s, 50/s,burst=100 or 50/s,retry-after=date,code=503, not `{text}`")
        };
        let mut parts = text.split(',').map(str::trim);
        let rate = parts.next().unwrap_or_default();
        let (calls, unit) = rate.split_once('/').unwrap_or((rate, "s"));
        let calls = calls.parse().ok().filter(|calls| *calls > 0);
        let mut limit = Self::per_second(calls.ok_or_else(wrong)?);
        limit.per = match unit {
            "s" => Duration::from_secs(1),
            "m" => Duration::from_mins(1),
            "h" => Duration::from_hours(1),
            _ => return Err(wrong()),
        };
        for part in parts {
            match part.split_once('=') {
                Some(("burst", value)) => {
                    let burst = value.parse().ok().filter(|burst| *burst > 0);
                    limit.burst = burst.ok_or_else(wrong)?;
                }
                Some(("retry-after", value)) => value.clone_into(&mut limit.retry_after),
                Some(("code", value)) => {
                    let code = value.parse().ok().filter(|code| (400..600).contains(code));
                    limit.code = code.ok_or_else(wrong)?;
                }
                _ => return Err(wrong()),
            }
        }
        Ok(limit)
    }
}

impl fmt::Display for RateLimit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.per.as_secs() {
            60 => "m",
            3_600 => "h",
            _ => "s",
        };
        write!(formatter, "{}/{unit},burst={}", self.calls, self.burst)?;
        write!(formatter, ",retry-after={}", self.retry_after)?;
        write!(formatter, ",code={}", self.code)
    }
}

impl TryFrom<String> for RateLimit {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<RateLimit> for String {
    fn from(limit: RateLimit) -> Self {
        limit.to_string()
    }
}

/// The bucket of a limit: a call takes a token, and time brings new ones.
#[derive(Debug)]
pub(super) struct Bucket {
    per_second: f64,
    burst: f64,
    tokens: f64,
    filled_at: Timestamp,
}

impl Bucket {
    pub(super) fn new(limit: &RateLimit, now: Timestamp) -> Self {
        let seconds = limit.per.as_secs_f64().max(0.001);
        Self {
            per_second: f64::from(limit.calls.max(1)) / seconds,
            burst: f64::from(limit.burst.max(1)),
            tokens: f64::from(limit.burst.max(1)),
            filled_at: now,
        }
    }

    /// Takes a token, or says how long there will be none.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<Duration> {
        let elapsed = now.duration_since(self.filled_at).as_secs_f64().max(0.0);
        self.filled_at = now;
        self.tokens = (self.tokens + elapsed * self.per_second).min(self.burst);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            return None;
        }
        let wait = (1.0 - self.tokens) / self.per_second;
        Some(Duration::try_from_secs_f64(wait).unwrap_or(Duration::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::RateLimit;

    #[test]
    fn limits_are_read_as_they_are_written() {
        let check = |text: &str, expected: &str| {
            assert_eq!(text.parse::<RateLimit>().unwrap().to_string(), expected);
        };
        check("50/s", "50/s,burst=50,retry-after=seconds,code=429");
        check("50", "50/s,burst=50,retry-after=seconds,code=429");
        check(
            "6/m,burst=2,retry-after=date,code=503",
            "6/m,burst=2,retry-after=date,code=503",
        );
        for wrong in [
            "",
            "0/s",
            "-1",
            "5/w",
            "5/s,burst=0",
            "5/s,code=200",
            "5/s,x=1",
        ] {
            assert!(wrong.parse::<RateLimit>().is_err(), "{wrong}");
        }
    }
}
