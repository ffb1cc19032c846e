//! One life of the process: read, plan, apply, as the program does it.

use crate::disk::{Disk, Platter};
use crate::fate::Fate;
use crate::instance::Instance;
use crate::mischief::Mischief;
use crate::saved::{self, Saving};
use crate::scene::Wanted;
use crate::wire::Wire;
use fastrand::Rng;
use gangplank_cyclr::{Client, Config, Sensitive};
use gangplank_executor::{
    Canceller, Context, Earlier, Journal, JournalHeader, Report, Runtime, Settings, Verdict, apply,
};
use gangplank_live::Scope;
use gangplank_model::{Event, InstanceRef, Plan, Receipt, Secret};
use gangplank_planner::{Limits, MadeMarks};
use gangplank_secrets::MarkKey;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What a life is for.
#[derive(Debug)]
pub(crate) struct Errand<'a> {
    pub(crate) wanted: &'a Wanted,
    pub(crate) instance: &'a Instance,
    /// The OAuth client, by which the ledger tells those who are at work at once.
    pub(crate) client: &'static str,
    /// What an earlier life may still have under way, where somebody tells.
    pub(crate) earlier: Earlier,
    /// Set where the plan is applied by way of a file.
    pub(crate) saving: Option<&'a Saving>,
}

/// How it ended.
#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) client: &'static str,
    pub(crate) end: End,
    /// Calls that were made.
    pub(crate) calls: u64,
    /// Writes that were begun.
    pub(crate) writes: u64,
    /// What it left on the disk.
    pub(crate) platter: Platter,
    /// Everything that it told.
    pub(crate) events: Vec<Event>,
}

/// How a life ended.
#[derive(Debug)]
pub(crate) enum End {
    /// Killed before it could say anything.
    Killed,
    /// The instance could not be read.
    Unread(String),
    /// The plan was refused: the manifests or the instance are not as they should be.
    Refused(String),
    /// All was said and done.
    Applied {
        plan: Box<Plan>,
        report: Report,
        /// Whether some account could not be read.
        partly: bool,
    },
}

impl Life {
    /// Whether it may have left something half done that nobody but itself could have told.
    pub(crate) fn is_cut_off(&self) -> bool {
        match &self.end {
            End::Killed => true,
            End::Applied { report, .. } => {
                let unread = |it: &Receipt| {
                    let why = it.outcome.explanation().unwrap_or_default();
                    why.contains("whether somebody else installed the same")
                };
                report.has_unknown() || report.receipts().any(unread)
            }
            End::Unread(_) | End::Refused(_) => false,
        }
    }

    /// Operations of its plan.
    pub(crate) fn operations(&self) -> usize {
        match &self.end {
            End::Applied { plan, .. } => plan.operation_count(),
            End::Killed | End::Unread(_) | End::Refused(_) => 0,
        }
    }

    /// Whether the program would end with 0.
    pub(crate) fn is_done(&self) -> bool {
        match &self.end {
            End::Applied {
                plan,
                report,
                partly,
            } => report.verdict() == Verdict::Done && !partly && plan.summary.blocked == 0,
            End::Killed | End::Unread(_) | End::Refused(_) => false,
        }
    }
}

/// Lives once, from a seed.
pub(crate) async fn live(errand: &Errand<'_>, mischief: Mischief, seed: u64) -> Life {
    let mut random = Rng::with_seed(seed);
    let fate = Arc::new(Fate::new(mischief.dies_at));
    let platter = Platter::default();
    let calls = Arc::new(AtomicU64::new(0));
    let (canceller, cancel) = Canceller::new();
    let disk = Disk::new(fate.clone(), platter.clone(), mischief.room, seed);
    let wire = Wire {
        instance: errand.instance.clone(),
        mischief,
        fate: fate.clone(),
        platter: platter.clone(),
        canceller,
        random: Mutex::new(random.fork()),
        calls: calls.clone(),
    };
    let secret = "demo-secret";
    let mut config = Config::new(
        "http://localhost",
        errand.client.into(),
        Sensitive::new(secret.into()),
    );
    config.seed = random.u64(..);
    let events = Arc::new(Mutex::new(Vec::new()));
    let listener = events.clone();
    let runtime = Runtime {
        client: Client::over(config, Box::new(wire)),
        context: Arc::new(Context {
            secrets: errand.wanted.secrets.clone(),
            mark_key: MarkKey::derive(&Secret::new(secret.into())),
            settings: Settings {
                seed: random.u64(..),
                ..Settings::default()
            },
            preconditions: gangplank_model::Preconditions::new(),
            earlier: errand.earlier.clone(),
        }),
        journal: Journal::none(),
        events: Arc::new(move |event| {
            let mut events = listener.lock().unwrap_or_else(PoisonError::into_inner);
            events.push(event);
        }),
        cancel,
    };
    let end = tokio::select! {
        biased;
        () = fate.death() => End::Killed,
        end = Box::pin(work(errand, runtime, disk)) => end,
    };
    let told = std::mem::take(&mut *events.lock().unwrap_or_else(PoisonError::into_inner));
    Life {
        client: errand.client,
        end,
        calls: calls.load(Ordering::Relaxed),
        writes: fate.begun(),
        platter,
        events: told,
    }
}

async fn work(errand: &Errand<'_>, mut runtime: Runtime, disk: Disk) -> End {
    let desired = &errand.wanted.desired;
    let scope = Scope::of(desired);
    let live = match gangplank_live::read(&runtime.client, &scope, &|_| {}).await {
        Ok(live) => live,
        Err(error) => return End::Unread(error.to_string()),
    };
    let key = &runtime.context.mark_key;
    let context = gangplank_planner::Context {
        instance: InstanceRef {
            name: "simulated".into(),
            api_url: "http://localhost".into(),
        },
        marks: true,
        made_marks: Some(MadeMarks::make(desired, key.id(), |account, write| {
            key.connector_mark(account, write, &errand.wanted.secrets)
        })),
        limits: Limits {
            removals: Some(usize::MAX),
        },
    };
    let (plan, problems) = gangplank_planner::plan(desired, &live, &context);
    if problems.has_errors() {
        return End::Refused(format!("{problems:?}"));
    }
    let broken = gangplank_planner::check(&plan);
    if !broken.is_empty() {
        return End::Refused(format!("the plan breaks its own rules: {broken:?}"));
    }
    let plan = saved::by_file(errand, &mut runtime, (plan, &live)).await;
    let header = JournalHeader {
        run: "simulated".into(),
        started: "2026-01-01T00:00:00Z".into(),
        instance: "simulated".into(),
        manifest_digest: plan.manifest_digest.clone(),
    };
    let partly = !live.failed.is_empty() || (scope.library && live.connectors.is_none());
    match Journal::begin(Box::new(disk), &header).await {
        Ok(journal) => runtime.journal = journal,
        Err(error) => return End::Unread(format!("the journal: {error}")),
    }
    let report = apply(&plan, runtime).await;
    End::Applied {
        plan: Box::new(plan),
        report,
        partly,
    }
}

/// The settle window of every life.
pub(crate) fn settle() -> Duration {
    Settings::default().settle
}
