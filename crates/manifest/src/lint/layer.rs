//! What is written in one place for one account or for many.

use crate::entry::{AccountEntry, BodyEntry, ConnectorEntry, TemplateEntry, Typed};
use crate::expression::is_expression;
use crate::merge::Merged;
use crate::shared::{Part, Parts};
use gangplank_model::Sourced;
use std::collections::BTreeMap;

/// A roster stands for many accounts; how many is not asked.
const MANY: usize = 2;

/// The body of an account, a profile, a roster or the defaults.
pub(super) struct Layer<'a> {
    pub(super) body: &'a BodyEntry,
    /// How many accounts have it under them.
    pub(super) accounts: usize,
}

/// All that is written of accounts.
pub(super) struct Layers<'a> {
    pub(super) all: Vec<Layer<'a>>,
    /// How many accounts each profile has.
    pub(super) profiles: BTreeMap<&'a str, usize>,
    /// Whether a row names its profile, so that each may be meant.
    pub(super) named_by_rows: bool,
}

impl<'a> Layers<'a> {
    pub(super) fn new(merged: &'a Merged) -> Self {
        let (profiles, named_by_rows) = users(merged);
        let everyone = merged.accounts.len() + MANY * merged.rosters.len();
        let mut all = vec![Layer {
            body: &merged.defaults.body,
            accounts: everyone,
        }];
        all.extend(merged.profiles.iter().map(|(name, (_, profile))| Layer {
            body: &profile.body,
            accounts: profiles[name.as_str()],
        }));
        let rosters = merged.rosters.iter();
        all.extend(rosters.filter_map(|roster| {
            Some(Layer {
                body: &roster.value.account.get()?.body,
                accounts: MANY,
            })
        }));
        all.extend(merged.accounts.iter().map(|account| Layer {
            body: &account.value.body,
            accounts: 1,
        }));
        Self {
            all,
            profiles,
            named_by_rows,
        }
    }
}

/// How many accounts have each profile under them, by way of others too.
fn users(merged: &Merged) -> (BTreeMap<&str, usize>, bool) {
    let mut direct: BTreeMap<&str, usize> = BTreeMap::new();
    let default = merged.defaults.profile.get().map(String::as_str);
    let mut named_by_rows = false;
    for AccountEntry { profile, .. } in merged.accounts.iter().map(|account| &account.value) {
        if let Some(name) = profile.get().map(String::as_str).or(default) {
            *direct.entry(name).or_default() += 1;
        }
    }
    for roster in &merged.rosters {
        let account = roster.value.account.get();
        let given = account.and_then(|account| account.profile.get());
        match given.map(String::as_str).or(default) {
            Some(name) if is_expression(name) => named_by_rows = true,
            Some(name) => *direct.entry(name).or_default() += MANY,
            None => {}
        }
    }
    let names = merged.profiles.keys();
    let mut all: BTreeMap<&str, usize> = names.map(|name| (name.as_str(), 0)).collect();
    for (name, count) in direct {
        let mut next = Some(name);
        // A circle has been told of; here it just ends.
        for _ in 0..=merged.profiles.len() {
            let Some((name, (_, profile))) =
                next.and_then(|name| merged.profiles.get_key_value(name))
            else {
                break;
            };
            *all.entry(name).or_default() += count;
            next = profile.extends.get().map(String::as_str);
        }
    }
    // A profile that nothing else names is there for the rows.
    for count in all
        .values_mut()
        .filter(|count| named_by_rows && **count == 0)
    {
        *count = MANY;
    }
    (all, named_by_rows)
}

/// The connectors that are written out in a body.
pub(super) fn connectors(body: &BodyEntry) -> impl Iterator<Item = &Sourced<ConnectorEntry>> {
    given(body.connectors.get())
}

/// The templates that are written out in a body.
pub(super) fn templates(body: &BodyEntry) -> impl Iterator<Item = &Sourced<TemplateEntry>> {
    given(body.templates.get())
}

fn given<T: Part>(list: Option<&Typed<Parts<T>>>) -> impl Iterator<Item = &Sourced<T>> {
    let items = match list {
        Some(Typed::Given(parts)) => parts.items(),
        Some(Typed::Expression(_)) | None => &[],
    };
    items.iter().map(|item| &item.entry)
}
