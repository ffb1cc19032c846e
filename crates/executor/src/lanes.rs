//! All lanes of a plan: concurrently, each alone with its failures, parents before sub-accounts.

use crate::cancel::{Cancel, GRACE};
use crate::journal::Journal;
use crate::lane::{Context, Input, Intent, LaneMachine, Step};
use gangplank_cyclr::{Client, Scrubber};
use gangplank_model::{AccountId, Event, Lane, OperationKind, Outcome, Plan, Receipt};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::{Id, JoinSet};
use tokio::time::Instant;

/// Is told every event, from any lane; must be quick.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// Everything an apply needs besides its plan.
pub struct Runtime {
    /// The way to the instance.
    pub client: Client,
    /// Secrets, key and bounds.
    pub context: Arc<Context>,
    /// Where intents and outcomes are written.
    pub journal: Journal,
    /// Is told what happens.
    pub events: Listener,
    /// Tells when to stop.
    pub cancel: Cancel,
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime")
            .field("context", &self.context)
            .field("journal", &self.journal)
            .finish_non_exhaustive()
    }
}

/// How one lane ended.
#[derive(Clone, Debug)]
pub struct LaneReport {
    /// The account.
    pub account: AccountId,
    /// Whether every operation ended well.
    pub good: bool,
    /// Why the lane was not begun, or broke off, when no receipt says so.
    pub why: Option<String>,
    /// One receipt an operation, in the plan's order.
    pub receipts: Vec<Receipt>,
}

/// How an apply ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// One for each lane of the plan, in its order.
    pub lanes: Vec<LaneReport>,
    /// Whether a stop was asked for before everything was done.
    pub cancelled: bool,
    /// Why the journal could not be written, if so.
    pub journal_failure: Option<String>,
}

impl Report {
    /// Goes through all receipts, lane by lane.
    pub fn receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.lanes.iter().flat_map(|lane| &lane.receipts)
    }

    /// Whether every lane ended well.
    pub fn is_good(&self) -> bool {
        self.lanes.iter().all(|lane| lane.good)
    }

    /// Whether an outcome is left that could not be found out.
    pub fn has_unknown(&self) -> bool {
        self.receipts()
            .any(|receipt| matches!(receipt.outcome, Outcome::Unknown(_)))
    }
}

/// Applies a plan. Ends when every lane has ended; what went wrong is in the report.
pub async fn apply(plan: &Plan, runtime: Runtime) -> Report {
    (runtime.events)(Event::Started {
        lanes: plan.lanes.len(),
        operations: plan.operation_count(),
    });
    for secret in runtime.context.secrets.values() {
        runtime.client.scrubber().learn(secret.expose());
    }
    let cancel = runtime.cancel.clone();
    let shared = Arc::new(Shared {
        client: runtime.client,
        context: runtime.context,
        journal: Mutex::new(runtime.journal),
        events: runtime.events,
        cancel: runtime.cancel,
        started: Instant::now(),
    });
    let mut run = Run::new(plan, shared.clone());
    run.work_off().await;
    let mut journal = lock(&shared.journal);
    journal.finish();
    let lanes: Vec<LaneReport> = run.reports.into_iter().flatten().collect();
    let cancelled = cancel.is_cancelled() && !lanes.iter().all(|lane| lane.good);
    Report {
        lanes,
        cancelled,
        journal_failure: journal.failure().map(str::to_owned),
    }
}

struct Shared {
    client: Client,
    context: Arc<Context>,
    journal: Mutex<Journal>,
    events: Listener,
    cancel: Cancel,
    started: Instant,
}

/// A panic while the lock was held leaves nothing half done that matters here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Receipts are kept outside of the lane's task, so that a panic does not lose them.
type Kept = Arc<Mutex<Vec<Receipt>>>;

struct Run<'a> {
    plan: &'a Plan,
    shared: Arc<Shared>,
    /// Lanes that may begin.
    ready: VecDeque<usize>,
    /// Lanes that wait for the lane of their parent.
    waiting: BTreeMap<&'a AccountId, Vec<usize>>,
    working: JoinSet<bool>,
    tasks: BTreeMap<Id, (usize, Kept)>,
    reports: Vec<Option<LaneReport>>,
}

impl<'a> Run<'a> {
    fn new(plan: &'a Plan, shared: Arc<Shared>) -> Self {
        let accounts: BTreeSet<&AccountId> = plan.lanes.iter().map(|lane| &lane.account).collect();
        let mut ready = VecDeque::new();
        let mut waiting: BTreeMap<&AccountId, Vec<usize>> = BTreeMap::new();
        for (index, lane) in plan.lanes.iter().enumerate() {
            match &lane.after {
                Some(parent) if accounts.contains(parent) => {
                    waiting.entry(parent).or_default().push(index);
                }
                Some(_) | None => ready.push_back(index),
            }
        }
        Self {
            plan,
            shared,
            ready,
            waiting,
            working: JoinSet::new(),
            tasks: BTreeMap::new(),
            reports: plan.lanes.iter().map(|_| None).collect(),
        }
    }

    async fn work_off(&mut self) {
        let window = self.shared.context.settings.concurrency.max(1);
        loop {
            while self.working.len() < window {
                let Some(index) = self.ready.pop_front() else {
                    break;
                };
                self.begin(index);
            }
            let Some(joined) = self.working.join_next_with_id().await else {
                break;
            };
            let (id, good) = match joined {
                Ok((id, good)) => (id, Some(good)),
                Err(error) => (error.id(), None),
            };
            if let Some((index, kept)) = self.tasks.remove(&id) {
                self.ended(index, good, &kept);
            }
        }
        // Parents that wait for each other never end.
        let left: Vec<usize> = self.waiting.values().flatten().copied().collect();
        for index in left {
            self.skip(index, "its parent's account waits for it in turn");
        }
    }

    fn begin(&mut self, index: usize) {
        let lane = self.plan.lanes[index].clone();
        let kept = Kept::default();
        let seed = self.shared.context.settings.seed ^ index as u64;
        let machine = LaneMachine::new(lane.clone(), self.shared.context.clone(), seed);
        let task = drive(machine, lane, self.shared.clone(), kept.clone());
        let handle = self.working.spawn(task);
        self.tasks.insert(handle.id(), (index, kept));
    }

    /// Takes a lane's end; `None` is a panic.
    fn ended(&mut self, index: usize, good: Option<bool>, kept: &Kept) {
        let lane = &self.plan.lanes[index];
        let mut receipts = std::mem::take(&mut *lock(kept));
        let why = match good {
            Some(_) => None,
            None => Some(self.fill_in(lane, &mut receipts)),
        };
        self.close(index, good == Some(true), why, receipts);
    }

    /// After a panic: the operation at work may have been sent, the rest was not.
    fn fill_in(&self, lane: &Lane, receipts: &mut Vec<Receipt>) -> String {
        let why =
            "an error of Gangplank itself ended this account's work; apply again, and please \
                   report it"
                .to_owned();
        let at_work = receipts.len();
        for index in at_work..lane.operations.len() {
            let outcome = if index == at_work {
                Outcome::Unknown(why.clone())
            } else {
                Outcome::Skipped
            };
            let receipt = untried(lane, index, outcome);
            (self.shared.events)(Event::Finished(receipt.clone()));
            receipts.push(receipt);
        }
        why
    }

    fn close(&mut self, index: usize, good: bool, why: Option<String>, receipts: Vec<Receipt>) {
        let lane = &self.plan.lanes[index];
        let account = &lane.account;
        let stands = stands(lane, &receipts);
        (self.shared.events)(Event::LaneEnded {
            account: account.clone(),
            good,
        });
        self.reports[index] = Some(LaneReport {
            account: account.clone(),
            good,
            why,
            receipts,
        });
        for child in self.waiting.remove(account).unwrap_or_default() {
            if good || (stands && !removes(&self.plan.lanes[child])) {
                self.ready.push_back(child);
            } else {
                self.skip(child, &format!("account {account} did not end well"));
            }
        }
    }

    fn skip(&mut self, index: usize, why: &str) {
        if self.reports[index].is_some() {
            return;
        }
        let lane = &self.plan.lanes[index];
        let receipts: Vec<Receipt> = (0..lane.operations.len())
            .map(|index| untried(lane, index, Outcome::Skipped))
            .collect();
        for receipt in &receipts {
            (self.shared.events)(Event::Finished(receipt.clone()));
        }
        self.close(index, false, Some(why.to_owned()), receipts);
    }
}

/// Whether the account itself is there, whatever else went wrong in it: a sub-account needs no more.
fn stands(lane: &Lane, receipts: &[Receipt]) -> bool {
    let receipts = lane.operations.iter().zip(receipts);
    let mut creates = receipts
        .filter(|(operation, _)| matches!(operation.kind, OperationKind::CreateAccount { .. }));
    creates.all(|(_, receipt)| receipt.outcome.is_good())
}

/// Whether a lane removes its account, which needs that all of its sub-accounts are gone.
fn removes(lane: &Lane) -> bool {
    let mut operations = lane.operations.iter();
    operations.any(|operation| matches!(operation.kind, OperationKind::DeleteAccount))
}

fn untried(lane: &Lane, index: usize, outcome: Outcome) -> Receipt {
    let operation = &lane.operations[index];
    Receipt {
        address: operation.address.clone(),
        index,
        verb: operation.verb(),
        route: operation.route(),
        outcome,
        id: None,
        attempts: 0,
        elapsed: Duration::ZERO,
    }
}

/// Does for one machine what it asks for. Says whether the lane ended well.
async fn drive(mut machine: LaneMachine, lane: Lane, shared: Arc<Shared>, kept: Kept) -> bool {
    let mut input = Input::Begin;
    let mut grace = None;
    loop {
        if shared.cancel.is_cancelled() {
            machine.stop();
            grace.get_or_insert_with(|| Instant::now() + GRACE);
        }
        input = match machine.next(shared.started.elapsed(), input) {
            Step::Send { request, intent } => match record(&lane, &shared, intent) {
                Ok(()) => send(&shared, &request, &mut grace).await,
                Err(why) => Input::Halted(why),
            },
            Step::Wait { index, delay, why } => {
                (shared.events)(Event::Waiting {
                    address: lane.operations[index].address.clone(),
                    delay,
                    why: shared.client.scrubber().clean(&why),
                });
                tokio::select! {
                    biased;
                    () = tokio::time::sleep(delay) => {}
                    () = shared.cancel.cancelled() => {}
                }
                Input::Elapsed
            }
            Step::Ended(mut receipt) => {
                receipt.outcome = scrubbed(receipt.outcome, shared.client.scrubber());
                lock(&shared.journal).outcome(&receipt, shared.started.elapsed());
                lock(&kept).push(receipt.clone());
                (shared.events)(Event::Finished(receipt));
                Input::Begin
            }
            Step::Done { good } => return good,
        };
    }
}

/// What the instance holds may repeat a secret as well as what it says.
fn scrubbed(outcome: Outcome, scrubber: &Scrubber) -> Outcome {
    match outcome {
        Outcome::Refused(why) => Outcome::Refused(scrubber.clean(&why)),
        Outcome::Diverged(why) => Outcome::Diverged(scrubber.clean(&why)),
        Outcome::Unknown(why) => Outcome::Unknown(scrubber.clean(&why)),
        Outcome::Waiting(why) => Outcome::Waiting(scrubber.clean(&why)),
        Outcome::Done | Outcome::Confirmed | Outcome::Skipped => outcome,
    }
}

fn record(lane: &Lane, shared: &Shared, intent: Option<Intent>) -> Result<(), String> {
    let Some(Intent { index, attempt }) = intent else {
        return Ok(());
    };
    let at = shared.started.elapsed();
    lock(&shared.journal).intent(&lane.operations[index], index, attempt, at)
}

/// Sends one request; after a stop it gets what is left of the grace, and no more.
async fn send(
    shared: &Shared,
    request: &gangplank_cyclr::Request,
    grace: &mut Option<Instant>,
) -> Input {
    let given_up = async {
        let until = if let Some(until) = *grace {
            until
        } else {
            shared.cancel.cancelled().await;
            *grace.insert(Instant::now() + GRACE)
        };
        tokio::time::sleep_until(until).await;
    };
    tokio::select! {
        biased;
        result = shared.client.send(request) => Input::Answered(result),
        () = given_up => Input::Abandoned,
    }
}
