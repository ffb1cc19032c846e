//! Cycles, variables, steps and mappings: cyclr-api.md 2.8 and 2.9, conformance lines 15 and 16.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Twin;

const OTHER: &str = "00000000-1111-4222-8333-444444444444";

#[test]
fn cycles_are_created_merged_and_deleted() {
    let twin = Twin::new();
    let given = json!({ "Name": "Own", "Tags": ["a"], "StepErrorAction": "Retry", "CollectionSplitType": "None", "LogStepDataRequests": true });
    let (status, made) = twin.call("POST /cycles", &given);
    assert_eq!(status, 201);
    let path = format!("/cycles/{}", made["Id"].as_str().unwrap());
    let changed = twin.ok(
        &format!("PUT {path}"),
        json!({ "Description": "d", "tags": ["a", "b"] }),
    );
    assert_eq!(
        (&changed["Name"], &changed["Tags"]),
        (&json!("Own"), &json!(["a", "b"]))
    );
    assert_eq!(changed["StepErrorAction"], "Retry");
    assert_eq!(
        twin.status(
            &format!("PUT {path}"),
            json!({ "StepErrorAction": "Explode" })
        ),
        400
    );
    assert_eq!(twin.get("/cycles?tag=b"), json!([changed]));
    assert_eq!(
        twin.get("/cycles?connectorName=Pipedrive")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        twin.get(&format!("{path}/prerequisites"))[0]["ReasonCode"],
        10
    );
    assert_eq!(twin.get("/cycles/upgradeable"), json!([]));
    assert_eq!(twin.status(&format!("DELETE {path}"), Value::Null), 200);
    assert_eq!(twin.get("/cycles?tag=b")[0]["Status"], "DeleteScheduled");
    assert_eq!(twin.status(&format!("DELETE {path}"), Value::Null), 404);
    let deleted = twin.sandbox.ledger().commits.pop().unwrap();
    assert_eq!(
        (deleted.kind.as_str(), deleted.key.as_str()),
        ("cycle", "acme-001/Own")
    );
}

#[test]
fn what_does_not_exist_is_404_and_what_is_malformed_400() {
    let twin = Twin::new();
    for call in [
        "GET /cycles/ID",
        "PUT /cycles/ID",
        "DELETE /cycles/ID",
        "PUT /cycles/ID/activate",
        "PUT /cycles/ID/deactivate",
        "GET /cycles/ID/prerequisites",
        "GET /cycles/ID/variables",
        "POST /cycles/ID/variables",
        "GET /cycles/ID/variables/x",
        "GET /cycles/ID/steps",
        "GET /cycles/ID/steps/ID",
        "GET /steps/ID/prerequisites",
        "GET /steps/ID/parameters",
        "PUT /steps/ID/parameters/1",
        "GET /steps/ID/fieldmappings",
        "PUT /steps/ID/fieldmappings/1",
        "GET /steps/ID/fieldsformapping",
        "GET /templates/ID",
    ] {
        assert_eq!(
            twin.status(&call.replace("ID", OTHER), json!({})),
            404,
            "{call}"
        );
        assert_eq!(
            twin.status(&call.replace("ID", "malformed"), json!({})),
            400,
            "{call}"
        );
    }
}

#[test]
fn a_running_cycle_refuses_its_writes() {
    let twin = Twin::new();
    let id = twin.ready_cycle();
    let path = format!("/cycles/{id}");
    let step = twin.get(&format!("{path}/steps?filter=action"))[0]["Id"]
        .as_str()
        .unwrap()
        .to_owned();
    let active = twin.ok(&format!("PUT {path}/activate"), json!({ "Interval": "60" }));
    assert_eq!(active["Status"], "Active");
    assert!(active.get("Interval").is_none());
    let calls = [
        (format!("PUT {path}"), json!({ "Name": "x" })),
        (format!("PUT {path}/steps/{step}"), json!({ "Name": "x" })),
        (
            format!("POST {path}/variables"),
            json!({ "DisplayName": "x" }),
        ),
        (format!("PATCH {path}/variables"), json!([])),
        (
            format!("PUT {path}/variables/Region"),
            json!({ "Value": "x" }),
        ),
        (format!("DELETE {path}/variables/Region"), json!({})),
        (format!("PUT /steps/{step}/parameters/16017"), json!({})),
        (format!("PUT /steps/{step}/fieldmappings/283792"), json!({})),
        (format!("DELETE {path}/steps/{step}"), json!({})),
    ];
    for (call, given) in &calls {
        assert_eq!(twin.status(call, given.clone()), 409, "{call}");
    }
    for _ in 0..2 {
        let call = format!("PUT {path}/deactivate?finishQueuedTransactions=false");
        assert_eq!(twin.status(&call, json!({})), 200);
    }
    for (call, given) in &calls {
        assert_eq!(twin.status(call, given.clone()), 200, "{call}");
    }
}

#[test]
fn activation_checks_interval_and_prerequisites() {
    let twin = Twin::new();
    let open = twin.install_template()["Id"].as_str().unwrap().to_owned();
    let step = twin.get(&format!("/cycles/{open}/steps"))[0]["Id"].clone();
    let left = twin.get(&format!("/cycles/{open}/prerequisites"));
    let codes: Vec<u64> = left
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["ReasonCode"].as_u64().unwrap())
        .collect();
    assert_eq!(codes, [40, 41]);
    assert_eq!(
        (&left[0]["ObjectType"], &left[0]["ObjectId"]),
        (&json!("Action"), &step)
    );
    let of_step = twin.get(&format!("/steps/{}/prerequisites", step.as_str().unwrap()));
    assert_eq!(of_step[0]["ObjectType"], "Parameter");
    assert_eq!(of_step[1]["ObjectId"], 283_792);
    assert_eq!(
        twin.status(
            &format!("PUT /cycles/{open}/activate"),
            json!({ "Interval": 60 })
        ),
        400
    );

    let ready = twin.ready_cycle();
    let activate = format!("PUT /cycles/{ready}/activate");
    let check = |given: Value, expected: u16| {
        assert_eq!(twin.status(&activate, given.clone()), expected, "{given}");
    };
    check(json!({ "Interval": 7 }), 400);
    check(json!({ "Interval": "x" }), 400);
    for minutes in [1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10080] {
        check(json!({ "Interval": minutes }), 200);
    }
    check(json!({ "RunOnce": false }), 200);
    assert_eq!(
        twin.get(&format!("/cycles/{ready}/prerequisites")),
        json!([])
    );
}

#[test]
fn a_cycle_that_runs_once_pauses_itself() {
    let twin = Twin::new();
    let id = twin.ready_cycle();
    let activate = format!("PUT /cycles/{id}/activate");
    assert_eq!(
        twin.ok(&activate, json!({ "RunOnce": true, "Interval": 7 }))["Status"],
        "Active"
    );
    twin.clock.advance(Duration::from_secs(2));
    assert_eq!(twin.get(&format!("/cycles/{id}"))["Status"], "Active");
    twin.clock.advance(Duration::from_secs(2));
    let done = twin.get(&format!("/cycles/{id}"));
    assert_eq!(done["Status"], "Paused");
    assert_eq!(done["LastSuccessfulRunDate"], "2026-01-01T00:00:03Z");
}

#[test]
fn variables_are_a_resource() {
    let twin = Twin::new();
    let path = format!(
        "/cycles/{}/variables",
        twin.install_template()["Id"].as_str().unwrap()
    );
    assert_eq!(
        twin.get(&path),
        json!([{ "DisplayName": "Region", "SystemName": "Region", "Value": "eu", "MappingType": "StaticValue" }])
    );
    let made = twin.ok(
        &format!("POST {path}"),
        json!({ "DisplayName": "JO Var 1", "Value": "1" }),
    );
    assert_eq!(made["SystemName"], "JOVar1");
    assert_eq!(twin.get(&format!("{path}/JOVar1")), made);
    let rows = twin.ok(
        &format!("PATCH {path}"),
        json!([{ "DisplayName": "Region", "Value": "us" }, { "SystemName": "New" }]),
    );
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert_eq!(
        (&rows[0]["Value"], &rows[0]["MappingType"]),
        (&json!("us"), &json!("StaticValue"))
    );
    assert_eq!(
        twin.ok(&format!("PUT {path}/JOVar1"), json!({ "Value": "2" }))["Value"],
        "2"
    );
    assert_eq!(
        twin.status(&format!("DELETE {path}/JOVar1"), Value::Null),
        200
    );
    for call in ["GET", "PUT", "DELETE"] {
        assert_eq!(
            twin.status(&format!("{call} {path}/JOVar1"), json!({})),
            404,
            "{call}"
        );
    }
}

#[test]
fn mappings_are_read_and_merged() {
    let twin = Twin::new();
    let id = twin.install_template()["Id"].as_str().unwrap().to_owned();
    let step = &twin.get(&format!("/cycles/{id}/steps"))[0];
    assert_eq!(step["AccountConnector"]["Id"], 51);
    assert_eq!(step["Method"]["Parameters"][0]["Name"], "List ID");
    assert_eq!(step["Method"]["RequestFields"][0]["Name"], "Email");
    let step = format!("/steps/{}", step["Id"].as_str().unwrap());
    let parameter = format!("{step}/parameters/16017");
    let rows = twin.get(&format!("{step}/parameters"));
    assert_eq!(rows[0]["Parameter"]["Id"], 16017);
    assert!(rows[0].get("Field").is_none() && rows[0].get("IsLaunchVisible").is_none());
    assert_eq!(twin.get(&parameter), rows[0]);
    let put = |path: &str, given: Value| twin.ok(&format!("PUT {path}"), given);
    assert_eq!(
        put(&parameter, json!({ "MappingType": "StaticValue" }))["MappingType"],
        "StaticValue"
    );
    assert_eq!(put(&parameter, json!({ "Value": 5 }))["Value"], "5");
    assert_eq!(
        put(&parameter, json!({ "MappingType": null }))["Value"],
        Value::Null
    );
    let field = format!("{step}/fieldmappings/283792");
    let body = json!({ "Field": { "Id": 283_792, "ForRequestFormat": true }, "IsLaunchVisible": true, "MappingType": "StaticValue", "Value": "v" });
    assert_eq!(put(&field, body)["Value"], "v");
    let list = format!("{step}/fieldmappings/283794");
    let choose = |value: &str| json!({ "MappingType": "ValueList", "Value": value });
    assert_eq!(put(&list, choose("hot"))["Value"], "hot");
    assert_eq!(twin.status(&format!("PUT {list}"), choose("cold")), 400);
    for (path, expected) in [
        ("fieldmappings/XXX", 400),
        ("fieldmappings/1", 404),
        ("parameters/283792", 404),
    ] {
        assert_eq!(
            twin.status(&format!("PUT {step}/{path}"), json!({})),
            expected,
            "{path}"
        );
    }
    assert_eq!(twin.get(&format!("{step}/fieldsformapping")), json!([]));
}

#[test]
fn icons_are_shown_when_asked_for() {
    let world = "
Partner: { Credentials: [{ ClientId: c, ClientSecret: s }] }
Connectors: [{ Name: CRM, Icon: 'data:image/png;base64,AA==' }]
Templates: [{ Id: bbbbbbbb-0000-4000-8000-000000000001, Name: Sync, Release: 2, Connectors: [{ Name: CRM }] }]
Accounts:
  - { Id: acme-001, Name: Acme, Connectors: [{ Name: CRM, Connector: { Name: CRM } }],
      Cycles: [{ Id: cccccccc-0000-4000-8000-000000000001, TemplateId: bbbbbbbb-0000-4000-8000-000000000001, TemplateRelease: 1 }] }
";
    let twin = Twin::of(world);
    let icon = |path: &str| twin.get(path).pointer("/0/Connectors/0/Icon").cloned();
    for list in ["/cycles", "/cycles/upgradeable", "/templates"] {
        let shown = Some(json!("data:image/png;base64,AA=="));
        assert_eq!(icon(&format!("{list}?includeIcons=true")), shown, "{list}");
        assert_eq!(
            icon(&format!("{list}?includeIcons=false")),
            Some(Value::Null)
        );
        assert_eq!(icon(list), Some(Value::Null), "{list}");
    }
}
