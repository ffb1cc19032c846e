//! Holds any plan, ours or one from a file, against the invariants.

use gangplank_model::lease::is_lease;
use gangplank_model::{Action, Lane, OperationKind, Plan};
use std::collections::{BTreeMap, BTreeSet};

/// Says in what a plan breaks the rules; empty when it is sound.
pub fn check(plan: &Plan) -> Vec<String> {
    let mut broken = Vec::new();
    let mut seen = BTreeSet::new();
    for lane in &plan.lanes {
        if !seen.insert(&lane.account) {
            broken.push(format!("account {} has two lanes", lane.account));
        }
        if is_lease(lane.account.as_str()) {
            broken.push(format!("account {} is the lease", lane.account));
        }
        check_lane(lane, &mut broken);
    }
    check_parents(plan, &mut broken);
    check_waves(plan, &mut broken);
    broken
}

/// An account's wave is one of the plan's, and no earlier than that of the account it comes after.
fn check_waves(plan: &Plan, broken: &mut Vec<String>) {
    let count = plan.rollout.waves.len();
    let waves: BTreeMap<_, _> = plan.lanes.iter().map(|it| (&it.account, it.wave)).collect();
    for lane in &plan.lanes {
        if lane.wave.is_some_and(|wave| wave >= count) {
            broken.push(format!(
                "account {} is in a wave that is not there",
                lane.account
            ));
        }
        let before = lane.after.as_ref().and_then(|it| waves.get(it));
        let is_early = match (lane.wave, before) {
            (Some(wave), Some(before)) => before.is_none_or(|before| before > wave),
            (Some(_), None) | (None, _) => false,
        };
        if is_early {
            broken.push(format!(
                "account {} is in an earlier wave than its parent",
                lane.account
            ));
        }
    }
}

fn check_lane(lane: &Lane, broken: &mut Vec<String>) {
    let blocked: BTreeSet<_> = lane
        .changes
        .iter()
        .filter(|change| change.action == Action::Block)
        .map(|change| &change.address)
        .collect();
    let changes = lane.changes.iter();
    let removed: BTreeSet<_> = changes
        .filter(|change| change.action == Action::Remove)
        .map(|change| &change.address)
        .collect();
    let mut installed = BTreeSet::new();
    let mut phase = 0;
    let renamed = lane.operations.iter().any(|it| it.kind.is_rename());
    for (index, operation) in lane.operations.iter().enumerate() {
        let mut say = |what: &str| {
            broken.push(format!(
                "{}: call {index} ({}) {what}",
                lane.account,
                operation.verb()
            ));
        };
        if operation.address.account != lane.account {
            say("is of another account");
        }
        if operation.depends_on.iter().any(|earlier| *earlier >= index) {
            say("depends on a later one");
        }
        if let Some(stop) = lane.stop_before(index)
            && operation.depends_on.iter().any(|earlier| *earlier != stop)
        {
            say("starts a cycle again, and needs more than its stop");
        }
        if blocked.contains(&operation.address) {
            say("touches a blocked object");
        }
        if lane.operations[..index].contains(operation) {
            say("is there twice");
        }
        if removes(&operation.kind) && !removed.contains(&operation.address) {
            say("removes what is not shown to be removed");
        }
        if let OperationKind::InstallTemplate { .. } = operation.kind {
            installed.insert(&operation.address);
        }
        if operation.kind.is_on_installed() && !installed.contains(&operation.address) {
            say("works on a template that is not installed before");
        }
        let next = phase_of(&operation.kind, phase, renamed);
        if next < phase {
            say("comes too late");
        }
        phase = phase.max(next);
    }
}

fn removes(kind: &OperationKind) -> bool {
    match kind {
        OperationKind::DeleteAccount
        | OperationKind::DeleteConnector { .. }
        | OperationKind::DeleteCycle { .. } => true,
        OperationKind::CreateAccount { .. }
        | OperationKind::UpdateAccount { .. }
        | OperationKind::InstallConnector { .. }
        | OperationKind::UpdateConnector { .. }
        | OperationKind::InstallTemplate { .. }
        | OperationKind::UpdateCycle { .. }
        | OperationKind::SetVariables { .. }
        | OperationKind::SetParameter { .. }
        | OperationKind::SetField { .. }
        | OperationKind::Deactivate { .. }
        | OperationKind::Activate { .. } => false,
    }
}

/// The order within an account: itself, its connectors, its templates, removals.
fn phase_of(kind: &OperationKind, phase: u8, renamed: bool) -> u8 {
    match kind {
        OperationKind::CreateAccount { .. } => 0,
        // Whoever gives a name away comes before whoever gets it.
        OperationKind::InstallConnector { .. }
        | OperationKind::UpdateConnector {
            rename: Some(_), ..
        } => 1,
        OperationKind::UpdateConnector { rename: None, .. } => 2,
        OperationKind::UpdateAccount { write } if write.audit_info.is_none() => 0,
        // A mark comes after what it speaks of, and new names while they are given or after that.
        OperationKind::UpdateAccount { write } => {
            let audit = write.audit_info.as_ref();
            let makes = audit.is_some_and(|audit| !audit.made.is_empty());
            match (renamed, makes) {
                (true, _) => phase.min(3),
                (false, true) => 3,
                (false, false) => 0,
            }
        }
        OperationKind::InstallTemplate { .. }
        | OperationKind::UpdateCycle { .. }
        | OperationKind::SetVariables { .. }
        | OperationKind::SetParameter { .. }
        | OperationKind::SetField { .. }
        | OperationKind::Activate { .. }
        | OperationKind::Deactivate { .. }
        | OperationKind::DeleteCycle { .. } => 4,
        OperationKind::DeleteConnector { .. } => 5,
        OperationKind::DeleteAccount => 6,
    }
}

fn check_parents(plan: &Plan, broken: &mut Vec<String>) {
    let after: BTreeMap<_, _> = plan
        .lanes
        .iter()
        .filter_map(|lane| Some((&lane.account, lane.after.as_ref()?)))
        .collect();
    for start in after.keys() {
        let mut at = *start;
        for _ in 0..=after.len() {
            match after.get(at) {
                Some(parent) => at = parent,
                None => break,
            }
            if at == *start {
                broken.push(format!("account {start} waits for itself"));
                break;
            }
        }
    }
}
