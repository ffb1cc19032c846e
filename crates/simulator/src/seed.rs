//! A whole simulation from one number.

use crate::mischief::Mischief;
use crate::play::{self, Rival, Turn};
use crate::stage::Stage;
use fastrand::Rng;
use std::fmt;
use std::time::Duration;

/// So many seeds in a row play the same scene, each with its own trouble.
const SEEDS_A_SCENE: u64 = 16;

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

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, why, story } = self;
        writeln!(f, "{story}\nseed {seed}: {why}")?;
        write!(f, "again: cargo run -p xtask -- simulate --seed {seed}")
    }
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
    play::run(seed, async |story| {
        let stage = Stage::drawn(seed / SEEDS_A_SCENE).await?;
        let mut random = Rng::with_seed(seed);
        let turns: Vec<Turn> = (0..random.u32(1..=3))
            .map(|_| turn(&stage, &mut random))
            .collect();
        play::play(&stage, &turns, &mut random, story).await
    })
}

/// Draws what happens to one apply.
fn turn(stage: &Stage, random: &mut Rng) -> Turn {
    let mut mischief = Mischief::draw(random, stage.calls, stage.writes);
    // A second apply meets trouble of the wire only: what goes wrong with the instance is the first's.
    let rival = (random.u32(0..4) == 0).then(|| {
        let mut mischief = if random.bool() {
            Mischief::draw(random, stage.calls, stage.writes)
        } else {
            Mischief::default()
        };
        mischief.lucky();
        Rival {
            after: Duration::from_millis(random.u64(0..60 * stage.calls.max(1))),
            mischief,
            wants_other: random.bool(),
        }
    });
    if rival.is_some() {
        mischief.in_company();
    }
    let alone = rival.is_none();
    Turn {
        mischief,
        rival,
        by_file: (alone && random.u32(0..5) == 0).then(|| random.u64(..)),
    }
}
