//! Sub-accounts use their parent's account connectors: cyclr-api.md 2.1, 3.6 and 4 (U3, U4).

use serde_json::{Value, json};

use crate::support::{Twin, body, reopened};

const WORLD: &str = "
Partner: { Credentials: [{ ClientId: c, ClientSecret: s }] }
Connectors:
  - { Id: 700, Name: CRM, Authentication: [{ AuthName: Key, AuthType: ApiKey }],
      Triggers: [{ TriggerId: 9, Name: Lists, Values: [{ Value: one }] }],
      Methods: [{ Id: 70001, MethodUniqueIdentifier: aaaaaaaa-0000-4000-8000-000000000001, Name: Get,
                  Parameters: [{ Id: 701, Name: List, IsOptional: true, Triggers: [{ TriggerId: 9 }] }] }] }
Templates:
  - { Id: bbbbbbbb-0000-4000-8000-000000000001, Name: Sync, Connectors: [{ Name: CRM }],
      Steps: [{ Name: Get, Connector: CRM, Method: Get, Parameters: [{ Id: 701, Name: List, IsOptional: true, Triggers: [{ TriggerId: 9 }] }] }] }
  - { Id: bbbbbbbb-0000-4000-8000-000000000002, Name: Own, Connectors: [{ Name: CRM, Installation: Fresh }] }
Accounts:
  - { Id: branch, Name: Branch, ParentAccountId: REGION,
      Cycles: [{ Id: cccccccc-0000-4000-8000-000000000001, TemplateId: bbbbbbbb-0000-4000-8000-000000000001 }] }
  - { Id: region, Name: Region, ParentAccountId: group }
  - { Id: group, Name: Group, Connectors: [{ Id: 81, Name: CRM, Connector: { Name: CRM }, AuthValue: key },
                                           { Id: 82, Name: CRM 2, Connector: { Name: CRM } }] }
  - { Id: ring-1, Name: Ring, ParentAccountId: ring-2 }
  - { Id: ring-2, Name: Ring, ParentAccountId: ring-1 }
";

const INSTALL: &str = "POST /templates/bbbbbbbb-0000-4000-8000-000000000001/install";
const OF_THE_WORLD: &str = "/cycles/cccccccc-0000-4000-8000-000000000001";

fn twin(variants: &[(&str, &str)]) -> Twin {
    Twin::of_with(WORLD, variants)
}

/// What an account is answered.
fn told(twin: &Twin, account: &str, call: &str, given: &Value) -> (u16, Value) {
    let answer = twin.call_as(account, call, &given.to_string());
    (answer.status.as_u16(), body(&answer))
}

/// A running cycle of an account, by its path.
fn running(twin: &Twin, account: &str) -> String {
    let (_, cycle) = told(twin, account, INSTALL, &json!({}));
    let path = format!("/cycles/{}", cycle["Id"].as_str().unwrap());
    let started = told(
        twin,
        account,
        &format!("PUT {path}/activate"),
        &json!({ "Interval": 60 }),
    );
    assert_eq!((started.0, &started.1["Status"]), (200, &json!("Active")));
    path
}

#[test]
fn installs_bind_the_parents_connector_as_u3_parent_says() {
    let check = |account: &str, switches: &[(&str, &str)], status: u16, id: Value, ready: bool| {
        let twin = twin(switches);
        let (is, cycle) = told(&twin, account, INSTALL, &json!({}));
        let bound = &cycle["Connectors"][0];
        assert_eq!(is, status, "{account} {switches:?} {cycle}");
        if status == 200 {
            assert_eq!(bound["Authenticated"], ready, "{account} {switches:?}");
            let own = told(&twin, account, "GET /account/connectors", &Value::Null).1;
            let fresh = own[0]["Id"].clone();
            assert_eq!(
                bound["AccountConnectorId"],
                if id.is_null() { fresh } else { id }
            );
        }
        twin.sandbox.ledger().commits.len()
    };
    for account in ["branch", "region"] {
        assert_eq!(check(account, &[], 200, json!(81), true), 1);
        assert_eq!(
            check(account, &[("U3", "newest")], 200, json!(82), false),
            1
        );
        assert_eq!(
            check(account, &[("U3", "error")], 400, Value::Null, false),
            0
        );
        assert_eq!(
            check(account, &[("U3_PARENT", "fresh")], 200, Value::Null, false),
            2
        );
        assert_eq!(
            check(account, &[("U3_PARENT", "error")], 400, Value::Null, false),
            0
        );
    }
    // It is about accounts below alone, and circles end.
    assert_eq!(
        check("group", &[("U3_PARENT", "error")], 200, json!(81), true),
        1
    );
    assert_eq!(
        check("ring-1", &[("U3_PARENT", "error")], 200, Value::Null, false),
        2
    );
}

#[test]
fn an_own_connector_and_a_fresh_installation_come_first() {
    let twin = twin(&[]);
    let fresh = "POST /templates/bbbbbbbb-0000-4000-8000-000000000002/install";
    let (_, cycle) = told(&twin, "branch", fresh, &json!({}));
    let own = told(&twin, "branch", "GET /account/connectors", &Value::Null).1;
    assert_eq!(own.as_array().unwrap().len(), 1);
    assert_eq!(cycle["Connectors"][0]["AccountConnectorId"], own[0]["Id"]);
    let (_, cycle) = told(&twin, "branch", INSTALL, &json!({}));
    assert_eq!(cycle["Connectors"][0]["AccountConnectorId"], own[0]["Id"]);
}

#[test]
fn cycles_of_a_world_use_the_parents_connector() {
    let twin = twin(&[]);
    let (_, cycle) = told(
        &twin,
        "branch",
        &format!("GET {OF_THE_WORLD}"),
        &Value::Null,
    );
    let bound = &cycle["Connectors"][0];
    assert_eq!(
        (&bound["AccountConnectorId"], &bound["Authenticated"]),
        (&json!(81), &json!(true))
    );
    let step = &told(
        &twin,
        "branch",
        &format!("GET {OF_THE_WORLD}/steps"),
        &Value::Null,
    )
    .1[0];
    assert_eq!(step["AccountConnector"]["Id"], 81);
    // Values are looked up with the parent's credential.
    let look = format!(
        "POST /steps/{}/parameters/701/lookup",
        step["Id"].as_str().unwrap()
    );
    let found = told(&twin, "branch", &look, &json!({ "TriggerId": 9 }));
    assert_eq!((found.0, &found.1[0]["Value"]), (200, &json!("one")));
    reopened(&twin);
}

#[test]
fn steps_can_be_pointed_at_the_parents_connector() {
    let twin = twin(&[]);
    let steps = told(
        &twin,
        "branch",
        &format!("GET {OF_THE_WORLD}/steps"),
        &Value::Null,
    )
    .1;
    let path = format!(
        "PUT {OF_THE_WORLD}/steps/{}",
        steps[0]["Id"].as_str().unwrap()
    );
    let step = told(&twin, "branch", &path, &json!({ "AccountConnectorId": 82 }));
    assert_eq!(
        (step.0, &step.1["AccountConnector"]["Id"]),
        (200, &json!(82))
    );
    assert_eq!(
        told(&twin, "branch", &path, &json!({ "AccountConnectorId": 83 })).0,
        400
    );
    let new = json!({ "MethodUniqueIdentifier": "aaaaaaaa-0000-4000-8000-000000000001" });
    let made = told(&twin, "branch", "POST /cycles", &json!({ "Name": "Built" })).1;
    let path = format!("POST /cycles/{}/steps", made["Id"].as_str().unwrap());
    let step = told(&twin, "branch", &path, &new).1;
    assert_eq!(step["AccountConnector"]["Id"], 81);
}

#[test]
fn prerequisites_and_activation_look_at_the_parents_credential() {
    let twin = twin(&[]);
    let need = || {
        told(
            &twin,
            "branch",
            &format!("GET {OF_THE_WORLD}/prerequisites"),
            &Value::Null,
        )
        .1
    };
    assert_eq!(need(), json!([]));
    told(
        &twin,
        "group",
        "PUT /account/connectors/81/deauthenticate",
        &json!({}),
    );
    assert_eq!(
        need(),
        json!([{ "ReasonCode": 20, "Reason": "Unauthenticated connector",
                 "ObjectType": "AccountConnector", "ObjectId": 81 }])
    );
    let activate = format!("PUT {OF_THE_WORLD}/activate");
    assert_eq!(
        told(&twin, "branch", &activate, &json!({ "Interval": 60 })).0,
        400
    );
    told(
        &twin,
        "group",
        "PUT /account/connectors/81",
        &json!({ "AuthValue": "new" }),
    );
    assert_eq!(
        told(&twin, "branch", &activate, &json!({ "Interval": 60 })).0,
        200
    );
}

#[test]
fn deauthenticating_the_parents_connector_stops_cycles_below() {
    let twin = twin(&[]);
    let paths = ["group", "region", "branch"].map(|account| (account, running(&twin, account)));
    told(
        &twin,
        "branch",
        "POST /connectors/700/install",
        &json!({ "AuthValue": "own" }),
    );
    let own = running(&twin, "branch");
    twin.sandbox.reset_ledger();
    told(
        &twin,
        "group",
        "PUT /account/connectors/81/deauthenticate",
        &json!({}),
    );
    let status = |account: &str, path: &str| {
        told(&twin, account, &format!("GET {path}"), &Value::Null).1["Status"].clone()
    };
    for (account, path) in &paths {
        assert_eq!(status(account, path), "Paused", "{account}");
    }
    assert_eq!(status("branch", &own), "Active");
    let ledger = twin.sandbox.ledger();
    let keys: Vec<&str> = ledger.commits.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(
        keys,
        ["group/CRM", "group/Sync", "region/Sync", "branch/Sync"]
    );
    reopened(&twin);
}

#[test]
fn deleting_the_parents_connector_follows_u4_below() {
    let check = |position: &str, status: u16, left: &str, code: Value| {
        let twin = twin(&[("U4", position)]);
        let path = running(&twin, "branch");
        let delete = "DELETE /account/connectors/81";
        assert_eq!(
            told(&twin, "group", delete, &Value::Null).0,
            status,
            "{position}"
        );
        let cycle = told(&twin, "branch", &format!("GET {path}"), &Value::Null).1;
        assert_eq!(cycle["Status"], left, "{position}");
        assert_eq!(
            cycle["Connectors"][0]["Authenticated"],
            status != 200,
            "{position}"
        );
        let need = told(
            &twin,
            "branch",
            &format!("GET {path}/prerequisites"),
            &Value::Null,
        )
        .1;
        assert_eq!(need[0]["ReasonCode"], code, "{position}");
        reopened(&twin);
    };
    check("unbind", 200, "Paused", json!(20));
    check("refuse", 400, "Active", Value::Null);
    check("409", 409, "Active", Value::Null);
    check("cascade", 200, "DeleteScheduled", Value::Null);
}

#[test]
fn lists_calls_users_and_usage_are_the_accounts_own() {
    let twin = twin(&[]);
    running(&twin, "branch");
    let get =
        |account: &str, path: &str| told(&twin, account, &format!("GET {path}"), &Value::Null);
    assert_eq!(get("branch", "/account/connectors").1, json!([]));
    assert_eq!(get("branch", "/account/connectors/81").0, 404);
    let call = "POST /account/connectors/81/methods/70001";
    assert_eq!(told(&twin, "branch", call, &json!({})).0, 404);
    assert_eq!(told(&twin, "group", call, &json!({})).0, 200);
    assert_eq!(get("group", "/cycles").1, json!([]));
    // Names are the account's own, too.
    assert_eq!(
        told(&twin, "branch", "POST /connectors/700/install", &json!({})).0,
        200
    );
    told(
        &twin,
        "",
        "PUT /accounts/group/users",
        &json!({ "UserName": "ann", "Password": "p" }),
    );
    assert_eq!(get("", "/accounts/branch/users").1, json!([]));
    assert_eq!(get("", "/accounts/group/usage").1["TasksUsed"], 0);
}
