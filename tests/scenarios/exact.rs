//! The plan is exact: what it lists is, one for one and in order, what the server sees.

use crate::support::{Bench, scene};
use serde_json::Value;
use std::collections::BTreeMap;

/// Routes of the planned operations, by account.
fn planned(plan: &Value) -> BTreeMap<String, Vec<String>> {
    let mut planned = BTreeMap::new();
    for lane in plan["lanes"].as_array().unwrap() {
        let operations = lane["operations"].as_array().unwrap().iter();
        let routes: Vec<String> = operations
            .map(|operation| {
                let text = |key: &str| operation[key].as_str().unwrap().to_owned();
                format!("{} {}", text("method"), text("route"))
            })
            .collect();
        if !routes.is_empty() {
            planned.insert(lane["account"].as_str().unwrap().to_owned(), routes);
        }
    }
    planned
}

/// Routes of the writes that the server saw, by account.
fn seen(bench: &Bench) -> BTreeMap<String, Vec<String>> {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (account, route) in bench.writes() {
        seen.entry(account).or_default().push(route);
    }
    seen
}

fn plan_json(bench: &Bench) -> Value {
    let plan = bench
        .run(&[
            "plan",
            "--with-secrets",
            "--format",
            "json",
            "manifest.yaml",
        ])
        .expect(0);
    let json = plan.json();
    let schema = bench.run(&["schema", "plan"]).expect(0).json();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&json)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    json
}

#[test]
fn the_server_sees_the_planned_operations_and_no_others() {
    let bench = scene::bench();
    let fresh = planned(&plan_json(&bench));
    assert_eq!(fresh.values().map(Vec::len).sum::<usize>(), 17);
    bench.sandbox.reset_ledger();
    bench.apply().expect(0);
    assert_eq!(seen(&bench), fresh);

    scene::edit(&bench, "every: 1h", "every: 5m");
    let changed = planned(&plan_json(&bench));
    bench.sandbox.reset_ledger();
    bench.apply().expect(0);
    assert_eq!(seen(&bench), changed);
}

#[test]
fn two_plans_of_one_state_are_equal_to_the_byte() {
    let bench = scene::bench();
    let plan = || {
        bench
            .run(&["plan", "--format", "json", "manifest.yaml"])
            .expect(0)
            .stdout
    };
    assert_eq!(plan(), plan());
    bench.apply().expect(0);
    assert_eq!(plan(), plan());
}

#[test]
fn the_order_of_entries_plans_nothing() {
    let bench = scene::bench();
    bench.apply().expect(0);
    let (head, accounts) = scene::MANIFEST.split_once("accounts:\n").unwrap();
    let (acme, bolt) = accounts.split_at(accounts.find("  - id: bolt-002").unwrap());
    bench.manifest(&format!("{head}accounts:\n{bolt}{acme}"));
    bench.expect_converged();
}
