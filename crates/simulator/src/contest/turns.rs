//! Whole applies under the lease: they want to work at once, and work one after the other.

use super::contestant::Ground;
use super::line::UnderWay;
use super::play::{Contest, calm, finish, quiet_runtime};
use crate::fate::Point;
use crate::instance::Instance;
use crate::life::{self, End, Errand};
use crate::mischief::Mischief;
use crate::oracle;
use crate::play::introduce;
use crate::scene::Scene;
use crate::seed::Failure;
use crate::stage::{Stage, undisturbed};
use fastrand::Rng;
use gangplank_executor::Earlier;
use gangplank_executor::lease::{Lease, Terms};
use gangplank_model::lease::is_lease;
use gangplank_sandbox::{Ledger, World};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// What a process sent is done by so long after its death.
const AFTERLIFE: Duration = Duration::from_secs(6);

/// Plays one seed: applies of one manifest, which begin at once and of which some are killed.
pub fn turns(seed: u64) -> Result<Contest, Box<Failure>> {
    let mut story = String::new();
    let played = quiet_runtime().block_on(play(seed, &mut story));
    finish(seed, story, played)
}

/// What one apply did.
struct Turn {
    name: String,
    /// The requests that the ledger had when it held the lease, and when it held it no more.
    span: (usize, usize),
    killed: bool,
}

async fn play(seed: u64, story: &mut String) -> Result<Contest, String> {
    let mut random = Rng::with_seed(seed);
    let scene = Scene::draw(&mut random);
    let stage = Arc::new(Stage::set_up(scene, random.u64(..)).await?);
    let instance = stage.open()?;
    introduce(&stage, story);
    let ground = Ground {
        instance: instance.clone(),
        weather: calm(),
        under_way: UnderWay::default(),
    };
    let mut working = JoinSet::new();
    for number in 0..random.u32(2..=4) {
        let (ground, stage, mut random) = (ground.clone(), stage.clone(), random.fork());
        working.spawn(async move {
            let name = format!("run-{number}");
            sleep(Duration::from_millis(random.u64(0..500))).await;
            turn(&ground, &stage, name, &mut random).await
        });
    }
    let mut turns = Vec::new();
    while let Some(joined) = working.join_next().await {
        turns.push(joined.map_err(|error| error.to_string())??);
    }
    turns.sort_by_key(|turn| turn.span);
    for Turn { name, span, killed } in &turns {
        let _ = writeln!(
            story,
            "{name}: {span:?}{}",
            if *killed { " killed" } else { "" }
        );
    }
    let ledger = instance.ledger();
    one_after_the_other(&turns, &ledger)?;
    oracle::nothing_twice(&ledger, &instance.world(), false)?;
    let last = undisturbed(&stage.scene.wanted, &instance, random.u64(..)).await;
    if !last.is_done() {
        return Err(format!("the last run ended with {:?}", last.end));
    }
    stage.ends.compare(without_lease(instance.world()), false)?;
    Ok(Contest {
        holds: turns.len() as u64,
        kills: turns.iter().filter(|turn| turn.killed).count() as u64,
        ..Contest::default()
    })
}

/// One apply, as the program does it: the lease, the plan, the calls, and the lease given back.
async fn turn(
    ground: &Ground,
    stage: &Stage,
    name: String,
    random: &mut Rng,
) -> Result<Turn, String> {
    let lease: Lease = ground.lease(&name, Terms::default(), random);
    let taken = lease.taken().await;
    taken.map_err(|end| format!("{name} ended with {end:?}"))?;
    let from = seen(&ground.instance);
    let mischief = Mischief {
        dies_at: (stage.writes > 0 && random.u32(0..3) == 0).then(|| {
            let point = Point::ALL[random.usize(0..Point::ALL.len())];
            (random.u64(0..stage.writes), point)
        }),
        ..Mischief::default()
    };
    let errand = Errand {
        wanted: &stage.scene.wanted,
        instance: &ground.instance,
        client: "demo",
        earlier: Earlier::default(),
        saving: None,
    };
    let life = life::live(&errand, mischief, random.u64(..)).await;
    let killed = matches!(life.end, End::Killed);
    if killed {
        drop(lease);
        sleep(AFTERLIFE).await;
        let span = (from, seen(&ground.instance));
        return Ok(Turn { name, span, killed });
    }
    let span = (from, seen(&ground.instance));
    lease.leave().await;
    Ok(Turn { name, span, killed })
}

/// How many requests the instance has seen.
fn seen(instance: &Instance) -> usize {
    instance.ledger().requests.len()
}

/// Nobody begins before the one before has ended, and nobody writes out of his turn.
fn one_after_the_other(turns: &[Turn], ledger: &Ledger) -> Result<(), String> {
    for pair in turns.windows(2) {
        if let [first, second] = pair
            && second.span.0 < first.span.1
        {
            let (first, second) = (&first.name, &second.name);
            return Err(format!("{second} began before {first} had ended"));
        }
    }
    for (index, request) in ledger.requests.iter().enumerate() {
        let of_lease = ledger
            .commits
            .iter()
            .any(|commit| commit.request == request.number && is_lease(&commit.id));
        let writes = request.committed && !of_lease;
        let spans = turns.iter().map(|turn| turn.span);
        if writes
            && spans
                .filter(|(from, to)| (from..to).contains(&&index))
                .count()
                != 1
        {
            let (method, path) = (&request.method, &request.path);
            return Err(format!("{method} {path} was done out of turn"));
        }
    }
    Ok(())
}

fn without_lease(mut world: World) -> World {
    world.accounts.retain(|account| !is_lease(&account.id));
    world
}
