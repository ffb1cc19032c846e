//! When a cycle runs, and how that is remembered in its tags.

use std::fmt;

/// The intervals in minutes that the vendor accepts (cyclr-api.md 2.8).
pub const INTERVALS: [u32; 13] = [1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10_080];

/// How an installed template is to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    /// Left paused, or paused again.
    Paused,
    /// Activated with a schedule, once its prerequisites are met.
    Active(Schedule),
}

/// The schedule given at activation. The API cannot read it back (cyclr-api.md 3.2), so it is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Every so many minutes, one of [`INTERVALS`].
    Every {
        /// Minutes.
        minutes: u32,
        /// The first run, ISO 8601 in UTC, when given.
        start: Option<String>,
    },
    /// One run, after which the vendor pauses the cycle.
    Once,
}

impl Schedule {
    /// The tag that remembers this schedule: `gangplank:run=60`, `gangplank:run=60@START`,
    /// `gangplank:run=once`.
    pub fn tag(&self) -> String {
        format!("{}{self}", crate::mark::RUN_TAG)
    }

    /// Reads a tag made by [`Schedule::tag`]; anything else is `None`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let text = tag.strip_prefix(crate::mark::RUN_TAG)?;
        if text == "once" {
            return Some(Self::Once);
        }
        let (minutes, start) = match text.split_once('@') {
            Some((minutes, start)) => (minutes, Some(start.to_owned())),
            None => (text, None),
        };
        Some(Self::Every {
            minutes: minutes.parse().ok()?,
            start,
        })
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Every {
                minutes,
                start: None,
            } => write!(f, "{minutes}"),
            Self::Every {
                minutes,
                start: Some(start),
            } => write!(f, "{minutes}@{start}"),
            Self::Once => f.write_str("once"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_round_trip() {
        for (schedule, tag) in [
            (Schedule::Once, "gangplank:run=once"),
            (
                Schedule::Every {
                    minutes: 60,
                    start: None,
                },
                "gangplank:run=60",
            ),
            (
                Schedule::Every {
                    minutes: 5,
                    start: Some("2026-01-01T00:00:00Z".into()),
                },
                "gangplank:run=5@2026-01-01T00:00:00Z",
            ),
        ] {
            assert_eq!(schedule.tag(), tag);
            assert_eq!(Schedule::from_tag(tag), Some(schedule));
        }
        for other in [
            "gangplank:x",
            "run=60",
            "gangplank:run=",
            "gangplank:run=often",
        ] {
            assert_eq!(Schedule::from_tag(other), None, "{other}");
        }
    }
}
