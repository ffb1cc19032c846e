//! The options of the lease.

use clap::Args;
use gangplank_executor::lease::{LONGEST, SHORTEST};
use std::time::Duration;

#[derive(Clone, Debug, Args)]
pub(crate) struct LockArgs {
    /// Let no other apply with --lock work on the instance meanwhile: docs/two-applies.md
    #[arg(long)]
    pub(crate) lock: bool,
    /// How long to wait while another run holds the lease, such as 90s, 5m or 1h
    #[arg(long, value_name = "TIME", default_value = "5m", requires = "lock", value_parser = time)]
    pub(crate) lock_wait: Duration,
    /// How long after its last sign of life others take this run for dead (15s to 10m)
    #[arg(long, value_name = "TIME", default_value = "2m", requires = "lock", value_parser = term)]
    pub(crate) lock_term: Duration,
}

fn time(text: &str) -> Result<Duration, String> {
    let time: Option<jiff::SignedDuration> = text.parse().ok();
    let time = time.and_then(|time| Duration::try_from(time).ok());
    time.ok_or_else(|| "a time is written such as 90s, 5m or 1h".to_owned())
}

fn term(text: &str) -> Result<Duration, String> {
    let term = time(text)?;
    if (SHORTEST..=LONGEST).contains(&term) {
        Ok(term)
    } else {
        Err("a term is from 15s to 10m".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        for (text, expected) in [
            ("90s", Some(90)),
            ("5m", Some(300)),
            ("1h30m", Some(5_400)),
            ("0s", Some(0)),
            ("-5m", None),
            ("5", None),
            ("soon", None),
        ] {
            assert_eq!(time(text).ok().map(|it| it.as_secs()), expected, "{text}");
        }
        assert!(term("14s").is_err() && term("11m").is_err());
        assert_eq!(term("15s"), Ok(SHORTEST));
    }
}
