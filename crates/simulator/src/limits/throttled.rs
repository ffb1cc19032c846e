//! One call is refused for being too many, and `Retry-After` says when to come back, or something else.

use super::crowd::client_with;
use super::customers::{Customers, Edition};
use super::run::{Ended, run, run_with};
use super::simulated;
use super::way::Way;
use crate::instance::Instance;
use gangplank_sandbox::{FaultEffect, FaultRule, LedgerRequest, World};
use std::time::{Duration, SystemTime};

/// What `Retry-After` says, and how long nobody may call.
pub const FORMS: [(Option<&str>, Duration); 9] = [
    (Some("7"), Duration::from_secs(7)),
    (Some("date+30s"), Duration::from_secs(30)),
    (Some("date-30s"), Duration::ZERO),
    (Some("0"), Duration::ZERO),
    (Some("-3"), Duration::ZERO),
    (Some("1000000000"), Duration::from_mins(1)),
    (Some("date+99999s"), Duration::from_mins(1)),
    (Some("soon"), Duration::ZERO),
    (None, Duration::ZERO),
];

/// Customers of a run.
const COUNT: usize = 6;
/// How long a call is on its way to the instance, at most.
const TRIP: Duration = Duration::from_millis(11);

/// What a run of a few customers did, one of whose calls was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throttled {
    /// Whether everything is done.
    pub is_done: bool,
    /// Whether any call was refused.
    pub is_refused: bool,
    /// When calls came that had no business to: after the refusal was known, and before its time.
    pub too_early: Vec<Duration>,
    /// The longest time in which nobody called.
    pub longest_pause: Duration,
    /// The routes that were called, in their order, and when.
    pub calls: Vec<(String, Duration)>,
}

/// Onboards a few customers, or changes what they have; the first call of a route is refused, with this
/// `Retry-After`. `wall` is what this machine takes the time for.
pub fn throttled(
    changes: bool,
    route: Option<&str>,
    (form, pause): (Option<&str>, Duration),
    wall: fn() -> SystemTime,
) -> Throttled {
    simulated(async {
        let world = World::from_yaml(include_str!("../scene/world.yaml"));
        let instance = Instance::open(world.expect("a world"), Vec::new(), 1);
        let instance = instance.expect("a sandbox in memory");
        if changes {
            let before = run(&Customers::new(COUNT), Way::new(instance.clone(), 1), 1).await;
            assert!(before.is_good(), "{:?}", before.report);
            instance.reset_ledger();
        }
        if let Some(route) = route {
            let effect = FaultEffect::StatusBefore {
                code: 429,
                retry_after: form.map(str::to_owned),
            };
            instance.set_rules(&[FaultRule::new(effect).on(route).nth(1)]);
        }
        let edition = if changes {
            Edition::Changed
        } else {
            Edition::First
        };
        let way = client_with(Way::new(instance.clone(), 1), 1, wall);
        let ended = run_with(&Customers::of(COUNT, edition), way, 1).await;
        judge(&ended, &instance.ledger().requests, pause)
    })
}

fn judge(ended: &Ended, requests: &[LedgerRequest], pause: Duration) -> Throttled {
    let since = |request: &LedgerRequest| {
        let first = requests.first().unwrap_or(request);
        request.time.duration_since(first.time).unsigned_abs()
    };
    let calls: Vec<(String, Duration)> = requests
        .iter()
        .map(|request| (request.route.clone(), since(request)))
        .collect();
    let refused = requests.iter().find(|it| it.status == Some(429));
    let too_early = refused.map_or_else(Vec::new, |refused| {
        let at = since(refused);
        // What was sent before the refusal was known arrives within two trips of it.
        let known = at + TRIP * 2;
        let early = |time: &Duration| *time > known && *time < at + pause;
        calls.iter().map(|(_, time)| *time).filter(early).collect()
    });
    let gaps = calls.windows(2);
    let gaps = gaps.map(|two| two[1].1.saturating_sub(two[0].1));
    Throttled {
        is_done: ended.is_good(),
        is_refused: refused.is_some(),
        too_early,
        longest_pause: gaps.max().unwrap_or_default(),
        calls,
    }
}
