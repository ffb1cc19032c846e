//! One account: its changes, and its calls in order.

use crate::diff::connector::{self, Decision};
use crate::diff::template::{self, Scene};
use crate::diff::{Pass, account};
use gangplank_model::{
    AccountMark, AccountSpec, AccountWrite, Action, Address, Change, ConnectorWrite, CycleTarget,
    Lane, LiveAccount, MarkWrite, Operation, OperationKind, Presence, Reason, Summary,
};

/// Collects calls, each with what it depends on.
#[derive(Debug, Default)]
struct Calls {
    list: Vec<Operation>,
    /// The call that makes the account.
    created: Option<usize>,
}

impl Calls {
    /// Adds a call that needs the account and these earlier calls.
    fn push(&mut self, address: Address, kind: OperationKind, needs: &[usize]) -> usize {
        let mut depends_on: Vec<usize> = self.created.iter().chain(needs).copied().collect();
        depends_on.sort_unstable();
        depends_on.dedup();
        self.list.push(Operation {
            address,
            kind,
            depends_on,
        });
        self.list.len() - 1
    }
}

/// Plans one account. `None` when it tallies; the counts go into the summary either way.
pub(crate) fn lane(
    pass: &mut Pass<'_>,
    spec: &AccountSpec,
    live: Option<&LiveAccount>,
    with_objects: bool,
    summary: &mut Summary,
) -> Option<Lane> {
    if spec.presence == Presence::Absent {
        return remove(spec, live, summary);
    }
    let (text, mark) = live
        .and_then(|live| live.audit_info.as_deref())
        .map_or_else(Default::default, AccountMark::parse);
    let mut changes = Vec::new();
    let mut calls = Calls::default();
    let declared: &[_] = if with_objects { &spec.connectors } else { &[] };
    let decisions: Vec<Decision> = declared
        .iter()
        .filter_map(|connector| {
            let decision = connector::decide(pass, spec, live, mark.as_ref(), connector);
            let change = decision
                .as_ref()
                .and_then(|decision| decision.change.as_ref());
            summary.unchanged += usize::from(decision.is_some() && change.is_none());
            decision
        })
        .collect();
    let remarked: Vec<ConnectorWrite> = decisions
        .iter()
        .filter(|decision| decision.remark && pass.context.marks)
        .map(|decision| decision.full.clone())
        .collect();
    let (write, change) = account_write(pass, spec, live, &text, mark.as_ref(), remarked);
    let marks = write.as_ref().is_some_and(|write| {
        write
            .audit_info
            .as_ref()
            .is_some_and(|audit| !audit.made.is_empty())
    });
    match &change {
        Some(change) => changes.push(change.clone()),
        None => summary.unchanged += 1,
    }
    let address = Address::account(&spec.id);
    // For an account that exists, the mark comes after what it speaks of.
    let mut later = None;
    match (live, write) {
        (None, Some(write)) => {
            let parent = spec.parent.as_ref().map(|parent| parent.value.clone());
            let kind = OperationKind::CreateAccount { write, parent };
            calls.created = Some(calls.push(address.clone(), kind, &[]));
        }
        (Some(_), Some(write)) if marks => later = Some(write),
        (Some(_), Some(write)) => {
            calls.push(address.clone(), OperationKind::UpdateAccount { write }, &[]);
        }
        (_, None) => {}
    }
    let mut made: Vec<(String, usize)> = Vec::new();
    let mut ordered: Vec<&Decision> = decisions
        .iter()
        .filter(|decision| decision.operation.is_some())
        .collect();
    // Installs come before updates; the sort is stable.
    ordered.sort_by_key(|decision| decision.live_id.is_some());
    let mut removals = Vec::new();
    for decision in ordered {
        let Some(kind) = decision.operation.clone() else {
            continue;
        };
        let address = Address::connector(&spec.id, &decision.name);
        if let OperationKind::DeleteConnector { .. } = kind {
            removals.push((address, kind));
        } else {
            let index = calls.push(address, kind, &[]);
            made.push((decision.library_name.clone(), index));
        }
    }
    changes.extend(
        decisions
            .iter()
            .filter_map(|decision| decision.change.clone()),
    );
    if let Some(write) = later {
        let needs: Vec<usize> = made.iter().map(|(_, index)| *index).collect();
        calls.push(address, OperationKind::UpdateAccount { write }, &needs);
    }
    let scene = Scene {
        account: spec,
        live,
        connectors: &decisions,
    };
    let declared: &[_] = if with_objects { &spec.templates } else { &[] };
    let mut cycle_removals = Vec::new();
    for template in declared {
        let Some(decision) = template::decide(pass, scene, template) else {
            continue;
        };
        let address = Address::template(&spec.id, &template.name);
        if template.presence == Presence::Absent {
            cycle_removals.extend(
                decision
                    .operations
                    .into_iter()
                    .map(|it| (address.clone(), it)),
            );
        } else {
            template_calls(&mut calls, &address, decision.operations, &made);
        }
        match decision.change {
            Some(change) => changes.push(change),
            None => summary.unchanged += 1,
        }
    }
    let mut before = Vec::new();
    for (address, kind) in cycle_removals.into_iter().chain(removals) {
        let needs: Vec<usize> = before.clone();
        before.push(calls.push(address, kind, &needs));
    }
    for change in &changes {
        summary.count(change);
    }
    let account = spec.id.clone();
    (!changes.is_empty()).then_some(Lane {
        account,
        after: None,
        changes,
        operations: calls.list,
    })
}

/// One template's calls: the first ones need the connectors, the last one needs all before it.
fn template_calls(
    calls: &mut Calls,
    address: &Address,
    operations: Vec<OperationKind>,
    made: &[(String, usize)],
) {
    let connectors: Vec<usize> = made.iter().map(|(_, index)| *index).collect();
    let first = calls.list.len();
    for kind in operations {
        let needs: Vec<usize> = if let OperationKind::InstallTemplate { .. } = kind {
            connectors.clone()
        } else if let OperationKind::Activate { .. } = kind {
            connectors
                .iter()
                .copied()
                .chain(first..calls.list.len())
                .collect()
        } else {
            // Everything else needs the install, or the stop, that came first.
            (first < calls.list.len())
                .then_some(first)
                .into_iter()
                .collect()
        };
        calls.push(address.clone(), kind, &needs);
    }
}

/// What to write of the account itself, and how it reads.
fn account_write(
    pass: &Pass<'_>,
    spec: &AccountSpec,
    live: Option<&LiveAccount>,
    text: &str,
    mark: Option<&AccountMark>,
    remarked: Vec<ConnectorWrite>,
) -> (Option<AccountWrite>, Option<Change>) {
    let (mut write, fields) = account::fields(&spec.fields, live, text);
    let wanted_text = spec
        .fields
        .audit_info
        .as_ref()
        .map(|wanted| wanted.value.as_str());
    let text_differs = wanted_text.is_some_and(|wanted| wanted != text);
    if text_differs || !remarked.is_empty() {
        let key = pass
            .context
            .made_marks
            .as_ref()
            .map(|made| made.key.as_str());
        // Marks that were made under another key say nothing any more.
        let kept = mark
            .filter(|mark| key.is_none_or(|key| key == mark.key))
            .map(|mark| {
                let mut kept = mark.clone();
                kept.connectors
                    .retain(|name, _| remarked.iter().all(|write| write.name != *name));
                kept
            });
        write.audit_info = Some(MarkWrite {
            text: wanted_text.unwrap_or(text).to_owned(),
            kept: kept.filter(|kept| !kept.connectors.is_empty()),
            made: remarked,
        });
    }
    let new = live.is_none();
    let title = match (&spec.fields.name, live) {
        (Some(name), _) => name.value.clone(),
        (None, Some(live)) => live.name.clone(),
        (None, None) => spec.id.to_string(),
    };
    let change = (new || !fields.is_empty()).then(|| Change {
        address: Address::account(&spec.id),
        action: if new { Action::Create } else { Action::Update },
        title,
        reasons: vec![if new {
            Reason::Missing
        } else {
            Reason::Differs
        }],
        fields,
        origin: Some(spec.origin.clone()),
    });
    let nothing = !new && write == AccountWrite::default();
    ((!nothing).then_some(write), change)
}

/// Removes a whole account: its cycles, its connectors, then itself.
fn remove(spec: &AccountSpec, live: Option<&LiveAccount>, summary: &mut Summary) -> Option<Lane> {
    let Some(live) = live else {
        summary.unchanged += 1;
        return None;
    };
    let mut calls = Calls::default();
    let mut before = Vec::new();
    for cycle in live.cycles.iter().flatten() {
        let address = Address::template(&spec.id, &cycle.name);
        for kind in template::removal(cycle) {
            before.push(calls.push(address.clone(), kind, &before.clone()));
        }
    }
    for connector in live.connectors.iter().flatten() {
        let address = Address::connector(&spec.id, &connector.name);
        let kind = OperationKind::DeleteConnector { id: connector.id };
        before.push(calls.push(address, kind, &before.clone()));
    }
    calls.push(
        Address::account(&spec.id),
        OperationKind::DeleteAccount,
        &before,
    );
    let change = Change {
        address: Address::account(&spec.id),
        action: Action::Remove,
        title: live.name.clone(),
        reasons: vec![Reason::Absent],
        fields: Vec::new(),
        origin: Some(spec.origin.clone()),
    };
    summary.count(&change);
    Some(Lane {
        account: spec.id.clone(),
        after: None,
        changes: vec![change],
        operations: calls.list,
    })
}

/// Whether a call works on a cycle that this lane installs.
pub(crate) fn on_installed(kind: &OperationKind) -> bool {
    match kind {
        OperationKind::UpdateCycle { cycle, .. }
        | OperationKind::SetVariables { cycle, .. }
        | OperationKind::SetParameter { cycle, .. }
        | OperationKind::SetField { cycle, .. }
        | OperationKind::Activate { cycle, .. } => *cycle == CycleTarget::Installed,
        OperationKind::CreateAccount { .. }
        | OperationKind::UpdateAccount { .. }
        | OperationKind::DeleteAccount
        | OperationKind::InstallConnector { .. }
        | OperationKind::UpdateConnector { .. }
        | OperationKind::DeleteConnector { .. }
        | OperationKind::InstallTemplate { .. }
        | OperationKind::DeleteCycle { .. }
        | OperationKind::Deactivate { .. } => false,
    }
}
