//! What holds for every call: cyclr-api.md 1, 2.1, 3.1 and 3.6.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{TEMPLATE, Twin, body, rich};

#[test]
fn tokens_are_asked_for_in_the_body_on_any_host() {
    let twin = Twin::new();
    let form = "grant_type=client_credentials&client_id=demo&client_secret=demo-secret";
    for host in ["api.cyclr.com", "demo-h.cyclr.test"] {
        let answer = twin.raw("POST", "/oauth/token", &[("host", host)], form);
        assert_eq!(answer.status.as_u16(), 200, "{host}");
    }
    let basic = [("authorization", "Basic ZGVtbzpkZW1vLXNlY3JldA==")];
    let answer = twin.raw(
        "POST",
        "/oauth/token",
        &basic,
        "grant_type=client_credentials",
    );
    assert_eq!(
        (answer.status.as_u16(), &body(&answer)["error"]),
        (400, &json!("invalid_client"))
    );
    let refresh = twin.raw(
        "POST",
        "/oauth/token",
        &[],
        "grant_type=refresh_token&refresh_token=x",
    );
    assert_eq!(body(&refresh)["error"], "unsupported_grant_type");
}

/// Every name in a value starts with a capital letter.
fn is_pascal(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().all(|(name, value)| {
            name.starts_with(|first: char| first.is_ascii_uppercase()) && is_pascal(value)
        }),
        Value::Array(items) => items.iter().all(is_pascal),
        _ => true,
    }
}

#[test]
fn names_are_pascal_case_and_lists_are_bare() {
    let twin = rich(&[]);
    let cycle = "/cycles/cccccccc-0000-4000-8000-000000000003";
    let step = "/steps/eeeeeeee-0000-4000-8000-000000000001";
    for path in [
        "/accounts".to_owned(),
        "/connectors".to_owned(),
        "/account/connectors".to_owned(),
        "/templates".to_owned(),
        "/cycles".to_owned(),
        "/cycles/upgradeable".to_owned(),
        "/cycles/transactions".to_owned(),
        "/cycles/incidents/error".to_owned(),
        format!("{cycle}/steps"),
        format!("{cycle}/edges"),
        format!("{cycle}/variables"),
        format!("{cycle}/incidents"),
        format!("{cycle}/transactions"),
        format!("{cycle}/prerequisites"),
        format!("{step}/parameters"),
        format!("{step}/fieldmappings"),
        format!("{step}/fieldsformapping"),
        format!("{step}/prerequisites"),
    ] {
        let rows = twin.get(&path);
        assert!(rows.is_array() && is_pascal(&rows), "{path}: {rows}");
    }
}

#[test]
fn creates_and_deletes_are_200_with_json() {
    let twin = Twin::new();
    let check = |call: &str, given: Value, expected: u16| {
        let (status, body) = twin.call(call, &given);
        assert_eq!(status, expected, "{call}");
        assert!(body.is_object(), "{call}: {body}");
        body
    };
    check("POST /accounts", json!({ "Id": "n", "Name": "n" }), 200);
    check("DELETE /accounts/n", Value::Null, 200);
    let property = check(
        "POST /account/connectors/51/properties",
        json!({ "Name": "x", "Value": "y", "Id": 0 }),
        200,
    );
    check(
        &format!(
            "DELETE /account/connectors/51/properties/{}",
            property["Id"]
        ),
        Value::Null,
        200,
    );
    let cycle = check("POST /cycles", json!({ "Name": "n" }), 201);
    let path = format!("/cycles/{}", cycle["Id"].as_str().unwrap());
    check(
        &format!("POST {path}/variables"),
        json!({ "DisplayName": "v" }),
        200,
    );
    check(&format!("DELETE {path}/variables/v"), Value::Null, 200);
    check(&format!("DELETE {path}"), Value::Null, 200);
}

#[test]
fn ids_have_the_vendors_types() {
    let twin = Twin::new();
    let guid = |value: &Value| {
        value
            .as_str()
            .is_some_and(|text| uuid::Uuid::try_parse(text).is_ok())
    };
    let connector = twin.get("/connectors/2550");
    assert!(connector["Id"].is_u64() && guid(&connector["Authentication"][0]["Id"]));
    assert!(guid(
        &twin.get("/connectors/2550/methods")[0]["MethodUniqueIdentifier"]
    ));
    assert!(twin.get("/account/connectors")[0]["Id"].is_u64());
    assert!(guid(&twin.get("/templates")[0]["Id"]));
    let cycle = twin.install_template();
    assert!(guid(&cycle["Id"]));
    let steps = twin.get(&format!("/cycles/{}/steps", cycle["Id"].as_str().unwrap()));
    assert!(guid(&steps[0]["Id"]) && steps[0]["Method"]["Parameters"][0]["Id"].is_u64());
    // An account's is any text, a domain for instance.
    assert_eq!(
        twin.ok(
            "POST /accounts",
            json!({ "Id": "shop.example.com", "Name": "n" })
        )["Id"],
        "shop.example.com"
    );
}

#[test]
fn accounts_have_defaults_and_take_audit_texts() {
    let twin = Twin::new();
    let made = twin.ok("POST /accounts", json!({
        "Id": "n", "Name": "n", "AuditInfo": "mine", "TaskAuditInfo": "also mine", "StepDataErroredRetentionHours": 9999,
    }));
    assert_eq!(made["Timezone"], "UTC");
    assert_eq!(
        (&made["AuditInfo"], &made["TaskAuditInfo"]),
        (&json!("mine"), &json!("also mine"))
    );
    assert_eq!(made["StepDataErroredRetentionHours"], 744);
    assert_eq!(made["StepDataSuccessRetentionHours"], Value::Null);
    assert!(made["NextBillDateUtc"].as_str().unwrap().ends_with('Z'));
    assert_eq!(made["TransactionErrorWebhookUrl"], Value::Null);
    let bill = "2027-01-01T00:00:00Z";
    let changed = twin.ok(
        "PUT /accounts/n",
        json!({ "Id": "n", "NextBillDateUtc": bill }),
    );
    assert_eq!(
        (&changed["Id"], &changed["NextBillDateUtc"]),
        (&json!("n"), &json!(bill))
    );
    // Names are not unique.
    assert_eq!(
        twin.status("POST /accounts", json!({ "Id": "n2", "Name": "n" })),
        200
    );
    let usage = twin.get("/accounts/n/usage");
    assert_eq!(
        (&usage["Id"], &usage["TasksUsed"]),
        (&json!("n"), &json!(0))
    );
    assert_eq!(rich(&[]).get("/accounts/acme-001/usage")["TasksUsed"], 40);
}

#[test]
fn repeats_do_what_the_vendors_do() {
    let twin = Twin::new();
    let count = |path: &str| twin.get(path).as_array().unwrap().len();
    twin.ok("POST /accounts", json!({ "Id": "n", "Name": "n" }));
    twin.refuses(
        "POST /accounts",
        json!({ "Id": "n", "Name": "n" }),
        400,
        "ID already in use",
    );
    for expected in [3, 4] {
        twin.ok("POST /accounts", json!({ "Name": "n" }));
        assert_eq!(count("/accounts"), expected);
    }
    let same = |call: &str, given: Value| {
        assert_eq!(twin.ok(call, given.clone()), twin.ok(call, given), "{call}");
    };
    same("PUT /accounts/n", json!({ "Description": "d" }));
    same(
        "PUT /account/connectors/51",
        json!({ "Description": "d", "AuthValue": "k" }),
    );
    let taken = "Account connector name 'Pipedrive' is in use.";
    twin.refuses("POST /connectors/2550/install", json!({}), 400, taken);
    twin.refuses(
        "POST /connectors/Pipedrive/install",
        json!({ "Name": "Pipedrive" }),
        400,
        taken,
    );
    assert_eq!(
        twin.ok(
            "POST /connectors/2550/install",
            json!({ "Name": "Pipedrive 2" })
        )["Name"],
        "Pipedrive 2"
    );
    let before = count("/cycles");
    let install = format!("POST /templates/{TEMPLATE}/install");
    assert_ne!(
        twin.ok(&install, json!({}))["Id"],
        twin.ok(&install, json!({}))["Id"]
    );
    assert_eq!(count("/cycles"), before + 2);
    let path = format!("/cycles/{}", twin.ready_cycle());
    same(&format!("PUT {path}"), json!({ "Name": "N" }));
    same(
        &format!("PATCH {path}/variables"),
        json!([{ "DisplayName": "Region", "Value": "us" }, { "DisplayName": "New", "Value": "1" }]),
    );
    same(
        &format!("PUT {path}/variables/Region"),
        json!({ "Value": "eu" }),
    );
    same(&format!("PUT {path}/activate"), json!({ "Interval": 60 }));
    same(&format!("PUT {path}/deactivate"), json!({}));
    same("PUT /account/connectors/51/deauthenticate", json!({}));
    for path in [path.as_str(), "/accounts/n", "/account/connectors/51"] {
        assert_eq!(
            twin.status(&format!("DELETE {path}"), Value::Null),
            200,
            "{path}"
        );
        assert_eq!(
            twin.status(&format!("DELETE {path}"), Value::Null),
            404,
            "{path}"
        );
    }
}

#[test]
fn deleting_an_account_follows_u11() {
    let check = |position: &str, expected: u16| {
        let twin = rich(&[("U11", position)]);
        assert_eq!(
            twin.status("DELETE /accounts/acme-001", Value::Null),
            expected,
            "{position}"
        );
        twin.ok("POST /accounts", json!({ "Id": "bare", "Name": "n" }));
        assert_eq!(
            twin.status("DELETE /accounts/bare", Value::Null),
            200,
            "{position}"
        );
        let left = twin.status("GET /accounts/acme-001", Value::Null);
        twin.clock.advance(Duration::from_secs(6));
        (left, twin.status("GET /accounts/acme-001", Value::Null))
    };
    assert_eq!(check("cascade", 200), (404, 404));
    assert_eq!(check("400", 400), (200, 200));
    assert_eq!(check("409", 409), (200, 200));
    assert_eq!(check("delayed", 200), (200, 404));
}

#[test]
fn throttling_follows_u25() {
    let check = |position: &str, expected: u16| {
        let twin = Twin::with(&[("U25", position)]);
        let answers: Vec<_> = (0..120)
            .map(|_| twin.call_as("", "GET /accounts/acme-001", ""))
            .collect();
        let last = answers.last().unwrap();
        assert_eq!(last.status.as_u16(), expected, "{position}");
        assert_eq!(
            last.headers.contains_key("retry-after"),
            expected != 200,
            "{position}"
        );
        twin.clock.advance(Duration::from_secs(2));
        assert_eq!(twin.status("GET /accounts/acme-001", Value::Null), 200);
    };
    check("none", 200);
    check("429", 429);
    check("503", 503);
}

#[test]
fn connectors_in_use_and_credentials_follow_u4_and_u2() {
    let twin = Twin::with(&[("U4", "409"), ("U2", "null")]);
    assert_eq!(
        twin.status("DELETE /account/connectors/51", Value::Null),
        409
    );
    assert_eq!(twin.get("/account/connectors/51")["AuthValue"], Value::Null);
    let twin = Twin::new();
    twin.ok("DELETE /account/connectors/51", Value::Null);
    let left = twin.get("/cycles/cf636e9c-13dd-47ea-b0e8-88a5bf7f7b00/prerequisites");
    assert_eq!(
        (&left[0]["ReasonCode"], &left[0]["ObjectType"]),
        (&json!(20), &json!("AccountConnector"))
    );
}

#[test]
fn connectors_that_a_template_brings_are_new_ones() {
    let twin = Twin::new();
    twin.ok("POST /accounts", json!({ "Id": "n", "Name": "n" }));
    let answer = twin.call_as("n", &format!("POST /templates/{TEMPLATE}/install"), "{}");
    let bound = &body(&answer)["Connectors"][0];
    assert_eq!(
        (&bound["Name"], &bound["Authenticated"]),
        (&json!("Pipedrive"), &json!(false))
    );
    let rows = body(&twin.call_as("n", "GET /account/connectors", ""));
    assert_eq!(
        (rows.as_array().unwrap().len(), &rows[0]["Id"]),
        (1, &bound["AccountConnectorId"])
    );
}
