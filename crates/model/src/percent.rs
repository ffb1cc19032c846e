//! `Percent`: a share, exact to a hundredth of a percent.

use std::fmt;
use std::str::FromStr;

/// A share, more than nothing and at most everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    hundredths: u32,
}

impl Percent {
    /// How many of so many it is, rounded up: of something it is never nothing.
    pub fn of(self, all: usize) -> usize {
        let share = (all as u128 * u128::from(self.hundredths)).div_ceil(10_000);
        usize::try_from(share).unwrap_or(all)
    }
}

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected a share such as 10% or 0.5%, not `{text}`");
        let number = text.strip_suffix('%').ok_or_else(wrong)?;
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
        if !digits(whole) || !digits(part) || whole.len() > 3 || part.len() > 2 {
            return Err(wrong());
        }
        let whole: u32 = whole.parse().map_err(|_| wrong())?;
        let part: u32 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
        let hundredths = whole * 100 + part;
        if (1..=10_000).contains(&hundredths) {
            Ok(Self { hundredths })
        } else {
            Err(format!(
                "expected more than 0% and at most 100%, not `{text}`"
            ))
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.hundredths / 100, self.hundredths % 100);
        if part == 0 {
            return write!(f, "{whole}%");
        }
        let part = format!("{part:02}");
        write!(f, "{whole}.{}%", part.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_exactly_and_rounded_up() {
        let check = |text: &str, shown: &str, of_200: usize, of_3: usize| {
            let percent: Percent = text.parse().unwrap();
            assert_eq!(percent.to_string(), shown);
            assert_eq!((percent.of(200), percent.of(3)), (of_200, of_3), "{text}");
            assert_eq!(percent.of(0), 0);
        };
        check("10%", "10%", 20, 1);
        check("100%", "100%", 200, 3);
        check("0.5%", "0.5%", 1, 1);
        check("33.34%", "33.34%", 67, 2);
        check("0.01%", "0.01%", 1, 1);
        for wrong in [
            "",
            "%",
            "10",
            "0%",
            "0.00%",
            "101%",
            "100.01%",
            "-1%",
            "1e1%",
            "1.%",
            ".5%",
            "1.005%",
            "+1%",
            "1 %",
            "4294967297%",
        ] {
            assert!(wrong.parse::<Percent>().is_err(), "{wrong}");
        }
    }
}
