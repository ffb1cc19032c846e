//! One customer among a thousand whose calls take ten seconds.

use super::customers::Customers;
use super::figure::Figure;
use super::knee::Knee;
use super::run::run;
use super::simulated;
use super::way::Way;
use crate::instance::Instance;
use gangplank_model::AccountId;
use gangplank_sandbox::World;
use std::sync::Arc;
use std::time::Duration;

const COUNT: usize = 1000;
/// The slow one; it is not among the last, which would be waited for in any case.
const SLOW: &str = "customer-7";

/// On an instance that answers as many calls as it gets.
pub fn slow() -> Figure {
    measure("one account answering in 10 s among 1,000", None)
}

/// On an instance that works on 20 calls at once, and lets the others wait.
pub fn slow_behind_a_knee() -> Figure {
    measure("the same, 20 calls are worked on at once", Some(20))
}

fn measure(case: &str, hands: Option<usize>) -> Figure {
    let customers = Customers::new(COUNT);
    let mut left = 0;
    let [without, with] = [false, true].map(|is_slow| {
        simulated(async {
            let world = World::from_yaml(include_str!("../scene/world.yaml"));
            let instance = Instance::open(world.expect("a world"), Vec::new(), 1);
            let mut way = Way::new(instance.expect("a sandbox in memory"), 1);
            way.latency = Duration::from_millis(25);
            way.knee = hands.map(|hands| Arc::new(Knee::new(hands, false)));
            way.slow = is_slow.then(|| (SLOW.to_owned(), Duration::from_secs(10)));
            let ended = run(&customers, way, 1).await;
            left += ended.failed();
            let others = ended.through.iter();
            let others = others.filter(|(account, _)| **account != AccountId::new(SLOW));
            others.map(|(_, at)| *at).max().unwrap_or_default()
        })
    });
    let more = 100.0 * (with.as_secs_f64() / without.as_secs_f64() - 1.0);
    Figure {
        case: case.to_owned(),
        goal: "costs the others at most 1 %".into(),
        reached: format!(
            "{more:+.2} % ({:.2} s instead of {:.2} s), {left} left to the next run",
            with.as_secs_f64(),
            without.as_secs_f64()
        ),
        holds: more <= 1.0,
    }
}
