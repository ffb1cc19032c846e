//! Mischief on demand, and the ledger that tells of it.

use std::time::Duration;

use gangplank_sandbox::{Action, FaultEffect, FaultRule, SandboxOptions};
use serde_json::{Value, json};

use crate::support::{Twin, body, world};

#[test]
fn rules_hit_before_or_after_the_commit() {
    let check = |effect: FaultEffect, status: Option<u16>, committed: bool| {
        let twin = Twin::new();
        let rule = FaultRule::new(effect.clone()).on("POST /accounts").nth(1);
        twin.sandbox.set_faults(vec![rule]);
        let answer = twin.call_as("", "POST /accounts", r#"{"Id":"f","Name":"F"}"#);
        assert_eq!(answer.is_dropped, status.is_none(), "{effect:?}");
        let entry = twin.sandbox.ledger().requests.pop().unwrap();
        assert_eq!(
            (entry.status, entry.committed),
            (status, committed),
            "{effect:?}"
        );
        assert!(entry.fault.is_some() && entry.write);
        let expected = if committed { 400 } else { 200 };
        let again = twin.status("POST /accounts", json!({ "Id": "f", "Name": "F" }));
        assert_eq!(again, expected, "{effect:?}");
    };
    check(
        FaultEffect::StatusBefore {
            code: 503,
            retry_after: None,
        },
        Some(503),
        false,
    );
    check(FaultEffect::StatusAfter { code: 500 }, Some(500), true);
    check(FaultEffect::DropBefore, None, false);
    check(FaultEffect::DropAfter, None, true);
    check(FaultEffect::Delay { milliseconds: 5 }, Some(200), true);
}

#[test]
fn rules_come_over_the_wire_and_go() {
    let twin = Twin::new();
    let rules = r#"[{"account": "acme-001", "every": 2, "effect": {"status_before": {"code": 429, "retry_after": "7"}}}]"#;
    assert_eq!(
        twin.raw("POST", "/_sandbox/faults", &[], rules)
            .status
            .as_u16(),
        200
    );
    assert_eq!(
        twin.call_as("acme-001", "GET /cycles", "").status.as_u16(),
        200
    );
    let limited = twin.call_as("acme-001", "GET /cycles", "");
    assert_eq!(
        (limited.status.as_u16(), &limited.headers["retry-after"]),
        (429, &"7".parse().unwrap())
    );
    assert_eq!(
        twin.raw("DELETE", "/_sandbox/faults", &[], "")
            .status
            .as_u16(),
        200
    );
    for _ in 0..4 {
        assert_eq!(
            twin.call_as("acme-001", "GET /cycles", "").status.as_u16(),
            200
        );
    }
    assert_eq!(
        twin.raw("POST", "/_sandbox/faults", &[], "[{}]")
            .status
            .as_u16(),
        400
    );
}

#[test]
fn latency_and_rate_limit_are_for_all() {
    let twin = Twin::open(SandboxOptions {
        world: world(),
        latency: Some(Duration::from_millis(20)),
        rate_limit: Some(2),
        ..SandboxOptions::default()
    });
    // The token took one of the two.
    let statuses = || {
        let answer = twin.call_as("", "GET /accounts", "");
        assert_eq!(answer.delay, Duration::from_millis(20));
        (
            answer.status.as_u16(),
            answer.headers.get("retry-after").cloned(),
        )
    };
    assert_eq!(statuses().0, 200);
    assert_eq!(statuses(), (429, Some("1".parse().unwrap())));
    twin.clock.advance(Duration::from_millis(500));
    assert_eq!(statuses().0, 200);
    assert_eq!(statuses().0, 429);
    assert_eq!(
        twin.sandbox.ledger().requests[1].fault.as_deref(),
        Some("rate_limit")
    );
}

#[test]
fn the_ledger_holds_everything_but_values() {
    let twin = Twin::new();
    let canary = "canary-5f2c9d";
    twin.ok(
        "POST /connectors/2550/install",
        json!({ "Name": "New", "AuthValue": canary }),
    );
    twin.call_as(
        "acme-001",
        "PUT /account/connectors/77",
        r#"{"AuthValue":"canary-5f2c9d"}"#,
    );
    twin.ok("POST /connectors/Quiet%20Utility/install", json!({}));
    let ledger = twin.sandbox.ledger();
    let text = serde_json::to_string(&ledger).unwrap();
    assert!(!text.contains(canary));
    assert_eq!(
        serde_json::from_str::<gangplank_sandbox::Ledger>(&text).unwrap(),
        ledger
    );
    let first = &ledger.requests[0];
    assert_eq!(first.route, "POST /connectors/{id}/install");
    assert_eq!(first.account.as_deref(), Some("acme-001"));
    assert_eq!(
        (first.status, first.write, first.committed),
        (Some(200), true, true)
    );
    assert_eq!(first.body_digest.len(), 64);
    assert_eq!(
        (ledger.requests[1].status, ledger.requests[1].committed),
        (Some(404), false)
    );
    assert_eq!(ledger.requests[2].route, "POST /connectors/{name}/install");
    let commit = &ledger.commits[0];
    assert_eq!(
        (commit.number, commit.request, commit.action),
        (1, first.number, Action::Created)
    );
    assert_eq!(
        (commit.kind.as_str(), commit.key.as_str()),
        ("account_connector", "acme-001/New")
    );
    assert_eq!(ledger.writes().count(), 3);
    let served = body(&twin.raw("GET", "/_sandbox/ledger", &[], ""));
    assert_eq!(served, serde_json::from_str::<Value>(&text).unwrap());
    twin.raw("DELETE", "/_sandbox/ledger", &[], "");
    assert!(twin.sandbox.ledger().requests.is_empty());
    let world = body(&twin.raw("GET", "/_sandbox/world", &[], ""));
    assert_eq!(world["Accounts"][0]["Connectors"][1]["AuthValue"], canary);
}

#[test]
fn customers_sign_in_and_things_change_behind_the_back() {
    let twin = Twin::new();
    twin.ok("POST /connectors/2550/install", json!({ "Name": "New" }));
    let sign_in = |connector: &str| {
        let body = json!({ "account": "acme-001", "connector": connector }).to_string();
        twin.raw("POST", "/_sandbox/sign-in", &[], &body)
            .status
            .as_u16()
    };
    assert_eq!((sign_in("New"), sign_in("Nothing")), (200, 404));
    assert_eq!(twin.get("/account/connectors")[1]["Authenticated"], true);
    twin.sandbox
        .delete_cycle("acme-001", "Pipedrive > MailChimp")
        .unwrap();
    assert!(
        twin.sandbox
            .delete_cycle("acme-001", "Pipedrive > MailChimp")
            .is_err()
    );
    assert_eq!(twin.get("/cycles")[0]["Status"], "DeleteScheduled");
    twin.sandbox
        .edit_account("acme-001", |account| "Edited".clone_into(&mut account.name))
        .unwrap();
    assert_eq!(twin.get("/accounts/acme-001")["Name"], "Edited");
}
