//! What an earlier run may still have under way: it is waited for, and nothing else is.

use crate::journal::OpenCall;
use gangplank_model::{AccountId, Address, CycleTarget, Lane, Operation, OperationKind, Schedule};
use std::collections::BTreeMap;
use std::time::Duration;

/// Calls of an earlier run that may still be done, by account. None of it is needed to be right: what is
/// missing in it is not waited for, as without it, and what is made up costs a settle window at most.
#[derive(Clone, Debug, Default)]
pub struct Earlier(BTreeMap<AccountId, Vec<Left>>);

/// A call, and how much longer it may be done.
#[derive(Clone, Debug)]
struct Left {
    address: Address,
    route: String,
    until: Duration,
}

/// What a lane has to wait for.
#[derive(Debug, Default)]
pub(crate) struct Inherited {
    /// Until when the call of an operation, by its place, may be done by an earlier run.
    pub(crate) calls: BTreeMap<usize, Duration>,
    /// Until when a cycle may be stopped by an earlier run.
    pub(crate) late_stops: BTreeMap<String, Duration>,
}

impl Earlier {
    /// Takes calls, each with how much longer than the beginning of the apply it may be done.
    pub fn new(calls: impl IntoIterator<Item = (OpenCall, Duration)>) -> Self {
        let mut earlier = Self::default();
        for (call, until) in calls {
            if until.is_zero() {
                continue;
            }
            let account = call.address.account.clone();
            earlier.0.entry(account).or_default().push(Left {
                address: call.address,
                route: call.route,
                until,
            });
        }
        earlier
    }

    /// What a lane has to wait for. Most calls do no harm when they are done late: the instance refuses a
    /// second account with an id and a second connector with a name, and other writes say the same again.
    pub(crate) fn inherited(&self, lane: &Lane) -> Inherited {
        let mut inherited = Inherited::default();
        for left in self.0.get(&lane.account).into_iter().flatten() {
            for (index, operation) in lane.operations.iter().enumerate() {
                match &operation.kind {
                    OperationKind::InstallTemplate { .. }
                    | OperationKind::Activate {
                        schedule: Schedule::Once,
                        ..
                    } if left.is_of(operation, lane) => {
                        let until = inherited.calls.entry(index).or_default();
                        *until = left.until.max(*until);
                    }
                    OperationKind::Activate {
                        cycle: CycleTarget::Existing(id),
                        ..
                    }
                    | OperationKind::Deactivate { id }
                        if left.stops(operation) =>
                    {
                        let until = inherited.late_stops.entry(id.clone()).or_default();
                        *until = left.until.max(*until);
                    }
                    OperationKind::CreateAccount { .. }
                    | OperationKind::UpdateAccount { .. }
                    | OperationKind::DeleteAccount
                    | OperationKind::InstallConnector { .. }
                    | OperationKind::UpdateConnector { .. }
                    | OperationKind::DeleteConnector { .. }
                    | OperationKind::InstallTemplate { .. }
                    | OperationKind::UpdateCycle { .. }
                    | OperationKind::DeleteCycle { .. }
                    | OperationKind::SetVariables { .. }
                    | OperationKind::SetParameter { .. }
                    | OperationKind::SetField { .. }
                    | OperationKind::Deactivate { .. }
                    | OperationKind::Activate { .. } => {}
                }
            }
        }
        inherited
    }
}

impl Left {
    /// Whether this may be the very call of an operation. Where no operation of the lane has its address,
    /// the entry was renamed or taken away since, and its install may be that of any other entry.
    fn is_of(&self, operation: &Operation, lane: &Lane) -> bool {
        if self.route != operation.route() {
            return false;
        }
        let is_install = matches!(operation.kind, OperationKind::InstallTemplate { .. });
        let mut others = lane.operations.iter();
        let is_spoken_of = others.any(|it| it.address == self.address);
        self.address == operation.address || (is_install && !is_spoken_of)
    }

    fn stops(&self, operation: &Operation) -> bool {
        let deactivate = OperationKind::Deactivate { id: String::new() };
        let stop = Operation {
            address: self.address.clone(),
            kind: deactivate,
            depends_on: Vec::new(),
        };
        self.route == stop.route() && self.address == operation.address
    }
}
