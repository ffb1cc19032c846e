//! Templates and their install: cyclr-api.md 2.7, conformance line 13.

use serde_json::{Value, json};

use crate::support::{TEMPLATE, Twin};

#[test]
fn templates_are_filtered() {
    let twin = Twin::new();
    let names = |query: &str| -> Vec<String> {
        let rows = twin.get(&format!("/templates?{query}"));
        rows.as_array()
            .unwrap()
            .iter()
            .map(|one| one["Name"].as_str().unwrap().to_owned())
            .collect()
    };
    let ours = "Pipedrive > MailChimp".to_owned();
    assert_eq!(
        names("tag=crm-test&pageSize=100"),
        std::slice::from_ref(&ours)
    );
    assert!(names("tag=CRM-TEST").is_empty());
    assert_eq!(
        names("tag=crm-test&connectorName=pipedrive&connectorVersion=1.0"),
        [ours]
    );
    assert!(names("tag=crm-test&connectorName=Other").is_empty());
    assert!(names("page=999").is_empty());
    assert!(!names("pageSize=1000").contains(&"Not published".to_owned()));
    let one = twin.get(&format!("/templates/{TEMPLATE}/"));
    assert_eq!(
        one["Connectors"],
        json!([{ "Id": 2550, "Name": "Pipedrive", "Version": "1.0", "StepCount": 1, "Icon": null }])
    );
    let check = |id: &str, expected: u16| {
        assert_eq!(
            twin.status(&format!("GET /templates/{id}"), Value::Null),
            expected,
            "{id}"
        );
        assert_eq!(
            twin.status(&format!("POST /templates/{id}/install"), json!({})),
            expected,
            "{id}"
        );
    };
    check("7ad2265e-2ff0-477b-b913-cae1dfde2ea9", 404);
    check("nonsense", 400);
}

#[test]
fn every_install_makes_another_paused_cycle() {
    let twin = Twin::new();
    let first = twin.install_template();
    let second = twin.install_template();
    assert_ne!(first["Id"], second["Id"]);
    assert_eq!(first["Name"], second["Name"]);
    assert_eq!(first["Status"], "Paused");
    assert_eq!(first["TemplateId"], TEMPLATE);
    assert_eq!(first["Tags"], json!(["crm-test"]));
    assert_eq!(first["LastSuccessfulRunDate"], "0001-01-01T00:00:00");
    assert_eq!(first["Connectors"][0]["AccountConnectorId"], 51);
    assert_eq!(first["Connectors"][0]["Authenticated"], true);
    let ledger = twin.sandbox.ledger();
    assert_eq!(ledger.count("POST /templates/{id}/install"), 2);
    // The world's own cycle has the name too.
    assert_eq!(ledger.duplicates[0].ids.len(), 3);
    // What is User Configurable is not copied, the rest is.
    let steps = twin.get(&format!("/cycles/{}/steps", first["Id"].as_str().unwrap()));
    let step = steps[0]["Id"].as_str().unwrap();
    let fields = twin.get(&format!("/steps/{step}/fieldmappings"));
    assert_eq!(
        (&fields[0]["MappingType"], &fields[0]["Value"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(fields[0]["IsLaunchVisible"], true);
    assert_eq!(
        (&fields[1]["MappingType"], &fields[1]["Value"]),
        (&json!("StaticValue"), &json!("kept"))
    );
}

#[test]
fn missing_connectors_are_installed_bare() {
    let twin = Twin::new();
    twin.ok("POST /accounts", json!({ "Id": "empty", "Name": "Empty" }));
    let install = format!("POST /templates/{TEMPLATE}/install");
    let answer = twin.call_as("empty", &install, "{}");
    let cycle = crate::support::body(&answer);
    assert_eq!(cycle["Connectors"][0]["Authenticated"], false);
    let rows = crate::support::body(&twin.call_as("empty", "GET /account/connectors", ""));
    assert_eq!(
        (&rows[0]["Name"], &rows[0]["AuthValue"]),
        (&json!("Pipedrive"), &Value::Null)
    );
    assert_eq!(cycle["Connectors"][0]["AccountConnectorId"], rows[0]["Id"]);
    let kinds: Vec<String> = twin
        .sandbox
        .ledger()
        .commits
        .iter()
        .map(|commit| commit.kind.clone())
        .collect();
    assert_eq!(kinds, ["account", "account_connector", "cycle"]);
    // "Fresh Installation" adds one whatever is there.
    let fresh = twin.ok(
        "POST /templates/11111111-2ff0-477b-b913-cae1dfde2ea8/install",
        json!({}),
    );
    let rows = twin.get("/account/connectors");
    assert_eq!(rows[1]["Name"], "Pipedrive 2");
    assert_eq!(fresh["Connectors"][0]["AccountConnectorId"], rows[1]["Id"]);
}
