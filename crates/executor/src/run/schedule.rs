//! Which lane works when: as many at once as may, a parent before its sub-accounts.

use super::drive::{Driven, drive};
use super::report::LaneReport;
use super::runtime::{Kept, Shared, lock};
use crate::cancel::Cause;
use crate::journal::{milliseconds, short};
use crate::lane::LaneMachine;
use gangplank_model::file::receipts_v1::RecordV1;
use gangplank_model::{
    AccountEnd, AccountId, Event, Halt, Lane, OperationKind, Outcome, Plan, Receipt, WaveReport,
};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{Id, JoinSet};

/// How many lanes begin at first: a few more than calls, so that it shows whether there is more room.
const AT_FIRST: usize = 12;

/// The lanes of a plan while they are worked off.
pub(super) struct Run<'a> {
    pub(super) plan: &'a Plan,
    pub(super) shared: Arc<Shared>,
    /// Lanes that may begin, by wave.
    ready: BTreeMap<Option<usize>, VecDeque<usize>>,
    /// Lanes that wait for the lane of their parent.
    waiting: BTreeMap<&'a AccountId, Vec<usize>>,
    working: JoinSet<Driven>,
    tasks: BTreeMap<Id, (usize, Kept)>,
    pub(super) reports: Vec<Option<LaneReport>>,
    /// Accounts that failed.
    pub(super) failed: Vec<AccountId>,
    /// Why no further lane begins.
    pub(super) halt: Option<Halt>,
    pub(super) waves: Vec<WaveReport>,
    /// How many of the first waves an earlier apply passed.
    pub(super) passed: usize,
}

impl<'a> Run<'a> {
    pub(super) fn new(plan: &'a Plan, shared: Arc<Shared>) -> Self {
        let accounts: BTreeSet<&AccountId> = plan.lanes.iter().map(|lane| &lane.account).collect();
        let mut ready: BTreeMap<_, VecDeque<usize>> = BTreeMap::new();
        let mut waiting: BTreeMap<&AccountId, Vec<usize>> = BTreeMap::new();
        for (index, lane) in plan.lanes.iter().enumerate() {
            match &lane.after {
                Some(parent) if accounts.contains(parent) => {
                    waiting.entry(parent).or_default().push(index);
                }
                Some(_) | None => ready.entry(lane.wave).or_default().push_back(index),
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
            failed: Vec::new(),
            halt: None,
            waves: Vec::new(),
            passed: 0,
        }
    }

    /// Works off the lanes of a wave; of the whole plan where it has none.
    pub(super) async fn work_off(&mut self, wave: Option<usize>) {
        let shared = self.shared.clone();
        loop {
            self.fill(wave);
            let is_ready = self.ready.get(&wave).is_some_and(|ready| !ready.is_empty());
            let joined = tokio::select! {
                biased;
                joined = self.working.join_next_with_id() => joined,
                () = shared.crew.changed(), if is_ready => continue,
            };
            let Some(joined) = joined else {
                break;
            };
            let (id, driven) = match joined {
                Ok((id, driven)) => (id, Some(driven)),
                Err(error) => (error.id(), None),
            };
            if let Some((index, kept)) = self.tasks.remove(&id) {
                self.ended(index, driven, &kept);
            }
        }
    }

    /// Begins lanes as long as their first calls could be made at once: what was begun is finished first,
    /// and who waits keeps nobody from working.
    fn fill(&mut self, wave: Option<usize>) {
        let most = self.shared.context.settings.concurrency.max(1);
        // The calls of those that were just begun are not to be seen yet, so it is only a few each time:
        // as many as can double what is under way.
        let few = 2 * self.shared.crew.take_ended().max(1);
        let until = (self.working.len() + few).max(AT_FIRST).min(most);
        while self.working.len() < until && !self.is_halted() {
            let busy = self
                .working
                .len()
                .saturating_sub(self.shared.crew.resting());
            if !self.working.is_empty() && !self.shared.client.has_room(busy) {
                break;
            }
            let ready = self.ready.get_mut(&wave);
            let Some(index) = ready.and_then(VecDeque::pop_front) else {
                break;
            };
            self.begin(index);
        }
    }

    /// Whether no further lane may begin. A stop that nobody needed, since all was begun, is none.
    pub(super) fn is_halted(&mut self) -> bool {
        if self.halt.is_none() {
            let works = |index: &usize| !self.plan.lanes[*index].operations.is_empty();
            let reason = self.reason();
            self.halt = reason.filter(|_| self.ready.values().flatten().any(works));
        }
        self.halt.is_some()
    }

    /// Why no further lane may begin, if there is one.
    fn reason(&self) -> Option<Halt> {
        let limit = self.shared.context.settings.max_failures;
        match self.shared.cancel.cause() {
            Some(Cause::Signal) => Some(Halt::Signal),
            Some(Cause::Deadline) => Some(Halt::Deadline),
            Some(Cause::Lease) => Some(Halt::Lease),
            None if limit.is_some_and(|limit| self.failed.len() >= limit) => {
                Some(Halt::Failures(self.failed.len()))
            }
            None => None,
        }
    }

    /// Closes what was not begun, and says why.
    pub(super) fn leave_out_the_rest(&mut self) {
        for index in 0..self.plan.lanes.len() {
            if self.reports[index].is_some() {
                continue;
            }
            let lane = &self.plan.lanes[index];
            let why = match &self.halt {
                _ if self.plan.rollout.is_some() && lane.wave.is_none() => {
                    "not begun: it is in none of the waves".to_owned()
                }
                Some(halt) => halt.left_out(),
                // Parents that wait for each other never end.
                None => "its parent's account waits for it in turn".to_owned(),
            };
            self.skip(index, &why);
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
    fn ended(&mut self, index: usize, driven: Option<Driven>, kept: &Kept) {
        let lane = &self.plan.lanes[index];
        let mut receipts = std::mem::take(&mut *lock(kept));
        let (end, why) = match driven {
            Some(driven) => (self.judge(driven, &receipts), self.timed_out(driven)),
            None => (AccountEnd::Unknown, Some(self.fill_in(lane, &mut receipts))),
        };
        if end.is_failure() {
            self.failed.push(lane.account.clone());
        }
        self.close(index, end, why, receipts);
    }

    fn judge(&self, driven: Driven, receipts: &[Receipt]) -> AccountEnd {
        let outcomes = || receipts.iter().map(|receipt| &receipt.outcome);
        let is_stopped = self.shared.cancel.is_cancelled();
        let has_failed = outcomes().any(|outcome| match outcome {
            Outcome::Refused(_) | Outcome::Diverged(_) => true,
            Outcome::Done
            | Outcome::Confirmed
            | Outcome::Unknown(_)
            | Outcome::Waiting(_)
            | Outcome::Skipped => false,
        });
        let is_unknown = outcomes().any(|outcome| matches!(outcome, Outcome::Unknown(_)));
        match driven {
            Driven { good: true, .. } => AccountEnd::Good,
            Driven {
                timed_out: true, ..
            } => AccountEnd::TimedOut,
            Driven { .. } if has_failed && !is_unknown => AccountEnd::Failed,
            Driven { .. } if is_stopped => AccountEnd::Stopped,
            Driven { .. } if is_unknown => AccountEnd::Unknown,
            Driven { .. } => AccountEnd::Failed,
        }
    }

    fn timed_out(&self, driven: Driven) -> Option<String> {
        let time = self.shared.context.settings.account_timeout?;
        driven.timed_out.then(|| {
            let time = spelled(time);
            format!("the account took longer than {time}, so that no further call of it was begun")
        })
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
            self.note(&receipt);
            receipts.push(receipt);
        }
        why
    }

    /// Records and tells what became of an operation that no lane ended.
    fn note(&self, receipt: &Receipt) {
        let at = self.shared.started.elapsed();
        self.shared.journal.outcome(receipt, at);
        (self.shared.events)(Event::Finished(receipt.clone()));
    }

    fn close(
        &mut self,
        index: usize,
        end: AccountEnd,
        why: Option<String>,
        receipts: Vec<Receipt>,
    ) {
        let lane = &self.plan.lanes[index];
        let account = &lane.account;
        let stands = stands(lane, &receipts);
        let good = end == AccountEnd::Good;
        self.note_end(account, end, why.as_deref());
        (self.shared.events)(Event::LaneEnded {
            account: account.clone(),
            good,
        });
        self.reports[index] = Some(LaneReport {
            account: account.clone(),
            end,
            good,
            why,
            receipts,
        });
        for child in self.waiting.remove(account).unwrap_or_default() {
            let wave = self.plan.lanes[child].wave;
            if good || (stands && !removes(&self.plan.lanes[child])) {
                self.ready.entry(wave).or_default().push_back(child);
            } else {
                self.skip(child, &format!("account {account} did not end well"));
            }
        }
    }

    /// Records how an account ended.
    fn note_end(&self, account: &AccountId, end: AccountEnd, why: Option<&str>) {
        let at = milliseconds(self.shared.started.elapsed());
        self.shared.journal.note(|number| RecordV1::Account {
            number,
            account: account.to_string(),
            end: end.into(),
            why: why.map(short),
            milliseconds: at,
        });
    }

    /// Closes a lane that was not begun. One that had nothing to do lacks nothing.
    fn skip(&mut self, index: usize, why: &str) {
        if self.reports[index].is_some() {
            return;
        }
        let lane = &self.plan.lanes[index];
        if lane.operations.is_empty() {
            return self.close(index, AccountEnd::Good, None, Vec::new());
        }
        let receipts: Vec<Receipt> = (0..lane.operations.len())
            .map(|index| untried(lane, index, Outcome::Skipped))
            .collect();
        for receipt in &receipts {
            self.note(receipt);
        }
        self.close(index, AccountEnd::NotBegun, Some(why.to_owned()), receipts);
    }
}

/// A time as a person writes it.
pub(super) fn spelled(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds, time.subsec_millis()) {
        (0, milliseconds) => format!("{milliseconds}ms"),
        (seconds, 0) if seconds % 60 == 0 => format!("{}m", seconds / 60),
        (seconds, 0) => format!("{seconds}s"),
        (_, _) => format!("{:.1}s", time.as_secs_f64()),
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
