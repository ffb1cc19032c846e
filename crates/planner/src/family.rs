//! The order between accounts: a parent is made before its sub-accounts, and removed after them.

use gangplank_model::code;
use gangplank_model::{
    AccountId, Desired, Diagnostic, Lane, Live, OperationKind, Presence, Problems,
};
use std::collections::{BTreeMap, BTreeSet};

/// The accounts that are to go, in lower case: the instance may not tell letters apart (cyclr-api.md 4,
/// U23).
pub(crate) fn removed(desired: &Desired, live: &Live) -> BTreeSet<String> {
    let absent = Presence::Absent;
    let removed = desired.accounts.iter().filter(|it| it.presence == absent);
    let removed = removed.map(|it| &it.id).chain(live.undeclared.keys());
    removed.map(|id| id.as_str().to_lowercase()).collect()
}

/// An account that stays cannot stand below one that goes.
pub(crate) fn orphans(desired: &Desired, removed: &BTreeSet<String>, problems: &mut Problems) {
    let is_declared = |id: &AccountId| {
        let mut all = desired.accounts.iter();
        all.any(|it| it.id.as_str().eq_ignore_ascii_case(id.as_str()))
    };
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
                    if is_declared(&parent.value) {
                        format!("{} is declared with `state: absent`", parent.value)
                    } else {
                        format!(
                            "{} is not declared, and the instance is exclusive",
                            parent.value
                        )
                    },
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
pub(crate) fn children_first(desired: &Desired, live: &Live, lanes: &mut [Lane]) {
    let removes_it = |lane: &&Lane| {
        let kind = lane.operations.last().map(|operation| &operation.kind);
        matches!(kind, Some(OperationKind::DeleteAccount))
    };
    let removed = lanes.iter().filter(removes_it).map(|lane| &lane.account);
    let removed: Vec<&AccountId> = removed.collect();
    let parents = parents(desired, live, &removed);
    let mut children: BTreeMap<&AccountId, Vec<&AccountId>> = BTreeMap::new();
    let mut roots = Vec::new();
    for account in removed {
        match parents.get(account) {
            Some(parent) => children.entry(*parent).or_default().push(account),
            None => roots.push(account),
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

/// The parents of accounts that go, where these go as well: as declared, else as the instance says.
fn parents<'a>(
    desired: &'a Desired,
    live: &'a Live,
    removed: &[&'a AccountId],
) -> BTreeMap<&'a AccountId, &'a AccountId> {
    let known: BTreeSet<&AccountId> = removed.iter().copied().collect();
    let mut parents = BTreeMap::new();
    for parent in removed {
        let held = live.accounts.get(*parent).or(live.undeclared.get(*parent));
        let below = held.and_then(|held| held.sub_accounts.as_deref());
        for child in below.unwrap_or_default() {
            if let Some(child) = known.get(child) {
                parents.insert(*child, *parent);
            }
        }
    }
    for account in desired.accounts.iter().filter(|it| known.contains(&it.id)) {
        let parent = account.parent.as_ref().map(|parent| &parent.value);
        if let Some(parent) = parent.and_then(|parent| known.get(parent)) {
            parents.insert(&account.id, *parent);
        }
    }
    parents
}
