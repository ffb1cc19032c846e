//! Natural keys that several live objects share: what a client that repeats itself leaves behind.

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::Duplicate;
use crate::state::Instance;
use crate::world::{Account, Cycle, CycleStatus};

/// Tags that tell cycles of one template and name apart.
const MARK: &str = "gangplank:";

/// The ids of the objects by kind and key.
type Found = BTreeMap<(&'static str, String), Vec<String>>;

/// Finds natural keys that several live objects share. Accounts cannot: they are kept by id.
pub(crate) fn duplicates(instance: &Instance) -> Vec<Duplicate> {
    let mut found = Found::new();
    for account in instance.opened() {
        connectors(&account, &mut found);
        cycles(&account, &mut found);
    }
    let several = found.into_iter().filter(|(_, ids)| ids.len() > 1);
    several
        .map(|((kind, key), ids)| Duplicate {
            kind: kind.to_owned(),
            key,
            ids,
        })
        .collect()
}

fn connectors(account: &Account, found: &mut Found) {
    for installed in &account.connectors {
        let key = format!("{}/{}", account.id, installed.name.to_lowercase());
        for property in &installed.properties {
            let key = format!("{key}/{}", property.name.to_lowercase());
            found
                .entry(("property", key))
                .or_default()
                .push(property.id.to_string());
        }
        let ids = found.entry(("account_connector", key)).or_default();
        ids.push(installed.id.to_string());
    }
}

fn cycles(account: &Account, found: &mut Found) {
    let live = || {
        let cycles = account.cycles.iter();
        cycles.filter(|cycle| cycle.status != CycleStatus::DeleteScheduled)
    };
    let mut namesakes = BTreeMap::<String, Vec<&Cycle>>::new();
    for cycle in live() {
        if let Some(template) = &cycle.template_id {
            let key = format!("{}/{template}/{}", account.id, cycle.name);
            namesakes.entry(key).or_default().push(cycle);
        }
        for mark in mark(cycle) {
            let key = format!("{}/{mark}", account.id);
            found
                .entry(("cycle", key))
                .or_default()
                .push(cycle.id.clone());
        }
        for variable in &cycle.variables {
            let name = variable.system_name.to_lowercase();
            let key = format!("{}/{}/{name}", account.id, cycle.id);
            let ids = found.entry(("variable", key)).or_default();
            ids.push(variable.system_name.clone());
        }
    }
    for (key, cycles) in namesakes {
        // Those that are all marked are told apart by their marks.
        if cycles.iter().all(|cycle| mark(cycle).next().is_some()) {
            continue;
        }
        let ids = found.entry(("cycle", key)).or_default();
        ids.extend(cycles.iter().map(|cycle| cycle.id.clone()));
    }
}

/// The tags that are marks: `gangplank:ENTRY`, but not `gangplank:SETTING=VALUE`.
fn mark(cycle: &Cycle) -> impl Iterator<Item = &str> {
    let tags: BTreeSet<&str> = cycle.tags.iter().flatten().map(String::as_str).collect();
    let is_mark = |tag: &&str| tag.starts_with(MARK) && !tag.contains('=');
    tags.into_iter().filter(is_mark)
}
