//! How many calls it takes when some of them go wrong.

use super::customers::Customers;
use super::figure::Figure;
use super::run::{Ended, run};
use super::simulated;
use super::way::Way;
use crate::instance::Instance;
use gangplank_sandbox::World;

/// Customers of a run.
const COUNT: usize = 100;
/// Runs, each from a seed of its own.
const RUNS: u64 = 5;

/// Measures the calls of runs in which so great a share of calls goes wrong, against one in which none
/// does; then one further run has to bring all to its end.
pub fn amplified(faults: f64) -> Figure {
    let customers = Customers::new(COUNT);
    let (mut made, mut needed, mut worst) = (0.0, 0.0, 0.0_f64);
    let (mut failed, mut healed) = (0, true);
    for seed in 1..=RUNS {
        let calm = simulated(once(&customers, 0.0, seed)).0;
        let (ended, is_healed) = simulated(once(&customers, faults, seed));
        made += calls(&ended);
        needed += calls(&calm);
        worst = worst.max(calls(&ended) / calls(&calm));
        failed += ended.failed();
        healed &= is_healed;
    }
    let most = 1.0 + 2.0 * faults;
    let accounts = COUNT * usize::try_from(RUNS).unwrap_or(1);
    Figure {
        case: format!("{:.0} % of calls go wrong", 100.0 * faults),
        goal: format!("at most {most:.2} times the calls; one further run heals"),
        reached: format!(
            "{:.3} in {RUNS} runs, {worst:.3} in the worst; {failed} of {accounts} accounts left{}",
            made / needed,
            if healed { "" } else { ", which did not heal" }
        ),
        holds: made / needed <= most && healed,
    }
}

fn calls(ended: &Ended) -> f64 {
    super::figure::number(usize::try_from(ended.calls).unwrap_or(usize::MAX))
}

/// A run with faults, and whether another one without brings everything to its end.
async fn once(customers: &Customers, faults: f64, seed: u64) -> (Ended, bool) {
    let world = World::from_yaml(include_str!("../scene/world.yaml"));
    let instance = Instance::open(world.expect("a world"), Vec::new(), 1);
    let instance = instance.expect("a sandbox in memory");
    let mut way = Way::new(instance.clone(), seed);
    way.faults = faults;
    let ended = run(customers, way, seed).await;
    let healed = run(customers, Way::new(instance.clone(), seed), seed).await;
    let is_done = healed.is_good() && instance.ledger().duplicates.is_empty();
    (ended, is_done)
}
