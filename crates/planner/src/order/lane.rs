//! One account: its changes, and its calls in order.

use super::account::{account_write, makes_marks};
use super::calls::Calls;
use super::remove::remove;
use crate::diff::Pass;
use crate::diff::connector::{self, Decision};
use crate::diff::template::{self, Scene};
use gangplank_model::{
    AccountMark, AccountSpec, AccountWrite, Address, Change, ConnectorWrite, Lane, LiveAccount,
    OperationKind, Presence, Summary,
};

/// Plans one account. `None` when it tallies; the counts go into the summary either way.
pub(crate) fn lane(
    pass: &mut Pass<'_>,
    spec: &AccountSpec,
    live: Option<&LiveAccount>,
    with_objects: bool,
    summary: &mut Summary,
) -> Option<Lane> {
    if spec.presence == Presence::Absent {
        return remove(pass, spec, live, summary);
    }
    let (text, mark) = live
        .and_then(|live| live.audit_info.as_deref())
        .map_or_else(Default::default, AccountMark::parse);
    let (connectors, templates): (&[_], &[_]) = if with_objects {
        (&spec.connectors, &spec.templates)
    } else {
        (&[], &[])
    };
    let decisions: Vec<Decision> = connectors
        .iter()
        .filter_map(|connector| connector::decide(pass, spec, live, mark.as_ref(), connector))
        .collect();
    let remarked: Vec<ConnectorWrite> = decisions
        .iter()
        .filter(|decision| decision.remark && pass.context.marks)
        .map(|decision| decision.full.clone())
        .collect();
    let (write, change) = account_write(pass, spec, live, &text, mark.as_ref(), remarked);
    let mut builder = Builder::default();
    builder.say(change);
    let later = builder.account(spec, live, write);
    builder.connectors(spec, &decisions);
    if let Some(write) = later {
        let kind = OperationKind::UpdateAccount { write };
        builder.calls.push(spec.address(), kind, &builder.written);
    }
    let scene = Scene {
        account: spec,
        live,
        connectors: &decisions,
    };
    for template in templates {
        let Some(decision) = template::decide(pass, scene, template) else {
            continue;
        };
        let address = Address::template(&spec.id, &template.name);
        let removed = template.presence == Presence::Absent;
        builder.template(&address, decision.operations, removed);
        builder.say(decision.change);
    }
    builder.finish(spec, summary)
}

/// A lane as it grows.
#[derive(Debug, Default)]
struct Builder {
    calls: Calls,
    changes: Vec<Change>,
    unchanged: usize,
    /// The calls that write connectors.
    written: Vec<usize>,
    /// Removals wait until everything else is done, cycles before connectors.
    connector_removals: Vec<(Address, OperationKind)>,
    cycle_removals: Vec<(Address, OperationKind)>,
}

impl Builder {
    /// Tells what becomes of one object.
    fn say(&mut self, change: Option<Change>) {
        self.unchanged += usize::from(change.is_none());
        self.changes.extend(change);
    }

    /// Writes the account. For one that exists, a mark comes after what it speaks of: it is given
    /// back for later.
    fn account(
        &mut self,
        spec: &AccountSpec,
        live: Option<&LiveAccount>,
        write: Option<AccountWrite>,
    ) -> Option<AccountWrite> {
        let write = write?;
        if live.is_none() {
            let parent = spec.parent.as_ref().map(|parent| parent.value.clone());
            let kind = OperationKind::CreateAccount { write, parent };
            self.calls.created = Some(self.calls.push(spec.address(), kind, &[]));
        } else if makes_marks(&write) {
            return Some(write);
        } else {
            let kind = OperationKind::UpdateAccount { write };
            self.calls.push(spec.address(), kind, &[]);
        }
        None
    }

    /// Installs come before updates; the sort is stable.
    fn connectors(&mut self, spec: &AccountSpec, decisions: &[Decision]) {
        let mut ordered: Vec<&Decision> = decisions.iter().collect();
        ordered.sort_by_key(|decision| decision.live_id.is_some());
        for decision in ordered {
            let address = Address::connector(&spec.id, &decision.name);
            match decision.operation.clone() {
                None => {}
                Some(kind @ OperationKind::DeleteConnector { .. }) => {
                    self.connector_removals.push((address, kind));
                }
                Some(kind) => self.written.push(self.calls.push(address, kind, &[])),
            }
        }
        for decision in decisions {
            self.say(decision.change.clone());
        }
    }

    fn template(&mut self, address: &Address, operations: Vec<OperationKind>, removed: bool) {
        if removed {
            let calls = operations.into_iter().map(|kind| (address.clone(), kind));
            self.cycle_removals.extend(calls);
        } else {
            self.calls.template(address, operations, &self.written);
        }
    }

    fn finish(mut self, spec: &AccountSpec, summary: &mut Summary) -> Option<Lane> {
        let removals = self.cycle_removals.into_iter();
        self.calls.in_turn(removals.chain(self.connector_removals));
        for change in &self.changes {
            summary.count(change);
        }
        summary.unchanged += self.unchanged;
        (!self.changes.is_empty()).then_some(Lane {
            account: spec.id.clone(),
            after: None,
            changes: self.changes,
            operations: self.calls.list,
        })
    }
}
