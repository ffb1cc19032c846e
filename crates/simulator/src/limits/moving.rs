//! A server whose hands become fewer, and more again.

use super::crowd::{client, crowd};
use super::figure::{Figure, number, percent};
use super::knee::Knee;
use super::simulated;
use super::way::{Seen, Way};
use crate::instance::Instance;
use gangplank_sandbox::World;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How many hands it has, one phase after the other.
const PHASES: [usize; 3] = [200, 20, 200];
/// How long one way takes.
const LATENCY: Duration = Duration::from_millis(10);
/// How long a phase lasts.
const PHASE: Duration = Duration::from_secs(20);
/// The 99th of a hundred answers takes ten times as long as the 50th.
const SPREAD: f64 = 0.99;
/// How long a change may take to be followed.
const FOLLOWED: Duration = Duration::from_secs(5);

/// The best fixed concurrency: the least that keeps every hand busy, since calls are on their way for some
/// time too.
fn best(hands: usize) -> f64 {
    let whole = Knee::SERVICE + LATENCY * 2;
    number(hands) * whole.as_secs_f64() / Knee::SERVICE.as_secs_f64()
}

/// A server that turns away what it has no room for.
pub fn moving() -> Figure {
    measure(true)
}

/// A server that never turns a call away: answers only take longer.
pub fn moving_without_refusals() -> Figure {
    measure(false)
}

/// A server that answers all calls at once, some of them ten times later than most.
pub fn long_tail() -> Figure {
    const TIME: Duration = Duration::from_secs(30);
    let (good, mean) = simulated(async {
        let world = World::from_yaml(include_str!("../scene/world.yaml"));
        let instance = Instance::open(world.expect("a world"), Vec::new(), 1);
        let mut way = Way::new(instance.expect("a sandbox in memory"), 1);
        way.latency = Duration::from_millis(50);
        way.spread = SPREAD;
        let mean = (way.latency * 2).mul_f64(1.0 + (SPREAD * SPREAD / 2.0).exp());
        let (client, traffic) = client(way, 1);
        crowd(&client, TIME).await;
        (traffic.between(FOLLOWED, TIME).len(), mean)
    });
    let best = 256.0 / mean.as_secs_f64();
    let reached = percent(
        number(good) / TIME.saturating_sub(FOLLOWED).as_secs_f64(),
        best,
    );
    Figure {
        case: "one answer in a hundred takes ten times as long".into(),
        goal: "after 5 s at least 80 % of the best fixed concurrency".into(),
        reached: format!("{reached:.0} %"),
        holds: reached >= 80.0,
    }
}

fn measure(turns_away: bool) -> Figure {
    let phases: Vec<Vec<Seen>> = simulated(async {
        let world = World::from_yaml(include_str!("../scene/world.yaml"));
        let instance = Instance::open(world.expect("a world"), Vec::new(), 1);
        let knee = Arc::new(Knee::new(PHASES[0], turns_away));
        let mut way = Way::new(instance.expect("a sandbox in memory"), 1);
        way.latency = LATENCY;
        way.knee = Some(knee.clone());
        let (client, traffic) = client(way, 1);
        let moves = async {
            for hands in PHASES {
                knee.set(hands);
                sleep(PHASE).await;
            }
        };
        let whole = PHASE * u32::try_from(PHASES.len()).unwrap_or(1);
        tokio::join!(crowd(&client, whole), moves);
        let begins = (0..).map(|number| PHASE * number).take(PHASES.len());
        begins
            .map(|begin| traffic.between(begin + FOLLOWED, begin + PHASE))
            .collect()
    });
    let seconds = PHASE.saturating_sub(FOLLOWED).as_secs_f64();
    let mut texts = Vec::new();
    let mut holds = true;
    for (hands, seen) in PHASES.into_iter().zip(phases) {
        let good = seen.iter().filter(|it| it.status == 200).count();
        let reached = percent(number(good) / seconds, Knee::capacity(hands));
        let most = seen.iter().map(|it| it.under_way).max().unwrap_or(0);
        let overshoot = number(most) / best(hands);
        let lost = percent(number(seen.len() - good), number(seen.len()));
        holds &= reached >= 90.0 && overshoot <= 1.5;
        texts.push(format!(
            "{reached:.0} % with {overshoot:.2}x, {lost:.1} % lost"
        ));
    }
    let kind = if turns_away {
        "turned away"
    } else {
        "slower answers"
    };
    Figure {
        case: format!("knee 200, 20, 200 ({kind})"),
        goal: "after 5 s at least 90 % of the best fixed concurrency, at most 1.5x of it".into(),
        reached: texts.join("; "),
        holds,
    }
}
