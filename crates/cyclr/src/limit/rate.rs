//! `Rate`: calls in a time, as a person writes it.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Calls in a second, a minute or an hour: `50`, `50/s`, `300/m`, `10000/h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    calls: u32,
    per: Duration,
}

/// Why a text is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected calls a second such as 50 or 50/s, or 300/m, or 10000/h; at least one call an hour"
)]
pub struct RateError;

impl Rate {
    /// So many calls a second, at least 1.
    pub fn per_second(calls: u32) -> Self {
        Self {
            calls: calls.max(1),
            per: Duration::from_secs(1),
        }
    }

    /// Calls a second, more than 0.
    pub(crate) fn calls_per_second(self) -> f64 {
        f64::from(self.calls) / self.per.as_secs_f64()
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let (calls, unit) = text.split_once('/').unwrap_or((text, "s"));
        let calls: u32 = calls.trim().parse().map_err(|_| RateError)?;
        let per = match unit.trim() {
            "s" => Duration::from_secs(1),
            "m" => Duration::from_mins(1),
            "h" => Duration::from_hours(1),
            _ => return Err(RateError),
        };
        if calls == 0 {
            return Err(RateError);
        }
        Ok(Self { calls, per })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.per.as_secs() {
            60 => "m",
            3600 => "h",
            _ => "s",
        };
        write!(f, "{}/{unit}", self.calls)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_as_they_are_written() {
        for (text, shown, calls) in [
            ("50", "50/s", 50.0),
            ("50/s", "50/s", 50.0),
            (" 300 / m ", "300/m", 5.0),
            ("7200/h", "7200/h", 2.0),
        ] {
            let rate: Rate = text.parse().unwrap();
            assert_eq!(rate.to_string(), shown);
            assert!((rate.calls_per_second() - calls).abs() < 1e-9, "{text}");
        }
        for wrong in [
            "",
            "0",
            "0/s",
            "-1",
            "1.5",
            "5/d",
            "5/",
            "/s",
            "99999999999",
        ] {
            assert_eq!(wrong.parse::<Rate>(), Err(RateError), "{wrong}");
        }
    }
}
