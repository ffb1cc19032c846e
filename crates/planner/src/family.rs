//! The order between accounts: a parent is made before its sub-accounts, and removed after them.

use gangplank_model::code;
use gangplank_model::{AccountId, Desired, Diagnostic, Lane, OperationKind, Presence, Problems};
use std::collections::{BTreeMap, BTreeSet};

/// The accounts that are to go, in lower case: the instance may not tell letters apart (cyclr-api.md 4,
/// U23).
pub(crate) fn removed(desired: &Desired) -> BTreeSet<String> {
    let absent = Presence::Absent;
    let removed = desired.accounts.iter().filter(|it| it.presence == absent);
    removed.map(|it| it.id.as_str().to_lowercase()).collect()
}

/// An account that stays cannot stand below one that goes.
pub(crate) fn orphans(desired: &Desired, problems: &mut Problems) {
    let removed = removed(desired);
    let present = Presence::Present;
    for account in desired.accounts.iter().filter(|it| it.presence == present) {
        let Some(parent) = &account.parent else {
            continue;
        };
        if removed.contains(&parent.value.as_str().to_lowercase()) {
            problems.push(
                Diagnostic::error(
                    code::PARENT_REMOVED,
                    format!("account {} stays, but its parent goes", account.id),
                )
                .at(
                    &parent.origin,
                    format!("{} is declared with `state: absent`", parent.value),
                )
                .hint("declare this account absent too, or keep the parent"),
            );
        }
    }
}

/// A sub-account whose parent is made by this plan comes after it.
pub(crate) fn parents_first(desired: &Desired, lanes: &mut [Lane]) {
    let makes_it = |lane: &Lane| {
        let kind = lane.operations.first().map(|operation| &operation.kind);
        matches!(kind, Some(OperationKind::CreateAccount { .. }))
    };
    let created: BTreeSet<AccountId> = lanes
        .iter()
        .filter(|lane| makes_it(lane))
        .map(|lane| lane.account.clone())
        .collect();
    let parents = desired
        .accounts
        .iter()
        .filter_map(|account| Some((&account.id, &account.parent.as_ref()?.value)))
        .filter(|(_, parent)| created.contains(*parent))
        .collect::<BTreeMap<_, _>>();
    for lane in lanes {
        if created.contains(&lane.account) {
            lane.after = parents.get(&lane.account).map(|parent| (*parent).clone());
        }
    }
}

/// The accounts of one family are removed one after another, sub-accounts first.
pub(crate) fn children_first(desired: &Desired, lanes: &mut [Lane]) {
    let removes_it = |lane: &&Lane| {
        let kind = lane.operations.last().map(|operation| &operation.kind);
        matches!(kind, Some(OperationKind::DeleteAccount))
    };
    let removed: BTreeSet<&AccountId> = lanes
        .iter()
        .filter(removes_it)
        .map(|lane| &lane.account)
        .collect();
    let mut children: BTreeMap<&AccountId, Vec<&AccountId>> = BTreeMap::new();
    let mut roots = Vec::new();
    for account in desired
        .accounts
        .iter()
        .filter(|it| removed.contains(&it.id))
    {
        match account
            .parent
            .as_ref()
            .filter(|it| removed.contains(&it.value))
        {
            Some(parent) => children.entry(&parent.value).or_default().push(&account.id),
            None => roots.push(&account.id),
        }
    }
    let mut after: BTreeMap<AccountId, AccountId> = BTreeMap::new();
    for root in roots {
        // From the root down; the removals go the other way.
        let mut family = vec![root];
        let mut next = 0;
        while let Some(parent) = family.get(next) {
            family.extend(children.remove(*parent).unwrap_or_default());
            next += 1;
        }
        for pair in family.windows(2) {
            if let [later, earlier] = pair {
                after.insert((*later).clone(), (*earlier).clone());
            }
        }
    }
    for lane in lanes {
        if let Some(earlier) = after.remove(&lane.account) {
            lane.after = Some(earlier);
        }
    }
}
