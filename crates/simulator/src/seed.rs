//! A whole simulation from one number.

use crate::instance::Instance;
use crate::life::{self, End, Errand, Life};
use crate::mischief::Mischief;
use crate::oracle;
use crate::saved::Saving;
use crate::scene::{Scene, Wanted};
use crate::testimony;
use fastrand::Rng;
use gangplank_executor::{Earlier, Verdict};
use gangplank_model::{Event, Outcome};
use gangplank_sandbox::World;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

/// What went wrong, and everything that is needed to understand it.
#[derive(Debug)]
pub struct Failure {
    /// The seed that shows it again.
    pub seed: u64,
    /// Which invariant, and how.
    pub why: String,
    /// The manifests and what happened.
    pub story: String,
}

/// How much a simulation did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Calls to the instance.
    pub calls: u64,
    /// Times that the process was killed.
    pub kills: u64,
    /// Made of everything that happened, in its order: the same for the same seed.
    pub digest: u64,
}

/// Plays one seed: brings an instance to tally under trouble, and checks every invariant.
pub fn simulate(seed: u64) -> Result<Tally, Box<Failure>> {
    played(seed, async move |story: &mut String| {
        let tally = play(seed, story).await?;
        let mut hasher = DefaultHasher::new();
        story.hash(&mut hasher);
        Ok(Tally {
            digest: hasher.finish(),
            ..tally
        })
    })
}

/// Plays something on a clock of its own that is always at once where somebody waits for.
pub(crate) fn played<T>(
    seed: u64,
    play: impl AsyncFnOnce(&mut String) -> Result<T, String>,
) -> Result<T, Box<Failure>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without input and output");
    let mut story = String::new();
    let played = runtime.block_on(play(&mut story));
    played.map_err(|why| Box::new(Failure { seed, why, story }))
}

async fn play(seed: u64, story: &mut String) -> Result<Tally, String> {
    let mut random = Rng::with_seed(seed);
    let scene = Scene::draw(&mut random);
    let mut tally = Tally::default();
    let (world, undisturbed) = reference(&scene, random.u64(..)).await?;
    let instance = open(&scene, 1)?;
    if let Some(before) = &scene.before {
        let _ = writeln!(story, "before:\n{}", before.text);
        settle(before, &instance, random.u64(..)).await?;
    }
    let _ = writeln!(story, "wanted:\n{}", scene.wanted.text);
    let lives = random.u32(1..=3);
    for number in 0..lives {
        instance.reset_ledger();
        let mischief = Mischief::draw(&mut random, undisturbed.calls, undisturbed.writes);
        let _ = writeln!(story, "trouble: {mischief:?}");
        let troubles = mischief.size();
        let saving = Saving::draw(seed, number, mischief.rules.is_empty());
        let mut errand = errand(&scene.wanted, &instance);
        errand.saving = saving.as_ref();
        let life = life::live(&errand, mischief, random.u64(..)).await;
        tell(&life, story);
        tally.calls += life.calls;
        tally.kills += u64::from(matches!(life.end, End::Killed));
        oracle::silent(&life)?;
        let most = undisturbed.calls + saving.as_ref().map_or(0, Saving::rechecks);
        oracle::bounded(&life, &instance.ledger(), most, troubles)?;
        rest(&life, &mut random).await;
        if let Some(saving) = &saving {
            saving.left_alone(&instance.ledger())?;
        }
        oracle::honest(&life, &instance.ledger())?;
        testimony::bears_out(&life, &instance.ledger())?;
        if is_done(&life) {
            oracle::same(&instance.world(), &world)
                .map_err(|why| format!("I5 it said that it was done, but: {why}"))?;
        }
    }
    let heal = quiet(&scene.wanted, &instance, random.u64(..)).await;
    tell(&heal, story);
    oracle::nothing_twice(&instance.ledger())?;
    oracle::same(&instance.world(), &world)?;
    instance.reset_ledger();
    let last = quiet(&scene.wanted, &instance, random.u64(..)).await;
    oracle::untouched(&instance, &last)?;
    tally.calls += heal.calls + last.calls;
    Ok(tally)
}

/// What the instance comes to, and what it takes, if nothing goes wrong.
pub(crate) async fn reference(scene: &Scene, seed: u64) -> Result<(World, Life), String> {
    let instance = open(scene, 1)?;
    if let Some(before) = &scene.before {
        settle(before, &instance, seed).await?;
    }
    let life = quiet(&scene.wanted, &instance, seed).await;
    if !is_done(&life) {
        return Err(format!(
            "I2 undisturbed, it does not end well: {:?}",
            life.end
        ));
    }
    Ok((instance.world(), life))
}

pub(crate) fn open(scene: &Scene, seed: u64) -> Result<Instance, String> {
    Instance::open(scene.world.clone(), Vec::new(), seed).map_err(|error| error.to_string())
}

pub(crate) fn errand<'a>(wanted: &'a Wanted, instance: &'a Instance) -> Errand<'a> {
    Errand {
        desired: &wanted.desired,
        secrets: &wanted.secrets,
        instance,
        earlier: Earlier::default(),
        saving: None,
    }
}

/// A life without trouble.
pub(crate) async fn quiet(wanted: &Wanted, instance: &Instance, seed: u64) -> Life {
    life::live(&errand(wanted, instance), Mischief::default(), seed).await
}

pub(crate) async fn settle(wanted: &Wanted, instance: &Instance, seed: u64) -> Result<(), String> {
    let life = quiet(wanted, instance, seed).await;
    if is_done(&life) {
        return Ok(());
    }
    Err(format!(
        "undisturbed, it does not begin well: {:?}",
        life.end
    ))
}

/// Whether the program would end with 0.
pub(crate) fn is_done(life: &Life) -> bool {
    match &life.end {
        End::Applied {
            plan,
            report,
            partly,
        } => report.verdict() == Verdict::Done && !partly && plan.summary.blocked == 0,
        End::Killed | End::Unread(_) | End::Refused(_) => false,
    }
}

/// Somebody starts the next run. What was sent by a process that is dead is done by then, and so is
/// what was late by no more than the settle window.
async fn rest(life: &Life, random: &mut Rng) {
    let at_least = match life.end {
        End::Killed => Duration::from_secs(6),
        End::Unread(_) | End::Refused(_) | End::Applied { .. } => Duration::from_secs(1),
    };
    let late = life::settle();
    let pause = at_least + late + Duration::from_millis(random.u64(0..60_000));
    tokio::time::sleep(pause).await;
}

pub(crate) fn tell(life: &Life, story: &mut String) {
    let _ = writeln!(story, "after {} calls, {} writes:", life.calls, life.writes);
    for event in &life.events {
        if let Event::Waiting {
            address,
            delay,
            why,
        } = event
        {
            let _ = writeln!(story, "  {address} waits {} ms: {why}", delay.as_millis());
        }
    }
    match &life.end {
        End::Killed => story.push_str("  killed\n"),
        End::Unread(why) | End::Refused(why) => {
            let _ = writeln!(story, "  {why}");
        }
        End::Applied { report, .. } => {
            for receipt in report.receipts() {
                let why = receipt.outcome.explanation().unwrap_or_default();
                let _ = writeln!(
                    story,
                    "  {} {}: {} after {} {why}",
                    receipt.address,
                    receipt.verb,
                    receipt.outcome.word(),
                    receipt.attempts
                );
            }
            let unknown =
                |it: &&gangplank_model::Receipt| matches!(it.outcome, Outcome::Unknown(_));
            let _ = writeln!(
                story,
                "  unknown: {}",
                report.receipts().filter(unknown).count()
            );
        }
    }
}
