//! Plays a stage: lives with trouble, each followed by some rest, and one without that heals all.

use crate::instance::Instance;
use crate::life::{self, End, Errand, Life};
use crate::mischief::Mischief;
use crate::oracle;
use crate::saved::Saving;
use crate::seed::{Failure, Tally};
use crate::stage::{Stage, undisturbed};
use crate::testimony;
use fastrand::Rng;
use gangplank_executor::Earlier;
use gangplank_model::Event;
use gangplank_sandbox::Ledger;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

/// One apply with its trouble, and perhaps a second one beside it.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// What goes wrong with it.
    pub mischief: Mischief,
    /// A second apply that begins while the first is at work.
    pub rival: Option<Rival>,
    /// Set where the plan is saved to a file first and applied later: what happens meanwhile is drawn from it.
    pub by_file: Option<u64>,
}

/// A second apply at the same time.
#[derive(Clone, Debug, Default)]
pub struct Rival {
    /// How long after the first it begins.
    pub after: Duration,
    /// What goes wrong with it.
    pub mischief: Mischief,
    /// Whether it wants something else of the same objects.
    pub wants_other: bool,
}

impl Turn {
    /// An apply without company.
    pub fn alone(mischief: Mischief) -> Self {
        Self {
            mischief,
            ..Self::default()
        }
    }
}

/// Runs some work on a simulated clock; what it tells is its story.
pub(crate) fn run<T>(
    seed: u64,
    work: impl AsyncFnOnce(&mut String) -> Result<T, String>,
) -> Result<T, Box<Failure>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without input and output");
    let mut story = String::new();
    let end = runtime.block_on(work(&mut story));
    end.map_err(|why| Box::new(Failure { seed, why, story }))
}

/// Plays the turns, heals, and checks every promise on the way. The story of one that is broken ends with
/// what the instance saw last.
pub(crate) async fn play(
    stage: &Stage,
    turns: &[Turn],
    random: &mut Rng,
    story: &mut String,
) -> Result<Tally, String> {
    let instance = stage.open()?;
    introduce(stage, story);
    let mut seen = Vec::new();
    let end = all(stage, turns, (&instance, random, &mut seen), story).await;
    if end.is_err() {
        seen.push(instance.ledger());
        for ledger in &seen {
            tell_ledger(ledger, story);
        }
    }
    end
}

fn tell_ledger(ledger: &Ledger, story: &mut String) {
    story.push_str("what the instance saw:\n");
    for it in &ledger.requests {
        let client = it.client.as_deref().unwrap_or_default();
        let account = it.account.as_deref().unwrap_or_default();
        let status = it.status.unwrap_or_default();
        let fault = it.fault.as_deref().unwrap_or_default();
        let (time, method, path) = (it.time, &it.method, &it.path);
        let _ = writeln!(
            story,
            "  {time} {client} {method} {path} {account} {status} {fault}"
        );
    }
    for it in &ledger.commits {
        let (time, number, kind, id) = (it.time, it.request, &it.kind, &it.id);
        let _ = writeln!(
            story,
            "  {time} {number}: {:?} {kind} {} {id}",
            it.action, it.key
        );
    }
}

async fn all(
    stage: &Stage,
    turns: &[Turn],
    (instance, random, seen): (&Instance, &mut Rng, &mut Vec<Ledger>),
    story: &mut String,
) -> Result<Tally, String> {
    let mut tally = Tally::default();
    let mut cut_off = false;
    for (number, turn) in turns.iter().enumerate() {
        let may_drift = turn.mischief.rules.is_empty();
        let saving = turn
            .by_file
            .map(|seed| Saving::new(seed, number, may_drift));
        instance.reset_ledger();
        instance.set_rules(&turn.mischief.rules);
        let _ = writeln!(story, "trouble: {turn:?}");
        let lives = lives(stage, (turn, saving.as_ref()), instance, random).await;
        instance.set_rules(&[]);
        rest(&lives, random).await;
        let ledger = instance.ledger();
        if let Some(saving) = &saving {
            saving.left_alone(&ledger)?;
        }
        for (life, mischief) in &lives {
            tell(life, story);
            tally.calls += life.calls;
            tally.kills += u64::from(matches!(life.end, End::Killed));
            oracle::silent(life)?;
            let calls = stage.calls + saving.as_ref().map_or(0, Saving::rechecks);
            oracle::bounded(life, &ledger, (calls, mischief.size(), lives.len()))?;
            oracle::honest(life, &ledger)?;
            testimony::bears_out(life, &ledger)?;
        }
        cut_off |= lives.len() > 1 && lives.iter().any(|(life, _)| life.is_cut_off());
        if let [(life, _)] = &lives[..]
            && life.is_done()
        {
            stage
                .ends
                .compare(instance.world(), cut_off)
                .map_err(|why| format!("I5 it said that it was done, but: {why}"))?;
        }
        seen.push(ledger);
    }
    let wanted = &stage.scene.wanted;
    let heal = undisturbed(wanted, instance, random.u64(..)).await;
    tell(&heal, story);
    oracle::nothing_twice(&instance.ledger(), &instance.world(), cut_off)?;
    let ends = stage.ends.compare(instance.world(), cut_off);
    ends.map_err(|why| format!("I2 the instance differs: {why}"))?;
    instance.reset_ledger();
    let last = undisturbed(wanted, instance, random.u64(..)).await;
    oracle::untouched(instance, &last)?;
    tally.calls += heal.calls + last.calls;
    let mut hasher = DefaultHasher::new();
    story.hash(&mut hasher);
    tally.digest = hasher.finish();
    Ok(tally)
}

/// The one or two lives of a turn, each with its trouble.
async fn lives(
    stage: &Stage,
    (turn, saving): (&Turn, Option<&Saving>),
    instance: &Instance,
    random: &mut Rng,
) -> Vec<(Life, Mischief)> {
    let scene = &stage.scene;
    let first = Errand {
        wanted: &scene.wanted,
        instance,
        client: "demo",
        earlier: Earlier::default(),
        saving,
    };
    let (seed, rival_seed) = (random.u64(..), random.u64(..));
    let first = life::live(&first, turn.mischief.clone(), seed);
    let Some(rival) = &turn.rival else {
        return vec![(first.await, turn.mischief.clone())];
    };
    let other = scene.other.as_ref().filter(|_| rival.wants_other);
    let second = async {
        tokio::time::sleep(rival.after).await;
        let errand = Errand {
            wanted: other.unwrap_or(&scene.wanted),
            instance,
            client: "other",
            earlier: Earlier::default(),
            saving: None,
        };
        life::live(&errand, rival.mischief.clone(), rival_seed).await
    };
    let (first, second) = tokio::join!(biased; first, second);
    vec![
        (first, turn.mischief.clone()),
        (second, rival.mischief.clone()),
    ]
}

/// Somebody starts the next run. What was sent by a process that is dead is done by then, and so is
/// what was late by no more than the settle window.
async fn rest(lives: &[(Life, Mischief)], random: &mut Rng) {
    let killed = |(life, _): &(Life, Mischief)| matches!(life.end, End::Killed);
    let at_least = Duration::from_secs(if lives.iter().any(killed) { 6 } else { 1 });
    let pause = at_least + life::settle() + Duration::from_millis(random.u64(0..60_000));
    tokio::time::sleep(pause).await;
}

pub(crate) fn introduce(stage: &Stage, story: &mut String) {
    let scene = &stage.scene;
    let _ = writeln!(story, "variants: {:?}", scene.variants);
    let texts = [
        ("before", scene.before.as_ref()),
        ("wanted", Some(&scene.wanted)),
        ("somebody else wants", scene.other.as_ref()),
    ];
    for (what, wanted) in texts {
        if let Some(wanted) = wanted {
            let _ = writeln!(story, "{what}:\n{}", wanted.text);
        }
    }
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
        }
    }
}
