//! The shipped catalogue: every connector installs, every template makes a cycle.

use serde_json::{Value, json};

use crate::support::{Twin, body};
use gangplank_sandbox::SandboxOptions;

/// The demo world with one account.
fn demo() -> Twin {
    let twin = Twin::open(SandboxOptions::default());
    let answer = twin.call_as("", "POST /accounts", r#"{"Id":"acme-001","Name":"Acme"}"#);
    assert_eq!(answer.status.as_u16(), 200);
    twin
}

#[test]
fn every_connector_can_be_installed_and_is_asked_for_its_credential() {
    let twin = demo();
    let rows = twin.get("/connectors?pageSize=10000&orderBy=Name");
    let rows = rows.as_array().unwrap();
    assert!(rows.len() > 300, "{}", rows.len());
    let mut ids = std::collections::BTreeSet::new();
    for row in rows {
        assert!(
            ids.insert(row["Id"].as_u64().unwrap()),
            "{} is twice",
            row["Id"]
        );
        let name = row["Name"].as_str().unwrap();
        let required =
            row["Parameters"].as_array().unwrap().iter().filter(|one| {
                one["IsAccountConnectorProperty"] == true && one["IsOptional"] == false
            });
        let properties: Vec<Value> = required
            .map(|one| json!({ "Name": one["TargetName"], "Value": "v" }))
            .collect();
        let given = json!({ "Name": format!("{name} {}", row["Id"]), "AuthValue": "{}", "Properties": properties });
        let made = twin.ok(&format!("POST /connectors/{}/install", row["Id"]), given);
        assert_eq!(made["Authenticated"], true, "{name}");
        assert_eq!(made["Connector"]["Id"], row["Id"], "{name}");
        let methods = twin.get(&format!("/connectors/{}/methods", row["Id"]));
        assert!(
            !methods.as_array().unwrap().is_empty(),
            "{name} has no methods"
        );
    }
}

#[test]
fn without_a_credential_only_those_that_need_none_are_ready() {
    let twin = demo();
    for row in twin.get("/connectors?pageSize=10000").as_array().unwrap() {
        let given = json!({ "Name": row["Id"] });
        let made = twin.ok(&format!("POST /connectors/{}/install", row["Id"]), given);
        let needs_none = row["AuthType"] == "None" || row["IsSystemConnector"] == true;
        assert_eq!(made["Authenticated"], needs_none, "{}", row["Name"]);
    }
}

#[test]
fn every_template_makes_a_cycle_that_can_be_made_ready() {
    let twin = demo();
    let templates = twin.get("/templates?pageSize=1000");
    assert!(templates.as_array().unwrap().len() >= 12);
    for template in templates.as_array().unwrap() {
        let name = template["Name"].as_str().unwrap();
        let install = format!(
            "POST /templates/{}/install",
            template["Id"].as_str().unwrap()
        );
        let cycle = twin.ok(&install, json!({}));
        for connector in cycle["Connectors"].as_array().unwrap() {
            assert!(connector["Id"].is_u64(), "{name}: {connector}");
            assert!(
                connector["StepCount"].as_u64() > Some(0),
                "{name}: {connector}"
            );
            if connector["Authenticated"] == false {
                let id = &connector["AccountConnectorId"];
                let row = twin.get(&format!("/account/connectors/{id}"));
                twin.sandbox
                    .sign_in("acme-001", row["Name"].as_str().unwrap())
                    .unwrap();
            }
        }
        let id = cycle["Id"].as_str().unwrap();
        for step in twin.get(&format!("/cycles/{id}/steps")).as_array().unwrap() {
            let method = &step["Method"];
            assert!(
                method.is_null() || method["Id"].is_u64(),
                "{name}: {method}"
            );
            let path = format!("/steps/{}", step["Id"].as_str().unwrap());
            for open in twin
                .get(&format!("{path}/prerequisites"))
                .as_array()
                .unwrap()
            {
                let kind = if open["ReasonCode"] == 40 {
                    "parameters"
                } else {
                    "fieldmappings"
                };
                let mapping = format!("{path}/{kind}/{}", open["ObjectId"]);
                let shown = twin.get(&mapping);
                let target = if kind == "parameters" {
                    &shown["Parameter"]
                } else {
                    &shown["Field"]
                };
                let value = target["Values"][0]["Value"].as_str().unwrap_or("v");
                let given = json!({ "MappingType": "StaticValue", "Value": value });
                twin.ok(&format!("PUT {mapping}"), given);
            }
        }
        for variable in twin
            .get(&format!("/cycles/{id}/variables"))
            .as_array()
            .unwrap()
        {
            if variable["Value"].is_null() {
                let name = variable["SystemName"].as_str().unwrap();
                let path = format!("PUT /cycles/{id}/variables/{name}");
                twin.ok(&path, json!({ "Value": "v" }));
            }
        }
        assert_eq!(
            twin.get(&format!("/cycles/{id}/prerequisites")),
            json!([]),
            "{name}"
        );
        let active = twin.ok(
            &format!("PUT /cycles/{id}/activate"),
            json!({ "Interval": 60 }),
        );
        assert_eq!(active["Status"], "Active", "{name}");
    }
    assert!(twin.sandbox.ledger().duplicates.is_empty());
}

#[test]
fn the_demo_world_has_credentials_and_nothing_else() {
    let twin = Twin::open(SandboxOptions::default());
    assert_eq!(
        twin.sandbox.credentials(),
        ("demo".to_owned(), "demo-secret".to_owned())
    );
    assert_eq!(body(&twin.call_as("", "GET /accounts", "")), json!([]));
    let world = twin.sandbox.world();
    assert!(world.connectors.is_empty() && world.templates.is_empty());
    assert_eq!(world.partner.service_domain, "demo-h.cyclr.test");
}
