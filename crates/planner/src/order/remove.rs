//! The removal of a whole account, with everything in it in plain sight.

use super::calls::Calls;
use crate::diff::{Pass, template};
use crate::moves::Ground;
use crate::protect::Guard;
use gangplank_model::plan::grouped;
use gangplank_model::{
    AccountId, AccountMark, AccountSpec, Action, Address, Change, Lane, LiveAccount, OperationKind,
    Origin, Reason, Summary,
};

/// An account that is to go, and why.
#[derive(Debug)]
pub(crate) struct Leaving<'a> {
    pub(crate) id: &'a AccountId,
    /// Where that was written.
    pub(crate) origin: &'a Origin,
    pub(crate) reason: Reason,
    /// Its entry, if it has one.
    pub(crate) spec: Option<&'a AccountSpec>,
}

/// Removes a whole account: its cycles, its connectors, then itself. The instance may take sub-accounts
/// along (cyclr-api.md 4, U11), so that nothing is removed while one is there that is to stay.
pub(crate) fn remove(
    pass: &mut Pass<'_>,
    leaving: &Leaving<'_>,
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
        return Some(blocked(leaving, live, &staying, summary));
    }
    let id = leaving.id;
    let cycles = live.cycles.iter().flatten().flat_map(|cycle| {
        let address = Address::template(id, &cycle.name);
        let kinds = template::removal(cycle).into_iter();
        kinds.map(move |kind| (address.clone(), kind))
    });
    let connectors = live.connectors.iter().flatten().map(|connector| {
        let kind = OperationKind::DeleteConnector { id: connector.id };
        (Address::connector(id, &connector.name), kind)
    });
    let itself = (Address::account(id), OperationKind::DeleteAccount);
    let mut calls = Calls::default();
    calls.in_turn(cycles.chain(connectors).chain([itself]));
    let change = |address, title: &str, reason| Change {
        address,
        action: Action::Remove,
        title: title.to_owned(),
        reasons: vec![reason],
        fields: Vec::new(),
        origin: Some(leaving.origin.clone()),
    };
    let itself = change(Address::account(id), &live.name, leaving.reason.clone());
    let connectors = live.connectors.iter().flatten().map(|connector| {
        let address = Address::connector(id, &connector.name);
        change(address, &connector.connector_name, Reason::WithAccount)
    });
    let cycles = live.cycles.iter().flatten().map(|cycle| {
        let address = Address::template(id, &cycle.name);
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
    check(pass, leaving, live, &changes);
    Some(Lane {
        account: id.clone(),
        after: None,
        changes,
        operations: calls.list,
        wave: None,
    })
}

/// Refuses where the account, or anything in it, is protected. Objects go by the names by which they are
/// protected: those that their entries have now.
fn check(pass: &mut Pass<'_>, leaving: &Leaving<'_>, live: &LiveAccount, changes: &[Change]) {
    let ground = leaving.spec.map(|spec| Ground::of(pass, spec, Some(live)));
    let (mark, live) = if let Some(ground) = &ground {
        (ground.mark.clone(), ground.live.as_deref().unwrap_or(live))
    } else {
        let audit_info = live.audit_info.as_deref().unwrap_or_default();
        (AccountMark::parse(audit_info).1, live)
    };
    let guard = Guard::of(pass, leaving.spec, mark.as_ref());
    let connectors = live.connectors.iter().flatten();
    let connectors = connectors.map(|it| Address::connector(leaving.id, &it.name));
    let cycles = live.cycles.iter().flatten();
    let cycles = cycles.map(|it| Address::template(leaving.id, crate::moves::key(it)));
    let itself = std::iter::once(Address::account(leaving.id));
    // The changes come in this order.
    let addresses = itself.chain(connectors).chain(cycles);
    let named: Vec<Change> = changes
        .iter()
        .zip(addresses)
        .map(|(change, address)| Change {
            address,
            reasons: vec![leaving.reason.clone()],
            ..change.clone()
        })
        .collect();
    guard.check(pass, &named);
}

/// How many sub-accounts are named.
const NAMED: usize = 5;

/// An account that may not go yet.
fn blocked(
    leaving: &Leaving<'_>,
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
        address: Address::account(leaving.id),
        action: Action::Block,
        title: live.name.clone(),
        reasons: vec![Reason::Blocked(why)],
        fields: Vec::new(),
        origin: Some(leaving.origin.clone()),
    };
    summary.count(&change);
    Lane {
        account: leaving.id.clone(),
        after: None,
        changes: vec![change],
        operations: Vec::new(),
        wave: None,
    }
}
