//! Accounts: cyclr-api.md 2.1, conformance lines 3 to 6.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::Twin;

#[test]
fn accounts_are_created_once() {
    let twin = Twin::new();
    let made = twin.ok(
        "POST /accounts",
        json!({ "id": "b1", "name": "Bee", "TransactionErrorWebhookUrl": "host/path" }),
    );
    assert_eq!(made["TransactionErrorWebhookUrl"], "https://host/path");
    assert_eq!(made.as_object().unwrap().len(), 13);
    assert_eq!(made["CreatedDate"], "2026-01-01T00:00:00Z");
    assert_eq!(twin.get("/accounts/b1"), made);
    assert_eq!(twin.get("/accounts/B1"), made);
    twin.refuses(
        "POST /accounts",
        json!({ "Id": "b1", "Name": "x" }),
        400,
        "ID already in use",
    );
    let own = twin.ok("POST /accounts", json!({ "Name": "No id" }));
    assert_eq!(own["Id"].as_str().unwrap().len(), 36);
    for given in [
        json!({ "Id": "n" }),
        json!({ "Id": "n", "Name": "" }),
        Value::Null,
    ] {
        let (status, body) = twin.call("POST /accounts", &given);
        assert_eq!(status, 400);
        assert!(
            body["Message"]
                .as_str()
                .unwrap()
                .contains("Name is required")
        );
    }
    assert_eq!(twin.status("GET /accounts/n", Value::Null), 404);
}

#[test]
fn dates_have_the_digits_they_need() {
    let twin = Twin::new();
    let created = || twin.ok("POST /accounts", json!({ "Name": "n" }))["CreatedDate"].clone();
    assert_eq!(created(), "2026-01-01T00:00:00Z");
    twin.clock.advance(Duration::from_millis(640));
    assert_eq!(created(), "2026-01-01T00:00:00.64Z");
    twin.clock.advance(Duration::from_millis(4));
    assert_eq!(created(), "2026-01-01T00:00:00.644Z");
    // A clock that runs has more; some machines count microseconds alone.
    twin.clock.release();
    let lengths: Vec<usize> = (0..50).map(|_| created().as_str().unwrap().len()).collect();
    let longest = "2017-12-06T15:54:06.6440352Z".len();
    let max = *lengths.iter().max().unwrap();
    assert!(max == longest || max == longest - 1, "{lengths:?}");
}

#[test]
fn updates_merge_and_normalise() {
    let twin = Twin::new();
    let path = "PUT /accounts/acme-001";
    let before = twin.ok(path, json!({ "description": "d", "AuditInfo": "a" }));
    assert_eq!(
        (&before["Description"], &before["Name"]),
        (&json!("d"), &json!("Acme Ltd"))
    );
    let check = |given: Value, field: &str, expected: Value| {
        assert_eq!(twin.ok(path, given)[field], expected, "{field}");
    };
    let (success, errored) = (
        "StepDataSuccessRetentionHours",
        "StepDataErroredRetentionHours",
    );
    check(json!({ success: 745 }), success, json!(744));
    check(json!({ "Name": "New" }), success, json!(744));
    check(json!({ success: "8" }), success, json!(8));
    check(json!({ success: "abc" }), success, json!(8));
    check(json!({ success: 0 }), success, json!(0));
    check(json!({ success: null }), success, Value::Null);
    check(json!({ errored: 744 }), errored, json!(744));
    let webhook = json!({
        "TransactionErrorWebhookEnabled": "true",
        "TransactionErrorWebhookUrl": "http://h/p",
        "TransactionErrorWebhookIncludeWarnings": true,
    });
    check(webhook, "TransactionErrorWebhookUrl", json!("http://h/p"));
    check(json!({}), "TransactionErrorWebhookEnabled", json!(true));
    check(
        json!({}),
        "TransactionErrorWebhookIncludeWarnings",
        json!(true),
    );
    check(
        json!({ "Timezone": "Asia/Tokyo" }),
        "Timezone",
        json!("Asia/Tokyo"),
    );
    assert_eq!(twin.get("/accounts/acme-001")["Description"], "d");
    assert_eq!(twin.status("PUT /accounts/nobody", json!({})), 404);
}

#[test]
fn account_errors_have_the_vendors_words() {
    let twin = Twin::new();
    let undefined =
        "Transaction Error Webhook enabled: Transaction Error Webhook URL must be defined";
    let (enabled, url) = (
        "TransactionErrorWebhookEnabled",
        "TransactionErrorWebhookUrl",
    );
    twin.ok("PUT /accounts/acme-001", json!({ url: "stored.example" }));
    let cases = [
        (json!({ enabled: true }), undefined),
        (json!({ enabled: true, url: null }), undefined),
        (json!({ enabled: true, url: "" }), undefined),
        (
            json!({ enabled: true, url: " " }),
            "https://  is not a valid URL",
        ),
        (json!({ url: "    " }), "https://     is not a valid URL"),
        (
            json!({ "StepDataSuccessRetentionHours": -1 }),
            "StepDataSuccessRetentionHours (-1): must be non negative",
        ),
        (
            json!({ "StepDataErroredRetentionHours": -2 }),
            "StepDataErroredRetentionHours (-2): must be non negative",
        ),
    ];
    for (given, message) in cases {
        twin.refuses("PUT /accounts/acme-001", given.clone(), 400, message);
        let mut given = given;
        given["Name"] = json!("x");
        twin.refuses("POST /accounts", given, 400, message);
    }
    assert_eq!(
        twin.get("/accounts/acme-001")[url],
        "https://stored.example"
    );
}

#[test]
fn accounts_are_deleted_with_what_is_below() {
    let twin = Twin::new();
    let child = json!({ "Id": "child", "Name": "Child", "ParentAccountId": "acme-001" });
    twin.ok("POST /accounts", child);
    assert_eq!(twin.get("/accounts/acme-001/subaccounts")[0]["Id"], "child");
    assert_eq!(twin.get("/accounts/child/subaccounts"), json!([]));
    assert_eq!(
        twin.status("GET /accounts/nobody/subaccounts", Value::Null),
        404
    );
    let usage = twin.get("/accounts/child/usage");
    let keys: Vec<&String> = usage.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["Id", "TasksUsed", "StartTime", "EndTime"]);
    assert_eq!(twin.status("GET /accounts/nobody/usage", Value::Null), 404);
    assert_eq!(twin.status("DELETE /accounts/acme-001", Value::Null), 200);
    assert_eq!(twin.status("DELETE /accounts/acme-001", Value::Null), 404);
    assert_eq!(twin.status("GET /accounts/child", Value::Null), 404);
    let deleted = twin.sandbox.ledger().commits;
    let keys: Vec<&str> = deleted.iter().map(|commit| commit.key.as_str()).collect();
    assert_eq!(keys, ["child", "child", "acme-001"]);
}
