//! Going on from a journal: at once after a kill, and from journals that lie.

use crate::fate::Point;
use crate::instance::Instance;
use crate::life::{self, End, Errand, Life};
use crate::mischief::Mischief;
use crate::oracle;
use crate::play;
use crate::seed::Failure;
use crate::stage::{Stage, undisturbed};
use crate::testimony;
use fastrand::Rng;
use gangplank_executor::{Earlier, OpenCall, PastRun, UnreadableJournal};
use gangplank_model::file::receipts_v1::OutcomeV1;
use gangplank_model::{Address, Desired};
use std::fmt::Write as _;
use std::time::Duration;

/// Routes of all calls that write.
const ROUTES: [&str; 8] = [
    "POST /accounts",
    "POST /connectors/{id}/install",
    "POST /templates/{id}/install",
    "PUT /cycles/{id}",
    "PUT /cycles/{id}/activate",
    "PUT /cycles/{id}/deactivate",
    "PUT /accounts/{id}",
    "PUT /account/connectors/{id}",
];

/// Kills the run of a seed's scene at one point of one of its writes, and goes on from its journal within
/// a second, while what was sent may still be done. Gives how many writes there are.
pub fn resume(seed: u64, write: u64, point: Point) -> Result<u64, Box<Failure>> {
    play::run(seed, async |story| {
        kill_and_go_on(seed, (write, point), story).await
    })
}

/// Plays a seed's scene with a journal that claims that every call of every kind may still be done.
pub fn resume_lies(seed: u64) -> Result<u64, Box<Failure>> {
    play::run(seed, async |story| go_on_from_lies(seed, story).await)
}

async fn kill_and_go_on(
    seed: u64,
    dies_at: (u64, Point),
    story: &mut String,
) -> Result<u64, String> {
    let mut random = Rng::with_seed(seed);
    let stage = Stage::drawn(seed).await?;
    if dies_at.0 >= stage.writes {
        return Ok(stage.writes);
    }
    let instance = stage.open()?;
    play::introduce(&stage, story);
    let _ = writeln!(story, "killed at {dies_at:?}");
    let mischief = Mischief {
        dies_at: Some(dies_at),
        ..Mischief::default()
    };
    let errand = errand(&stage, &instance);
    let life = life::live(&errand, mischief, random.u64(..)).await;
    play::tell(&life, story);
    testimony::bears_out(&life, &instance.ledger())?;
    let past = past(&life)?;
    testify(&life, dies_at.1, past.as_ref())?;
    tokio::time::sleep(Duration::from_millis(random.u64(0..1_000))).await;
    let calls = past.into_iter().flat_map(|past| past.open);
    let errand = Errand {
        earlier: Earlier::new(calls.map(|call| (call, life::settle()))),
        ..errand
    };
    let next = life::live(&errand, Mischief::default(), random.u64(..)).await;
    play::tell(&next, story);
    oracle::nothing_twice(&instance.ledger(), &instance.world(), false)?;
    // Whatever was sent is done by now: if it said that it was done, that has to hold.
    tokio::time::sleep(life::settle()).await;
    if next.is_done() {
        stage
            .ends
            .compare(instance.world(), false)
            .map_err(|why| format!("I5 it said that it was done, but: {why}"))?;
    }
    end(&stage, &instance, random.u64(..)).await?;
    Ok(stage.writes)
}

async fn go_on_from_lies(seed: u64, story: &mut String) -> Result<u64, String> {
    let mut random = Rng::with_seed(seed);
    let stage = Stage::drawn(seed).await?;
    let instance = stage.open()?;
    play::introduce(&stage, story);
    let lies = lies(&stage.scene.wanted.desired);
    let errand = Errand {
        earlier: Earlier::new(lies.map(|call| (call, life::settle()))),
        ..errand(&stage, &instance)
    };
    let life = life::live(&errand, Mischief::default(), random.u64(..)).await;
    play::tell(&life, story);
    if !life.is_done() || life.operations() != stage.operations {
        let (done, needed) = (life.operations(), stage.operations);
        return Err(format!(
            "lies changed the run: {done} operations, not {needed}"
        ));
    }
    end(&stage, &instance, random.u64(..)).await?;
    Ok(stage.writes)
}

fn errand<'a>(stage: &'a Stage, instance: &'a Instance) -> Errand<'a> {
    Errand {
        wanted: &stage.scene.wanted,
        instance,
        client: "demo",
        earlier: Earlier::default(),
        saving: None,
    }
}

/// I1 to I3: one more apply brings it there, and then nothing is left to do.
async fn end(stage: &Stage, instance: &Instance, seed: u64) -> Result<(), String> {
    let wanted = &stage.scene.wanted;
    undisturbed(wanted, instance, seed).await;
    oracle::nothing_twice(&instance.ledger(), &instance.world(), false)?;
    stage.ends.compare(instance.world(), false)?;
    instance.reset_ledger();
    let last = undisturbed(wanted, instance, seed).await;
    oracle::untouched(instance, &last)
}

fn past(life: &Life) -> Result<Option<PastRun>, String> {
    match PastRun::read(life.platter.journal().as_slice()) {
        Ok(past) => Ok(Some(past)),
        Err(UnreadableJournal::Empty) => Ok(None),
        Err(error) => Err(format!("the journal does not read: {error}")),
    }
}

/// What the journal has to say of the write at which its process died.
fn testify(life: &Life, point: Point, past: Option<&PastRun>) -> Result<(), String> {
    if !matches!(life.end, End::Killed) {
        return Err(format!("it was not killed at {point:?}"));
    }
    let open = past.map_or(0, |past| past.open.len() as u64);
    let done = past.map_or(0, |past| {
        past.ended.get(&OutcomeV1::Done).copied().unwrap_or(0)
    });
    // Other lanes may have got less far with their own records.
    let begun = life.writes;
    let holds = match point {
        Point::BeforeIntent | Point::IntentAppended => open + done < begun,
        Point::IntentDurable
        | Point::HalfSent
        | Point::SentNotDone
        | Point::DoneNotAnswered
        | Point::HalfAnswered
        | Point::Answered
        | Point::ReceiptAppended => open >= 1,
        Point::ReceiptDurable => done >= 1,
    };
    if holds {
        return Ok(());
    }
    Err(format!(
        "died at {point:?} after {begun} writes, of which {done} are done and {open} open in the journal"
    ))
}

fn lies(desired: &Desired) -> impl Iterator<Item = OpenCall> {
    let accounts = desired.accounts.iter();
    let addresses = accounts.flat_map(|account| {
        let connectors = account.connectors.iter().map(|it| it.name.clone());
        let templates = account.templates.iter().map(|it| it.name.clone());
        let connectors = connectors.map(|it| Address::connector(&account.id, it));
        let templates = templates.map(|it| Address::template(&account.id, it));
        let made_up = Address::template(&account.id, "made up");
        connectors
            .chain(templates)
            .chain([Address::account(&account.id), made_up])
            .collect::<Vec<_>>()
    });
    addresses.flat_map(|address| {
        ROUTES.map(|route| OpenCall {
            address: address.clone(),
            verb: String::new(),
            route: route.to_owned(),
            round: String::new(),
            at: Duration::ZERO,
            given_up: false,
        })
    })
}
