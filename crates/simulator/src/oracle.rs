//! What must be true whatever happened (`reliability.md` 2, I1 to I7).

use crate::instance::Instance;
use crate::life::{End, Life};
use crate::scene::CANARY;
use gangplank_model::Outcome;
use gangplank_sandbox::{Action, Cycle, CycleStatus, Ledger, LedgerCommit, LedgerRequest, World};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// I1: no natural key has more than one object. But for copies of a template that a process left behind which
/// was cut off while another was at work on the same: they never ran and bear no mark.
pub(crate) fn nothing_twice(ledger: &Ledger, world: &World, cut_off: bool) -> Result<(), String> {
    let left: BTreeSet<&str> = if cut_off {
        bare(world).map(|cycle| cycle.id.as_str()).collect()
    } else {
        BTreeSet::new()
    };
    for twice in &ledger.duplicates {
        let ids = twice.ids.iter();
        if ids.filter(|id| !left.contains(id.as_str())).count() > 1 {
            return Err(format!("I1 something is there twice: {twice:?}"));
        }
    }
    Ok(())
}

/// Cycles that never ran and bear no mark, beside one of the same template that does.
fn bare(world: &World) -> impl Iterator<Item = &Cycle> {
    world.accounts.iter().flat_map(|account| {
        let marked = |cycle: &Cycle| {
            let mut tags = cycle.tags.iter().flatten();
            tags.any(|tag| tag.starts_with("gangplank:"))
        };
        account.cycles.iter().filter(move |cycle| {
            let same = |it: &&Cycle| it.template_id == cycle.template_id && marked(it);
            let idle = cycle.status == CycleStatus::Paused && !marked(cycle);
            idle && account.cycles.iter().find(same).is_some()
        })
    })
}

/// What an instance holds, as the partner and the customers would see it.
#[derive(Debug)]
pub(crate) struct Holdings(Value);

impl Holdings {
    pub(crate) fn of(world: &World) -> Self {
        Self(holdings(world))
    }

    /// I2 and I4: the instance holds what it would hold if nothing had gone wrong, and what nobody spoke
    /// of is as it was.
    pub(crate) fn compare(&self, mut found: World, cut_off: bool) -> Result<(), String> {
        if cut_off {
            let left: BTreeSet<String> = bare(&found).map(|it| it.id.clone()).collect();
            for account in &mut found.accounts {
                account.cycles.retain(|cycle| !left.contains(&cycle.id));
            }
        }
        let found = holdings(&found);
        if found == self.0 {
            return Ok(());
        }
        match difference("", &found, &self.0) {
            None => Ok(()),
            Some(difference) => Err(difference),
        }
    }
}

/// I5: what was created has a receipt that does not deny it.
pub(crate) fn honest(life: &Life, ledger: &Ledger) -> Result<(), String> {
    let End::Applied { report, .. } = &life.end else {
        return Ok(());
    };
    let mut told: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for receipt in report.receipts() {
        let denied = matches!(receipt.outcome, Outcome::Skipped | Outcome::Refused(_));
        if !denied && receipt.route.starts_with("POST") {
            let account = receipt.address.account.as_str().to_owned();
            *told.entry((receipt.route, account)).or_default() += 1;
        }
    }
    let mut made: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let ours: BTreeSet<u64> = by(ledger, life).map(|request| request.number).collect();
    for commit in &ledger.commits {
        // What was taken back needs no receipt of its own.
        let gone = |it: &&LedgerCommit| it.action == Action::Deleted && it.id == commit.id;
        if commit.action != Action::Created
            || !ours.contains(&commit.request)
            || ledger.commits.iter().any(|it| gone(&it))
        {
            continue;
        }
        let route = match commit.kind.as_str() {
            "account" => "POST /accounts",
            "account_connector" => "POST /connectors/{id}/install",
            "cycle" => "POST /templates/{id}/install",
            _ => continue,
        };
        let account = commit.key.split('/').next().unwrap_or_default().to_owned();
        *made.entry((route, account)).or_default() += 1;
    }
    for (key, count) in made {
        let told = told.get(&key).copied().unwrap_or(0);
        if count > told {
            return Err(format!(
                "I5 {key:?}: {count} were made, {told} are in receipts"
            ));
        }
    }
    Ok(())
}

/// I6: no secret is told.
pub(crate) fn silent(life: &Life) -> Result<(), String> {
    let told = format!("{:?} {:?}", life.events, life.end);
    if told.contains(CANARY) || told.contains("demo-secret") {
        return Err(format!("I6 a secret was told: {told}"));
    }
    Ok(())
}

/// I7: no write is sent more often than four times, but for one that a cycle refuses as long as it still
/// works, or that is sent again with a new token (F11); and all calls are bounded by what was planned and by what went wrong.
pub(crate) fn bounded(
    life: &Life,
    ledger: &Ledger,
    (undisturbed, troubles, lives): (u64, u64, usize),
) -> Result<(), String> {
    let drained = |it: &&LedgerRequest| matches!(it.status, Some(401 | 409));
    let drains = by(ledger, life).filter(drained).count() as u64;
    // Whoever is not alone may have to look at everything once more.
    let most = lives as u64 * (undisturbed + undisturbed / 5 + 13) + 4 * troubles + drains;
    if life.calls > most {
        return Err(format!(
            "I7 {} calls, where {undisturbed} would do without {troubles} troubles",
            life.calls
        ));
    }
    let mut sent: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    for request in by(ledger, life).filter(|it| it.write && !drained(it)) {
        let path = request.path.as_str();
        if path.ends_with("/token") {
            continue;
        }
        let account = request.account.as_deref().unwrap_or_default();
        let times = sent
            .entry((path, account, &request.body_digest))
            .or_default();
        *times += 1;
        if *times > 4 {
            return Err(format!("I7 sent {times} times: {} {path}", request.method));
        }
    }
    Ok(())
}

/// The requests of one process.
fn by<'a>(ledger: &'a Ledger, life: &Life) -> impl Iterator<Item = &'a LedgerRequest> {
    let client = life.client;
    let requests = ledger.requests.iter();
    requests.filter(move |request| request.client.as_deref() == Some(client))
}

/// What the partner and the customers would see of the accounts, without ids and times.
fn holdings(world: &World) -> Value {
    let mut accounts = serde_json::to_value(&world.accounts).unwrap_or_default();
    strip(&mut accounts);
    if let Value::Array(accounts) = &mut accounts {
        accounts.sort_by_key(name);
        for account in accounts {
            for part in ["Connectors", "Cycles"] {
                if let Some(Value::Array(items)) = account.get_mut(part) {
                    items.retain(|item| item["Status"] != "DeleteScheduled");
                    items.sort_by_key(name);
                }
            }
        }
    }
    accounts
}

fn name(item: &Value) -> String {
    item["Name"].as_str().unwrap_or_default().to_owned()
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            // What runs once stops by itself, which the sandbox does when somebody looks.
            if fields.get("RunOnce") == Some(&Value::Bool(true)) {
                fields.remove("Status");
            }
            fields.retain(|name, _| {
                let ends = ["Utc", "Date", "Milliseconds"];
                let varies = (name != "TemplateId" && name.ends_with("Id")) || name == "TasksUsed";
                !varies && !ends.iter().any(|end| name.ends_with(end))
            });
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The first place at which two values differ.
fn difference(path: &str, found: &Value, expected: &Value) -> Option<String> {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            let keys = found.keys().chain(expected.keys());
            keys.into_iter().find_map(|key| {
                let null = Value::Null;
                let (a, b) = (found.get(key), expected.get(key));
                difference(
                    &format!("{path}.{key}"),
                    a.unwrap_or(&null),
                    b.unwrap_or(&null),
                )
            })
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            let pairs = found.iter().zip(expected).enumerate();
            pairs
                .into_iter()
                .find_map(|(index, (a, b))| difference(&format!("{path}[{index}]"), a, b))
        }
        _ if found == expected => None,
        _ => Some(format!("{path}: {found} instead of {expected}")),
    }
}

/// I3: the instance was left as it was.
pub(crate) fn untouched(instance: &Instance, life: &Life) -> Result<(), String> {
    let End::Applied { plan, .. } = &life.end else {
        return Err(format!("I3 the last apply did not end: {:?}", life.end));
    };
    let ledger = instance.ledger();
    if plan.operation_count() > 0 || !ledger.commits.is_empty() {
        let changes = plan.lanes.iter().flat_map(|lane| &lane.operations);
        let verbs: Vec<String> = changes
            .map(|it| format!("{}: {}", it.address, it.verb()))
            .collect();
        return Err(format!("I3 it is not done yet: {verbs:?}"));
    }
    Ok(())
}
