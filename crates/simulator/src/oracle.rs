//! What must be true whatever happened (`reliability.md` 2, I1 to I7).

use crate::instance::Instance;
use crate::life::{End, Life};
use crate::scene::CANARY;
use gangplank_model::Outcome;
use gangplank_sandbox::{Action, Ledger, LedgerRequest, World};
use serde_json::Value;
use std::collections::BTreeMap;

/// I1: no natural key has more than one object.
pub(crate) fn nothing_twice(ledger: &Ledger) -> Result<(), String> {
    if ledger.duplicates.is_empty() {
        return Ok(());
    }
    Err(format!(
        "I1 something is there twice: {:?}",
        ledger.duplicates
    ))
}

/// I2 and I4: the instance holds what it would hold if nothing had gone wrong, and what nobody spoke
/// of is as it was.
pub(crate) fn same(found: &World, expected: &World) -> Result<(), String> {
    let (found, expected) = (holdings(found), holdings(expected));
    match difference("", &found, &expected) {
        None => Ok(()),
        Some(difference) => Err(format!("I2 the instance differs: {difference}")),
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
    for commit in &ledger.commits {
        if commit.action != Action::Created {
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
    undisturbed: u64,
    troubles: u64,
) -> Result<(), String> {
    let drained = |it: &&LedgerRequest| matches!(it.status, Some(401 | 409));
    let drains = ledger.requests.iter().filter(drained).count() as u64;
    let most = undisturbed + undisturbed / 5 + 13 + 4 * troubles + drains;
    if life.calls > most {
        return Err(format!(
            "I7 {} calls, where {undisturbed} would do without {troubles} troubles",
            life.calls
        ));
    }
    let mut sent: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    for request in ledger.requests.iter().filter(|it| it.write && !drained(it)) {
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

/// What the partner and the customers would see of the accounts, without ids and times.
fn holdings(world: &World) -> Value {
    let mut accounts = serde_json::to_value(&world.accounts).unwrap_or_default();
    strip(&mut accounts);
    if let Value::Array(accounts) = &mut accounts {
        accounts.sort_by_key(ToString::to_string);
        for account in accounts {
            for part in ["Connectors", "Cycles"] {
                if let Some(Value::Array(items)) = account.get_mut(part) {
                    items.retain(|item| item["Status"] != "DeleteScheduled");
                    items.sort_by_key(ToString::to_string);
                }
            }
        }
    }
    accounts
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            // What runs once stops by itself, which the sandbox does when somebody looks.
            if fields.contains_key("PausesAtMilliseconds") {
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
