//! Mischief on demand, and the ledger that tells of it.

use std::time::Duration;

use gangplank_sandbox::{FaultEffect, FaultRule, Latency, RateLimit, SandboxOptions};
use serde_json::json;

use crate::support::{Twin, body, world};

#[test]
fn rules_hit_before_or_after_the_commit() {
    let check = |effect: FaultEffect, status: Option<u16>, committed: bool| {
        let twin = Twin::new();
        let rule = FaultRule::new(effect.clone()).on("POST /accounts").nth(1);
        twin.sandbox.set_faults(vec![rule]);
        let answer = twin.call_as("", "POST /accounts", r#"{"Id":"f","Name":"F"}"#);
        assert_eq!(answer.is_dropped(), status.is_none(), "{effect:?}");
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
    check(
        FaultEffect::StatusAfter {
            code: 500,
            retry_after: None,
        },
        Some(500),
        true,
    );
    check(FaultEffect::DropBefore, None, false);
    check(FaultEffect::DropAfter, None, true);
    check(FaultEffect::Delay { milliseconds: 5 }, Some(200), true);
}

#[test]
fn an_echo_repeats_what_was_sent() {
    let twin = Twin::new();
    let echo = FaultEffect::Echo {
        code: 400,
        text: "Bad\u{1b}[2J".to_owned(),
    };
    let rule = FaultRule::new(echo).on("PUT /accounts/{id}");
    twin.sandbox.set_faults(vec![rule]);
    let before = twin.get("/accounts/acme-001");
    let refused = twin.call_as("", "PUT /accounts/acme-001", r#"{"Name":"s3cret"}"#);
    let message = body(&refused)["Message"].as_str().unwrap().to_owned();
    assert_eq!(refused.status.as_u16(), 400);
    assert!(message.starts_with("Bad\u{1b}[2J Bearer "), "{message}");
    assert!(message.ends_with(r#" {"Name":"s3cret"}"#), "{message}");
    assert_eq!(twin.get("/accounts/acme-001"), before);
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
        latency: Some(Latency::fixed(Duration::from_millis(20))),
        rate_limit: Some(RateLimit::per_second(2)),
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
