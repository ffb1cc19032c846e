//! Prerequisites: every reason code of cyclr-api.md 2.8.

use serde_json::{Value, json};

use crate::support::{Twin, rich};

const CYCLE: &str = "/cycles/cccccccc-0000-4000-8000-000000000002";

/// `(code, type, id)`; an id of a step is shortened to its last digit.
fn rows(twin: &Twin, path: &str) -> Vec<(u64, String, String)> {
    let rows = twin.get(&format!("{path}/prerequisites"));
    let row = |one: &Value| {
        let id = one["ObjectId"].to_string();
        let id = id
            .trim_matches('"')
            .trim_start_matches("dddddddd-0000-4000-8000-00000000000");
        assert!(!one["Reason"].as_str().unwrap().is_empty());
        (
            one["ReasonCode"].as_u64().unwrap(),
            one["ObjectType"].as_str().unwrap().to_owned(),
            id.to_owned(),
        )
    };
    rows.as_array().unwrap().iter().map(row).collect()
}

fn expect(twin: &Twin, path: &str, expected: &[(u64, &str, &str)]) {
    let expected: Vec<_> = expected
        .iter()
        .map(|(code, kind, id)| (*code, (*kind).to_owned(), (*id).to_owned()))
        .collect();
    assert_eq!(rows(twin, path), expected, "{path}");
}

#[test]
fn a_cycle_has_every_reason() {
    let twin = rich(&[]);
    expect(
        &twin,
        CYCLE,
        &[
            (20, "AccountConnector", "83"),
            (0, "Action", "1"),
            (40, "Action", "2"),
            (41, "Action", "2"),
            (42, "Action", "2"),
            (43, "Action", "2"),
            (31, "Action", "3"),
            (50, "Action", "4"),
            (51, "Action", "4"),
            (32, "Action", "5"),
            (60, "Action", "6"),
            (61, "Action", "6"),
            (33, "Action", "7"),
            (70, "Action", "8"),
            (30, "Variable", "Region"),
        ],
    );
}

#[test]
fn a_step_has_its_own_reasons() {
    let twin = rich(&[]);
    let step = |number: u32| format!("/steps/dddddddd-0000-4000-8000-00000000000{number}");
    expect(
        &twin,
        &step(2),
        &[
            (40, "Parameter", "701"),
            (40, "Parameter", "702"),
            (41, "ConnectorFieldMapping", "711"),
            (42, "ConnectorFieldMapping", "713"),
            (43, "ConnectorFieldMapping", "714"),
        ],
    );
    expect(&twin, &step(4), &[(50, "Action", "4"), (51, "Action", "4")]);
    // What is written is not missing any more.
    let mapping = json!({ "MappingType": "StaticValue", "Value": "x" });
    for path in [
        "parameters/701",
        "parameters/702",
        "fieldmappings/711",
        "fieldmappings/713",
        "fieldmappings/714",
    ] {
        twin.ok(&format!("PUT {}/{path}", step(2)), mapping.clone());
    }
    expect(&twin, &step(2), &[]);
    let put = |number: u32, given: Value| {
        twin.ok(&format!("PUT {CYCLE}{}", step(number)), given);
        expect(&twin, &step(number), &[]);
    };
    put(1, json!({ "ActionType": "Script" }));
    put(
        3,
        json!({ "Criteria": [{ "LeftOperand": "a", "Operator": "Equals", "RightOperand": "b" }] }),
    );
    put(6, json!({ "Delay": { "Unit": "Hours", "Interval": 2 } }));
    put(8, json!({ "WaitUntil": { "Date": "2026-02-01" } }));
}

#[test]
fn reasons_can_be_of_steps_as_a_whole_and_of_variables_or_not() {
    let codes = |variants: &[(&str, &str)]| -> Vec<u64> {
        rows(&rich(variants), CYCLE)
            .into_iter()
            .map(|row| row.0)
            .collect()
    };
    assert_eq!(
        codes(&[
            ("CYCLE_PREREQUISITES", "summary"),
            ("UNSET_VARIABLE", "none")
        ]),
        [20, 0, 30, 31, 31, 32, 32, 33, 33]
    );
    assert_eq!(codes(&[("UNSET_VARIABLE", "0")]).last(), Some(&0));
}

#[test]
fn a_cycle_needs_two_steps() {
    let twin = rich(&[]);
    let made = twin.ok("POST /cycles", json!({ "Name": "Own" }));
    let path = format!("/cycles/{}", made["Id"].as_str().unwrap());
    let id = made["Id"].as_str().unwrap();
    expect(&twin, &path, &[(10, "Cycle", id)]);
    twin.ok(
        &format!("POST {path}/steps"),
        json!({ "Name": "One", "ActionType": "Script" }),
    );
    expect(&twin, &path, &[(10, "Cycle", id)]);
    twin.ok(
        &format!("POST {path}/steps"),
        json!({ "Name": "Two", "ActionType": "Script" }),
    );
    expect(&twin, &path, &[(11, "Cycle", id)]);
}
