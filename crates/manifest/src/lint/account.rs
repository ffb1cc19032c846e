//! Accounts that get nothing, and accounts that look like copies.

use super::Found;
use super::layer::Layers;
use crate::entry::{AccountEntry, BodyEntry};
use crate::expression::is_expression;
use crate::merge::Merged;
use gangplank_model::{Diagnostic, Sourced, code};
use std::collections::{HashMap, HashSet};

pub(super) fn lint(merged: &Merged, layers: &Layers<'_>, found: &mut Found<'_>) {
    if found.wants(code::EMPTY_ACCOUNT) && !layers.profiles.is_empty() {
        empty(merged, found);
    }
    if found.wants(code::SAME_NAME) {
        same_name(merged, found);
    }
}

/// Where there are profiles, an account without one and without anything of its own has likely lost it.
fn empty(merged: &Merged, found: &mut Found<'_>) {
    let says = |body: &BodyEntry| body.connectors.0.is_some() || body.templates.0.is_some();
    if merged.defaults.profile.0.is_some() || says(&merged.defaults.body) {
        return;
    }
    let entries = || merged.accounts.iter().map(|account| &account.value);
    let parents: HashSet<&str> = entries()
        .filter_map(|account| account.parent.get().map(String::as_str))
        .collect();
    for account in entries() {
        let AccountEntry {
            id,
            profile,
            parent,
            state,
            body,
            ..
        } = account;
        let Some(id) = &id.0 else { continue };
        let family = parent.0.is_some() || parents.contains(id.value.as_str());
        if profile.0.is_none() && state.0.is_none() && !family && !says(body) {
            found.push(
                Diagnostic::warning(code::EMPTY_ACCOUNT, "an account that gets nothing")
                    .at(&id.origin, "no profile, no connector and no template")
                    .hint("name its profile: `profile: NAME`"),
            );
        }
    }
}

/// Who copies an account changes its id, since that is checked, and easily forgets its name.
fn same_name(merged: &Merged, found: &mut Found<'_>) {
    let mut names: HashMap<&str, &Sourced<String>> = HashMap::new();
    for account in &merged.accounts {
        let AccountEntry { body, state, .. } = &account.value;
        let Some(name) = body.name.0.as_ref().filter(|_| state.0.is_none()) else {
            continue;
        };
        if is_expression(&name.value) {
            continue;
        }
        let Some(first) = names.get(name.value.as_str()) else {
            names.insert(&name.value, name);
            continue;
        };
        found.push(
            Diagnostic::warning(code::SAME_NAME, "two accounts of one name")
                .at(&name.origin, "again here")
                .at(&first.origin, "first here")
                .detail("Cyclr takes it, and nobody can tell the two apart in its console."),
        );
    }
}
