//! Steps and edges: cyclr-api.md 2.8, conformance lines 15 and 16.

use serde_json::{Value, json};

use crate::support::{Twin, rich};

const CYCLE: &str = "/cycles/cccccccc-0000-4000-8000-000000000001";
const BUSY: &str = "/cycles/cccccccc-0000-4000-8000-000000000003";
const NOTHING: &str = "00000000-1111-4222-8333-444444444444";
const GET_PEOPLE: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const ADD_PERSON: &str = "aaaaaaaa-0000-4000-8000-000000000002";

fn id(value: &Value) -> &str {
    value["Id"].as_str().unwrap()
}

#[test]
fn steps_are_a_resource() {
    let twin = rich(&[]);
    let made = twin.ok("POST /cycles", json!({ "Name": "Own" }));
    let steps = format!("/cycles/{}/steps", id(&made));
    let create = |given: Value| twin.ok(&format!("POST {steps}"), given);
    let first = create(json!({
        "Name": "First", "ActionType": "Action", "AccountConnector": { "Id": 81 },
        "Method": { "MethodUniqueIdentifier": GET_PEOPLE },
    }));
    assert_eq!(first["AccountConnector"]["Id"], 81);
    assert_eq!(first["Method"]["MethodUniqueIdentifier"], GET_PEOPLE);
    assert_eq!(first["Method"]["Parameters"][0]["Name"], "Segment");
    let second = create(json!({ "actiontype": 4, "MethodId": 70002, "AccountConnectorId": "82" }));
    assert_eq!(
        (&second["Name"], &second["ActionType"]),
        (&json!("Add Person"), &json!("Action"))
    );
    assert_eq!(second["Method"]["RequestFields"][1]["Name"], "Nickname");
    let unbound = create(json!({ "Method": { "Id": 70001 } }));
    assert_eq!(unbound["AccountConnector"]["Id"], 81);
    let delay = create(json!({ "ActionType": "delay", "Delay": { "Unit": "Hours" } }));
    assert_eq!(
        (&delay["ActionType"], &delay["Delay"]["Unit"]),
        (&json!("Delay"), &json!("Hours"))
    );
    assert_eq!(twin.get(&steps).as_array().unwrap().len(), 4);
    assert_eq!(
        twin.get(&format!("{steps}?filter=action"))
            .as_array()
            .unwrap()
            .len(),
        3
    );
    let connectors = twin.get(&format!("/cycles/{}", id(&made)))["Connectors"].clone();
    let counts: Vec<_> = connectors
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["AccountConnectorId"].clone(), one["StepCount"].clone()))
        .collect();
    assert_eq!(counts, [(json!(81), json!(2)), (json!(82), json!(1))]);

    let path = format!("{steps}/{}", id(&second));
    assert_eq!(twin.get(&path), second);
    let renamed = twin.ok(&format!("PUT {path}"), json!({ "Description": "d" }));
    assert_eq!(
        (&renamed["Name"], &renamed["Description"]),
        (&json!("Add Person"), &json!("d"))
    );
    assert_eq!(twin.status(&format!("DELETE {path}"), Value::Null), 200);
    assert_eq!(twin.status(&format!("DELETE {path}"), Value::Null), 404);
    let left = twin.get(&format!("/cycles/{}", id(&made)))["Connectors"].clone();
    assert_eq!(left.as_array().unwrap().len(), 1);
    for (given, expected) in [
        (json!({ "ActionType": "Nonsense" }), 400),
        (json!({ "ActionType": 99 }), 400),
        (json!({ "AccountConnector": { "Id": 999 } }), 400),
        (json!({ "Method": { "Id": 1 } }), 400),
        (json!({ "MethodId": -1 }), 400),
        (json!({ "MethodId": "x" }), 400),
    ] {
        assert_eq!(
            twin.status(&format!("POST {steps}"), given.clone()),
            expected,
            "{given}"
        );
    }
}

#[test]
fn a_step_is_pointed_at_another_account_connector() {
    let twin = rich(&[]);
    let rows = twin.get(&format!("{CYCLE}/steps"));
    let path = format!("PUT {CYCLE}/steps/{}", id(&rows[1]));
    let moved = twin.ok(&path, json!({ "AccountConnector": { "Id": 82 } }));
    assert_eq!(moved["AccountConnector"]["Name"], "CRM 2");
    assert_eq!(moved["Method"]["MethodUniqueIdentifier"], ADD_PERSON);
    let bound = |twin: &Twin| {
        let rows = twin.get(CYCLE)["Connectors"].clone();
        let rows = rows.as_array().unwrap().clone();
        rows.iter()
            .map(|one| one["AccountConnectorId"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(bound(&twin), [81, 82]);
    twin.ok(
        &format!("PUT {CYCLE}/steps/{}", id(&rows[0])),
        json!({ "AccountConnectorId": 82 }),
    );
    assert_eq!(bound(&twin), [82]);
    twin.ok(&path, json!({ "AccountConnector": { "Id": 83 } }));
    let left = twin.get(&format!("{CYCLE}/prerequisites"));
    assert_eq!(
        (&left[0]["ReasonCode"], &left[0]["ObjectId"]),
        (&json!(20), &json!(83))
    );
    // Another connector does not have the method.
    assert_eq!(twin.status(&path, json!({ "AccountConnectorId": 84 })), 400);
    let other = twin.ok(
        &path,
        json!({ "AccountConnectorId": 84, "MethodId": 80001 }),
    );
    assert_eq!(other["Method"]["Name"], "Only Here");
}

#[test]
fn a_running_cycle_refuses_writes_of_steps_and_edges() {
    let check = |position: &str, expected: u16| {
        let twin = rich(&[("STEP_WRITES", position)]);
        let step = "eeeeeeee-0000-4000-8000-000000000001";
        let edges = twin.get(&format!("{BUSY}/edges"));
        for (call, given, expected) in [
            (
                format!("PUT {BUSY}/steps/{step}"),
                json!({ "Name": "x" }),
                409,
            ),
            (format!("DELETE {BUSY}/steps/{step}"), Value::Null, 409),
            (
                format!("POST {BUSY}/steps"),
                json!({ "Name": "x" }),
                expected,
            ),
            (
                format!("DELETE {BUSY}/edges/{}", id(&edges[0])),
                Value::Null,
                expected,
            ),
        ] {
            assert_eq!(twin.status(&call, given), expected, "{call}");
        }
    };
    check("409", 409);
    check("200", 200);
}

#[test]
fn edges_connect_steps() {
    let twin = rich(&[]);
    let steps = twin.get(&format!("{CYCLE}/steps"));
    let edges = format!("{CYCLE}/edges");
    let rows = twin.get(&edges);
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(
        (&rows[0]["FromStepId"], &rows[0]["ToStepId"]),
        (&steps[0]["Id"], &steps[1]["Id"])
    );
    let one = format!("{edges}/{}", id(&rows[0]));
    assert_eq!(twin.get(&one), rows[0]);
    let codes = |twin: &Twin| {
        let rows = twin.get(&format!("{CYCLE}/prerequisites"));
        rows.as_array()
            .unwrap()
            .iter()
            .map(|one| one["ReasonCode"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes(&twin), [0_u64; 0]);
    assert_eq!(twin.status(&format!("DELETE {one}"), Value::Null), 200);
    assert_eq!(twin.status(&format!("GET {one}"), Value::Null), 404);
    assert_eq!(codes(&twin), [11]);
    let create = |from: &Value, to: &Value| {
        twin.call(
            &format!("POST {edges}"),
            &json!({ "SourceStepId": from, "toStepId": to }),
        )
    };
    let (first, second) = (&steps[0]["Id"], &steps[1]["Id"]);
    // No source names the fields: a body with others is read by place.
    let by_place = twin.ok(
        &format!("POST {edges}"),
        json!({ "Begin": first, "End": second }),
    );
    assert_eq!(&by_place["ToStepId"], second);
    let gone = format!("DELETE {edges}/{}", id(&by_place));
    assert_eq!(twin.status(&gone, Value::Null), 200);
    let (status, made) = create(first, second);
    assert_eq!((status, &made["FromStepId"]), (200, first));
    assert_eq!(codes(&twin), [0_u64; 0]);
    assert_eq!(create(first, second).0, 400);
    assert_eq!(create(first, first).0, 400);
    assert_eq!(create(first, &json!(NOTHING)).0, 400);
    assert_eq!(twin.status(&format!("POST {edges}"), json!({})), 400);
    // A loop has no trigger.
    create(second, first);
    assert_eq!(codes(&twin), [11]);
    twin.ok(
        &format!("DELETE {CYCLE}/steps/{}", second.as_str().unwrap()),
        Value::Null,
    );
    assert_eq!(twin.get(&edges), json!([]));
    assert_eq!(codes(&twin), [10]);
}

#[test]
fn ids_of_steps_edges_and_transactions_are_404_or_400() {
    let twin = rich(&[]);
    for call in [
        "GET CYCLE/steps/ID",
        "PUT CYCLE/steps/ID",
        "DELETE CYCLE/steps/ID",
        "GET CYCLE/edges/ID",
        "DELETE CYCLE/edges/ID",
        "GET CYCLE/transactions/ID",
        "POST /cycles/ID/steps",
        "GET /cycles/ID/edges",
        "POST /cycles/ID/edges",
        "GET /cycles/ID/incidents",
        "DELETE /cycles/ID/incidents",
        "GET /cycles/ID/transactions",
        "POST /steps/ID/parameters/1/lookup",
        "POST /steps/ID/fieldmappings/lookup",
        "GET /steps/ID/fieldsformapping",
    ] {
        let call = call.replace("CYCLE", CYCLE);
        assert_eq!(
            twin.status(&call.replace("ID", NOTHING), json!({})),
            404,
            "{call}"
        );
        assert_eq!(
            twin.status(&call.replace("ID", "XXX"), json!({})),
            400,
            "{call}"
        );
    }
}
