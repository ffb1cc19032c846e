//! `--lock`: the lease of an apply, from before the instance is read until the end.

mod holder;
mod told;

use crate::args::LockArgs;
use crate::clock;
use crate::exit::Exit;
use crate::printer::{self, Printer};
use crate::signal::Signals;
use gangplank_cyclr::Client;
use gangplank_executor::lease::{
    Claimant, End, Lease, LeaseMachine, Status, Terms, Waiting, Watch,
};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Whoever waits is told so often that he is not forgotten.
const HEARTBEAT: Duration = Duration::from_mins(1);

/// The lease that was asked for, if one was.
#[derive(Debug, Default)]
pub(crate) struct Lock {
    args: Option<LockArgs>,
    lease: Option<Lease>,
    /// Set by a second signal: nothing is given back any more.
    abandoned: Arc<AtomicBool>,
}

impl Lock {
    /// Takes none.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    /// What the arguments ask for.
    pub(crate) fn of(args: &LockArgs) -> Self {
        Self {
            args: args.lock.then(|| args.clone()),
            ..Self::default()
        }
    }

    /// Takes the lease, waiting for it as long as was said. An `Err` says how to end, and was told.
    ///
    /// Dropped on its way, it has what [`Lock::leave`] gives back.
    pub(crate) async fn take(&mut self, client: &Client, printer: Printer) -> Result<(), Exit> {
        let Some(args) = &self.args else {
            return Ok(());
        };
        let machine = LeaseMachine::new(claimant(), Terms::new(args.lock_term), random());
        let lease = self.lease.insert(Lease::begin(client.clone(), machine));
        let mut waited = Waited::default();
        let taken = tokio::time::timeout(args.lock_wait, wait(lease, &mut waited)).await;
        match taken {
            Ok(Ok(())) => {
                if waited.latest.is_some() {
                    printer::message("The lease is held from now on.\n");
                }
                Ok(())
            }
            Ok(Err(End::Refused(refusal))) => Err(told::refused(&refusal, printer)),
            Ok(Err(End::Lost(why) | End::NotReleased(why))) => {
                printer.error(&format!("the lease cannot be had: {why}"));
                Err(Exit::Failed)
            }
            Ok(Err(End::Released)) => Err(Exit::Failed),
            Err(_) => Err(told::too_long(
                waited.latest.as_ref(),
                args.lock_wait,
                printer,
            )),
        }
    }

    /// What whoever works under it needs to know.
    pub(crate) fn held(&self) -> Held {
        Held {
            watch: self.lease.as_ref().map(Lease::watch),
            abandoned: self.abandoned.clone(),
        }
    }

    /// Gives it back, held or not; a further signal cuts that short.
    pub(crate) async fn leave(&mut self) {
        let (Some(lease), Some(args)) = (self.lease.take(), &self.args) else {
            return;
        };
        if self.abandoned.load(Ordering::Relaxed) {
            return;
        }
        let Ok(mut signals) = Signals::from_now_on() else {
            return;
        };
        let end = tokio::select! {
            end = lease.leave() => end,
            _ = signals.next() => End::NotReleased("a signal came first".to_owned()),
        };
        if let End::NotReleased(why) = end {
            told::left_behind(&why, args.lock_term);
        }
    }
}

/// A lease under which somebody works; or none, which is never lost.
#[derive(Clone, Debug, Default)]
pub(crate) struct Held {
    watch: Option<Watch>,
    abandoned: Arc<AtomicBool>,
}

impl Held {
    /// Ends when the lease is lost, and has told it.
    pub(crate) async fn lost(&self, printer: Printer) {
        match &self.watch {
            Some(watch) => told::lost(&watch.lost().await, printer),
            None => std::future::pending().await,
        }
    }

    /// Tells, just before the first call, if the lease is lost already.
    pub(crate) fn check(&self, printer: Printer) -> Result<(), Exit> {
        match self.watch.as_ref().and_then(Watch::why_lost) {
            Some(why) => Err(told::lost_before(&why, printer)),
            None => Ok(()),
        }
    }

    /// Has the lease left as a killed run leaves it: a second signal ends at once.
    pub(crate) fn abandon(&self) {
        self.abandoned.store(true, Ordering::Relaxed);
    }
}

/// Whom a wait was for, as far as it was told.
#[derive(Debug, Default)]
struct Waited {
    latest: Option<Waiting>,
    told: Option<Instant>,
}

/// Waits for the lease, and tells for whom.
async fn wait(lease: &Lease, waited: &mut Waited) -> Result<(), End> {
    let mut status = lease.status();
    loop {
        let now = status.borrow_and_update().clone();
        match now {
            Status::Taking(Some(waiting)) => {
                let run = |waiting: &Waiting| waiting.claim.as_ref().map(|claim| claim.run.clone());
                let same = waited.latest.as_ref().map(run) == Some(run(&waiting));
                let is_due = waited.told.is_none_or(|told| told.elapsed() >= HEARTBEAT);
                if !same || is_due {
                    told::waiting(&waiting, same);
                    waited.told = Some(Instant::now());
                }
                waited.latest = Some(waiting);
            }
            Status::Taking(None) => {}
            Status::Held | Status::Ended(_) => return lease.taken().await,
        }
        if status.changed().await.is_err() {
            return lease.taken().await;
        }
    }
}

fn claimant() -> Claimant {
    let since = clock::now();
    Claimant {
        run: format!("{since}-{}-{:04x}", std::process::id(), random() & 0xffff),
        holder: holder::holder(),
        since,
    }
}

/// A number that another process does not draw.
fn random() -> u64 {
    RandomState::new().hash_one(0)
}
