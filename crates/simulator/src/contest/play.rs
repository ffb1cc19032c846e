//! A whole contest from one number.

use super::contestant::{Fate, Ground, Run, Turn, run};
use super::line::{UnderWay, Weather, lock};
use super::oracle;
use crate::instance::Instance;
use crate::seed::Failure;
use fastrand::Rng;
use gangplank_executor::lease::{SETTLE, Terms};
use gangplank_sandbox::{FaultEffect, FaultRule, World};
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// How much a contest did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contest {
    /// Times that somebody held the lease.
    pub holds: u64,
    /// Runs that were killed, at work or before.
    pub kills: u64,
    /// Holders that were stopped, since they could not be sure any more.
    pub lost: u64,
    /// Runs that gave up before.
    pub gave_up: u64,
    /// Made of everything that happened, in its order: the same for the same seed.
    pub digest: u64,
}

/// No contest lasts longer, on its own clock.
const AT_MOST: Duration = Duration::from_hours(12);

/// Who may call, and nothing else.
const NOTHING: &str = "{ StandardLibrary: false, Partner: { Credentials: [{ ClientId: demo, \
    ClientSecret: demo-secret }] } }";

/// Plays one seed over an instance whose unknowns stand so.
pub fn contest(seed: u64, variants: &[(&str, &str)]) -> Result<Contest, Box<Failure>> {
    let mut story = String::new();
    let played = quiet_runtime().block_on(play(seed, variants, &mut story));
    finish(seed, story, played)
}

/// A runtime whose clock goes by what is waited for.
pub(super) fn quiet_runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without input and output")
}

pub(super) fn finish(
    seed: u64,
    story: String,
    played: Result<Contest, String>,
) -> Result<Contest, Box<Failure>> {
    match played {
        Ok(contest) => {
            let mut hasher = DefaultHasher::new();
            story.hash(&mut hasher);
            Ok(Contest {
                digest: hasher.finish(),
                ..contest
            })
        }
        Err(why) => Err(Box::new(Failure { seed, why, story })),
    }
}

async fn play(seed: u64, variants: &[(&str, &str)], story: &mut String) -> Result<Contest, String> {
    let mut random = Rng::with_seed(seed);
    let weather = draw_weather(&mut random);
    let terms = Terms::new(Duration::from_secs(random.u64(15..=120)));
    let began = Instant::now();
    let _ = writeln!(story, "{weather:?} {terms:?}");
    let ground = Ground {
        instance: open(variants, lag(&mut random))?,
        weather,
        under_way: UnderWay::default(),
    };
    let mut working = JoinSet::new();
    let busy = weather.late_writes > 0;
    for contestant in 0..random.u32(2..=4) {
        let draw = if busy { busy_turn } else { turn };
        let turns: Vec<Turn> = (0..random.u32(1..=3)).map(|_| draw(&mut random)).collect();
        let (ground, mut random) = (ground.clone(), random.fork());
        working.spawn(async move {
            let mut runs = Vec::new();
            for (number, turn) in turns.into_iter().enumerate() {
                let name = format!("run-{contestant}-{number}");
                runs.push(run(&ground, name, (turn, terms), &mut random).await);
            }
            runs
        });
    }
    let mut runs = Vec::new();
    let all = timeout(AT_MOST, async {
        while let Some(joined) = working.join_next().await {
            runs.extend(joined.map_err(|error| error.to_string())?);
        }
        Ok::<(), String>(())
    });
    match all.await {
        Ok(ended) => ended?,
        Err(_) => return Err("somebody waits for ever".to_owned()),
    }
    runs.sort_by_key(|run| run.wanted);
    for run in &runs {
        tell(run, began, story);
    }
    oracle::one_at_a_time(&runs)?;
    oracle::everybody_gets_it(&runs, weather.trouble > 0 || busy)?;
    if weather.trouble == 0 && !busy {
        oracle::soon(&runs, terms)?;
    }
    afterwards(&ground, terms, &mut random).await?;
    Ok(tally(&runs))
}

/// Whatever was left behind, one who comes later gets the lease, and has unlocked nothing.
async fn afterwards(ground: &Ground, terms: Terms, random: &mut Rng) -> Result<(), String> {
    sleep(ground.weather.longest).await;
    lock(&ground.under_way).abort_all();
    let calm = Ground {
        weather: calm(),
        ..ground.clone()
    };
    let turn = Turn {
        pause: Duration::ZERO,
        work: terms.term() * 3,
        dies: false,
        patience: None,
    };
    let last = run(&calm, "last".to_owned(), (turn, terms), random);
    let last = timeout(AT_MOST, last).await;
    let last = last.map_err(|_| "the lease is never free again".to_owned())?;
    let Some((held, _)) = last.held else {
        return Err(format!("the last run ended with {:?}", last.fate));
    };
    let took = held.duration_since(last.wanted);
    if took > terms.term() + SETTLE + Duration::from_secs(10) {
        return Err(format!("the last run had to wait {} s", took.as_secs()));
    }
    if matches!(last.fate, Fate::Left(_)) {
        Ok(())
    } else {
        Err(format!("the last run ended with {:?}", last.fate))
    }
}

/// An instance without accounts, whose reads lag by so much.
pub(super) fn open(variants: &[(&str, &str)], lag: u64) -> Result<Instance, String> {
    let variants = variants.iter();
    let variants = variants.map(|(name, position)| ((*name).to_owned(), (*position).to_owned()));
    let world = World::from_yaml(NOTHING).map_err(|error| error.to_string())?;
    let instance = Instance::open(world, variants.collect(), 1);
    let instance = instance.map_err(|error| error.to_string())?;
    if lag > 0 {
        let by = format!("{lag}ms").parse().expect("a span");
        instance.set_rules(&[FaultRule::new(FaultEffect::StaleReads { by })]);
    }
    Ok(instance)
}

pub(super) fn calm() -> Weather {
    Weather {
        trouble: 0,
        late_writes: 0,
        longest: Duration::ZERO,
    }
}

fn draw_weather(random: &mut Rng) -> Weather {
    match random.u32(0..10) {
        0 | 1 => return calm(),
        // What a late write covers is seen where others come and go.
        2..=5 => {
            return Weather {
                trouble: 0,
                late_writes: random.u32(10..70),
                longest: Duration::from_millis(random.u64(4_000..60_000)),
            };
        }
        _ => {}
    }
    Weather {
        late_writes: 0,
        trouble: random.u32(1..60),
        longest: Duration::from_millis(
            random.choice(&[2_000, 20_000, 200_000]).map_or(0, |it| *it),
        ),
    }
}

/// Milliseconds for which a write may stay unseen; a claim is prompt enough for so much.
fn lag(random: &mut Rng) -> u64 {
    if random.u32(0..3) == 0 {
        random.u64(1..1_300)
    } else {
        0
    }
}

fn turn(random: &mut Rng) -> Turn {
    // Often all at once, so that they meet.
    let pause = match random.u32(0..3) {
        0 => 0,
        1 => random.u64(0..3_000),
        _ => random.u64(0..200_000),
    };
    let patience = (random.u32(0..4) == 0).then(|| {
        let patience = random.u64(0..30_000);
        (Duration::from_millis(patience), random.bool())
    });
    let longest = 1_u64 << random.u32(4..18);
    Turn {
        pause: Duration::from_millis(pause),
        work: Duration::from_millis(random.u64(0..longest)),
        dies: random.u32(0..3) == 0,
        patience,
    }
}

/// One that begins while others come and go.
fn busy_turn(random: &mut Rng) -> Turn {
    Turn {
        pause: Duration::from_millis(random.u64(0..8_000)),
        work: Duration::from_millis(random.u64(0..40_000)),
        dies: random.u32(0..12) == 0,
        patience: None,
    }
}

fn tally(runs: &[Run]) -> Contest {
    let count = |fits: fn(&Run) -> bool| runs.iter().filter(|run| fits(run)).count() as u64;
    Contest {
        holds: count(|run| run.held.is_some()),
        kills: count(|run| matches!(run.fate, Fate::Killed | Fate::DiedWaiting)),
        lost: count(|run| matches!(run.fate, Fate::Lost(_))),
        gave_up: count(|run| run.fate == Fate::GaveUp),
        digest: 0,
    }
}

fn tell(run: &Run, began: Instant, story: &mut String) {
    let at = |instant: Instant| instant.duration_since(began).as_millis();
    let held = run.held.map(|(from, until)| (at(from), at(until)));
    let (name, wanted, fate) = (&run.name, at(run.wanted), &run.fate);
    let _ = writeln!(story, "{name}: wanted {wanted}, held {held:?}, {fate:?}");
}
