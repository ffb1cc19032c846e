//! One of those who want the lease: takes it, works, and leaves, gives up or dies.

use super::line::{Line, UnderWay, Weather};
use crate::instance::Instance;
use fastrand::Rng;
use gangplank_cyclr::{Client, Config, Sensitive};
use gangplank_executor::lease::{Claimant, End, Lease, LeaseMachine, Terms};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// What one run does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// Before it begins.
    pub(super) pause: Duration,
    /// How long it works, once it holds the lease.
    pub(super) work: Duration,
    /// Whether it is killed at the end of its work.
    pub(super) dies: bool,
    /// After how long it gives up, or is killed, if it does not hold the lease by then.
    pub(super) patience: Option<(Duration, bool)>,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It worked and gave the lease back, if it could.
    Left(End),
    /// It was killed at work.
    Killed,
    /// It was told that the lease is lost.
    Lost(String),
    /// It gave up before it held the lease.
    GaveUp,
    /// It was killed before.
    DiedWaiting,
    /// It was told that the lease cannot be had.
    Refused(End),
}

/// One run, when it is over.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) name: String,
    /// When it began to want the lease.
    pub(super) wanted: Instant,
    /// From when to when it held it.
    pub(super) held: Option<(Instant, Instant)>,
    pub(super) fate: Fate,
}

/// What all of them share.
#[derive(Clone, Debug)]
pub(super) struct Ground {
    pub(super) instance: Instance,
    pub(super) weather: Weather,
    pub(super) under_way: UnderWay,
}

impl Ground {
    /// A client over a line of its own.
    pub(super) fn client(&self, random: &mut Rng) -> Client {
        let line = Line {
            instance: self.instance.clone(),
            weather: self.weather,
            random: Mutex::new(random.fork()),
            under_way: self.under_way.clone(),
        };
        let secret = Sensitive::new("demo-secret".into());
        let mut config = Config::new("http://localhost", "demo".into(), secret);
        config.seed = random.u64(..);
        Client::over(config, Box::new(line))
    }

    /// Begins to take the lease.
    pub(super) fn lease(&self, name: &str, terms: Terms, random: &mut Rng) -> Lease {
        let claimant = Claimant {
            run: name.to_owned(),
            holder: format!("host of {name}"),
            since: "2026-01-01T00:00:00Z".into(),
        };
        let machine = LeaseMachine::new(claimant, terms, random.u64(..));
        Lease::begin(self.client(random), machine)
    }
}

/// Plays one run.
pub(super) async fn run(
    ground: &Ground,
    name: String,
    (turn, terms): (Turn, Terms),
    random: &mut Rng,
) -> Run {
    sleep(turn.pause).await;
    let wanted = Instant::now();
    let lease = ground.lease(&name, terms, random);
    let patience = async {
        match turn.patience {
            Some((patience, dies)) => {
                sleep(patience).await;
                dies
            }
            None => std::future::pending().await,
        }
    };
    let before = tokio::select! {
        biased;
        taken = lease.taken() => taken.map_err(Fate::Refused),
        dies = patience => Err(if dies { Fate::DiedWaiting } else { Fate::GaveUp }),
    };
    let ended = |fate| Run {
        name,
        wanted,
        held: None,
        fate,
    };
    match before {
        Ok(()) => {}
        Err(Fate::GaveUp) => {
            lease.leave().await;
            return ended(Fate::GaveUp);
        }
        Err(fate) => return ended(fate),
    }
    let began = Instant::now();
    let watch = lease.watch();
    let lost = tokio::select! {
        biased;
        why = watch.lost() => Some(why),
        () = sleep(turn.work) => None,
    };
    let held = Some((began, Instant::now()));
    let fate = match lost {
        Some(why) => Fate::Lost(why),
        None if turn.dies => Fate::Killed,
        None => Fate::Left(lease.leave().await),
    };
    Run {
        held,
        ..ended(fate)
    }
}
