//! The removal of a whole account, with everything in it in plain sight.

use super::calls::Calls;
use crate::diff::{Pass, template};
use gangplank_model::plan::grouped;
use gangplank_model::{
    AccountId, AccountSpec, Action, Address, Change, Lane, LiveAccount, OperationKind, Reason,
    Summary,
};

/// Removes a whole account: its cycles, its connectors, then itself. The instance may take sub-accounts
/// along (cyclr-api.md 4, U11), so that nothing is removed while one is there that is to stay.
pub(super) fn remove(
    pass: &Pass<'_>,
    spec: &AccountSpec,
    live: Option<&LiveAccount>,
    summary: &mut Summary,
) -> Option<Lane> {
    let Some(live) = live else {
        summary.unchanged += 1;
        return None;
    };
    let staying: Vec<&str> = live
        .sub_accounts
        .iter()
        .flatten()
        .filter(|id| !pass.removed.contains(&id.as_str().to_lowercase()))
        .map(AccountId::as_str)
        .collect();
    if !staying.is_empty() {
        return Some(blocked(spec, live, &staying, summary));
    }
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

/// How many sub-accounts are named.
const NAMED: usize = 5;

/// An account that may not go yet.
fn blocked(
    spec: &AccountSpec,
    live: &LiveAccount,
    staying: &[&str],
    summary: &mut Summary,
) -> Lane {
    let mut names = staying
        .iter()
        .take(NAMED)
        .map(|id| format!("{id:?}"))
        .collect::<Vec<_>>()
        .join(", ");
    if staying.len() > NAMED {
        names = format!("{names} and {} more", grouped(staying.len() - NAMED));
    }
    let (s, them) = if staying.len() == 1 {
        ("", "it")
    } else {
        ("s", "them")
    };
    let why = format!(
        "it has the sub-account{s} {names}, which may go along with it; declare {them} with \
         `state: absent` too"
    );
    let change = Change {
        address: spec.address(),
        action: Action::Block,
        title: live.name.clone(),
        reasons: vec![Reason::Blocked(why)],
        fields: Vec::new(),
        origin: Some(spec.origin.clone()),
    };
    summary.count(&change);
    Lane {
        account: spec.id.clone(),
        after: None,
        changes: vec![change],
        operations: Vec::new(),
    }
}
