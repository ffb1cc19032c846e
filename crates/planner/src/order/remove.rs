//! The removal of a whole account, with everything in it in plain sight.

use super::calls::Calls;
use crate::diff::template;
use gangplank_model::{
    AccountSpec, Action, Address, Change, Lane, LiveAccount, OperationKind, Reason, Summary,
};

/// Removes a whole account: its cycles, its connectors, then itself.
pub(super) fn remove(
    spec: &AccountSpec,
    live: Option<&LiveAccount>,
    summary: &mut Summary,
) -> Option<Lane> {
    let Some(live) = live else {
        summary.unchanged += 1;
        return None;
    };
    let cycles = live.cycles.iter().flatten().flat_map(|cycle| {
        let address = Address::template(&spec.id, &cycle.name);
        let kinds = template::removal(cycle).into_iter();
        kinds.map(move |kind| (address.clone(), kind))
    });
    let connectors = live.connectors.iter().flatten().map(|connector| {
        let kind = OperationKind::DeleteConnector { id: connector.id };
        (Address::connector(&spec.id, &connector.name), kind)
    });
    let itself = (spec.address(), OperationKind::DeleteAccount);
    let mut calls = Calls::default();
    calls.in_turn(cycles.chain(connectors).chain([itself]));
    let change = |address, title: &str, reason| Change {
        address,
        action: Action::Remove,
        title: title.to_owned(),
        reasons: vec![reason],
        fields: Vec::new(),
        origin: Some(spec.origin.clone()),
    };
    let itself = change(spec.address(), &live.name, Reason::Absent);
    let connectors = live.connectors.iter().flatten().map(|connector| {
        let address = Address::connector(&spec.id, &connector.name);
        change(address, &connector.connector_name, Reason::WithAccount)
    });
    let cycles = live.cycles.iter().flatten().map(|cycle| {
        let address = Address::template(&spec.id, &cycle.name);
        change(address, &cycle.name, Reason::WithAccount)
    });
    let changes: Vec<Change> = [itself]
        .into_iter()
        .chain(connectors)
        .chain(cycles)
        .collect();
    for change in &changes {
        summary.count(change);
    }
    Some(Lane {
        account: spec.id.clone(),
        after: None,
        changes,
        operations: calls.list,
    })
}
