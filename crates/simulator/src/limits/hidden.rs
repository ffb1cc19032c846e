//! A limit that nobody tells: so many calls a second, and refusals above.

use super::crowd::{client, crowd};
use super::figure::{Figure, number, percent};
use super::simulated;
use super::way::Way;
use crate::instance::Instance;
use gangplank_sandbox::{FaultEffect, FaultRule, RateLimit, World};
use std::time::Duration;

/// Calls a second that are permitted.
const PERMITTED: f64 = 50.0;
/// What comes before is settling.
const SETTLED: Duration = Duration::from_secs(10);
/// How long it is measured.
const TIME: Duration = Duration::from_mins(5);

/// How the instance behaves at its limit, and how far away it is.
#[derive(Clone, Copy, Debug)]
pub struct Hidden {
    /// As the sandbox's `--rate-limit` has it.
    pub limit: &'static str,
    /// How long a call takes, in milliseconds.
    pub milliseconds: u64,
}

impl Hidden {
    /// The usual cases: with and without a word on when to come back, with and without room for a burst,
    /// near and far.
    pub const ALL: [Self; 5] = [
        Self::new("50/s,retry-after=none", 20),
        Self::new("50/s,retry-after=none", 400),
        Self::new("50/s,burst=5,retry-after=none", 20),
        Self::new("50/s,retry-after=seconds", 20),
        Self::new("50/s,burst=5,retry-after=seconds", 20),
    ];

    const fn new(limit: &'static str, milliseconds: u64) -> Self {
        Self {
            limit,
            milliseconds,
        }
    }
}

/// Measures the rate that is reached, and the share of calls that are refused.
pub fn hidden(case: Hidden) -> Figure {
    let (rate, refused, calls) = simulated(async {
        let world = World::from_yaml(include_str!("../scene/world.yaml"));
        let instance = Instance::open(world.expect("a world"), Vec::new(), 1);
        let instance = instance.expect("a sandbox in memory");
        let limit: RateLimit = case.limit.parse().expect("a limit");
        instance.set_rules(&[FaultRule::new(FaultEffect::RateLimit(limit))]);
        let mut way = Way::new(instance, 1);
        way.latency = Duration::from_millis(case.milliseconds) / 2;
        let (client, traffic) = client(way, 1);
        crowd(&client, TIME).await;
        let seen = traffic.between(SETTLED, TIME);
        let good = seen.iter().filter(|it| it.status == 200).count();
        let refused = seen
            .iter()
            .filter(|it| matches!(it.status, 429 | 503))
            .count();
        let seconds = TIME.saturating_sub(SETTLED).as_secs_f64();
        (number(good) / seconds, number(refused), number(seen.len()))
    });
    let reached = percent(rate, PERMITTED);
    let refused = percent(refused, calls);
    Figure {
        case: format!("hidden limit {}, {} ms", case.limit, case.milliseconds),
        goal: "at least 95 % of what is permitted, at most 0.5 % refused after 10 s".into(),
        reached: format!("{reached:.1} %, {refused:.2} % refused"),
        holds: reached >= 95.0 && refused <= 0.5,
    }
}
