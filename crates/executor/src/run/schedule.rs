//! Which lane works when: as many at once as may, a parent before its sub-accounts.

use super::drive::drive;
use super::report::LaneReport;
use super::runtime::{Kept, Shared, lock};
use crate::lane::LaneMachine;
use gangplank_model::{AccountId, Event, Lane, OperationKind, Outcome, Plan, Receipt};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{Id, JoinSet};

/// The lanes of a plan while they are worked off.
pub(super) struct Run<'a> {
    plan: &'a Plan,
    shared: Arc<Shared>,
    /// Lanes that may begin.
    ready: VecDeque<usize>,
    /// Lanes that wait for the lane of their parent.
    waiting: BTreeMap<&'a AccountId, Vec<usize>>,
    working: JoinSet<bool>,
    tasks: BTreeMap<Id, (usize, Kept)>,
    pub(super) reports: Vec<Option<LaneReport>>,
}

impl<'a> Run<'a> {
    pub(super) fn new(plan: &'a Plan, shared: Arc<Shared>) -> Self {
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

    pub(super) async fn work_off(&mut self) {
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
