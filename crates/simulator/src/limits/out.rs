//! An instance that answers nobody any more, from some call on.

use super::customers::Customers;
use super::figure::Figure;
use super::run::run;
use super::simulated;
use super::way::{Silence, Way};
use crate::instance::Instance;
use gangplank_sandbox::World;

/// Customers of a run.
const COUNT: usize = 100;

/// When an outage begins, in hundredths of an undisturbed run's calls, and how it looks.
#[derive(Clone, Copy, Debug)]
pub struct Outage {
    after: u64,
    silence: Silence,
}

impl Outage {
    /// At the first call, while the instance is read, and at four moments of an apply.
    pub const ALL: [Self; 8] = [
        Self::new(0, Silence::Refused),
        Self::new(1, Silence::Refused),
        Self::new(5, Silence::Refused),
        Self::new(50, Silence::Refused),
        Self::new(50, Silence::Unavailable),
        Self::new(50, Silence::Silent),
        Self::new(95, Silence::Unavailable),
        Self::new(99, Silence::Refused),
    ];

    const fn new(after: u64, silence: Silence) -> Self {
        Self { after, silence }
    }
}

/// Measures how many calls are made until the run stops, and how long that takes; then the instance is
/// there again, and one run has to bring all to its end.
pub fn outage(case: Outage) -> Figure {
    let customers = Customers::new(COUNT);
    let undisturbed = simulated(async { run(&customers, way(instance(), None), 1).await });
    let from = undisturbed.calls * case.after / 100;
    let (ended, healed, last) = simulated(async {
        let instance = instance();
        let out = Some((from, case.silence));
        let ended = run(&customers, way(instance.clone(), out), 1).await;
        let healed = run(&customers, way(instance.clone(), None), 1).await;
        let last = run(&customers, way(instance.clone(), None), 1).await;
        assert!(instance.ledger().duplicates.is_empty());
        (ended, healed, last)
    });
    let most = undisturbed.calls + undisturbed.calls / 5 + 3;
    let lies = ended.is_good();
    let heals = healed.is_good() && last.operations == 0;
    Figure {
        case: format!(
            "outage after {} % of the calls ({:?})",
            case.after, case.silence
        ),
        goal: format!("stops within {most} calls; one run heals"),
        reached: format!(
            "{} calls, {:.0} s; {}",
            ended.calls,
            ended.took.as_secs_f64(),
            if heals { "healed" } else { "not healed" }
        ),
        holds: ended.calls <= most && !lies && heals && ended.took.as_secs() < 600,
    }
}

fn instance() -> Instance {
    let world = World::from_yaml(include_str!("../scene/world.yaml"));
    let instance = Instance::open(world.expect("a world"), Vec::new(), 1);
    instance.expect("a sandbox in memory")
}

fn way(instance: Instance, outage: Option<(u64, Silence)>) -> Way {
    let mut way = Way::new(instance, 1);
    way.outage = outage;
    way
}
