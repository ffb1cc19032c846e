//! Effects of rules, in process: what the answer describes, and what the state becomes.

use std::collections::BTreeSet;
use std::time::Duration;

use gangplank_sandbox::{Answer, Close, FaultRule};
use serde_json::{Value, json};

use crate::support::{Twin, body, put_rules, with_rules};

fn cycles(twin: &Twin) -> Answer {
    twin.call_as("acme-001", "GET /cycles", "")
}

#[test]
fn connections_end_where_they_are_told_to() {
    let check = |effect: &str, is_in_body: bool, bytes: Option<u64>, close: Close| {
        let twin = Twin::new();
        let whole = cycles(&twin).length().unwrap();
        put_rules(&twin, &format!("- effect: {effect}"));
        let answer = cycles(&twin);
        let cut = answer.cut.unwrap();
        let bytes = bytes.unwrap_or(whole / 2);
        assert_eq!(
            (cut.is_in_body, cut.bytes, cut.close),
            (is_in_body, bytes, close),
            "{effect}"
        );
        let seen = twin.sandbox.ledger().requests.pop().unwrap().status;
        assert_eq!(seen.is_none(), answer.is_dropped(), "{effect}");
    };
    check("drop_before", false, Some(0), Close::Finish);
    check("reset_before", false, Some(0), Close::Reset);
    check("silence_before", false, Some(0), Close::Silent);
    check("reset_after", false, Some(0), Close::Reset);
    check("silence_after", false, Some(0), Close::Silent);
    check("{ cut_head: { bytes: 9 } }", false, Some(9), Close::Finish);
    check("{ cut_body: { close: silent } }", true, None, Close::Silent);
    check(
        "{ cut_body: { bytes: 3, close: reset } }",
        true,
        Some(3),
        Close::Reset,
    );
}

#[test]
fn lost_answers_are_committed_or_not() {
    let check = |effect: &str, committed: bool| {
        let twin = with_rules(&format!("[{{ times: 1, effect: {effect} }}]"));
        let answer = twin.call_as("", "POST /accounts", r#"{"Id":"n","Name":"N"}"#);
        assert!(answer.is_dropped(), "{effect}");
        let entry = twin.sandbox.ledger().requests.pop().unwrap();
        assert_eq!(
            (entry.status, entry.committed),
            (None, committed),
            "{effect}"
        );
        let found = twin.status("GET /accounts/n", Value::Null);
        assert_eq!(found, if committed { 200 } else { 404 }, "{effect}");
    };
    for (name, committed) in [("before", false), ("after", true)] {
        for how in ["drop", "reset", "silence"] {
            check(&format!("{how}_{name}"), committed);
        }
    }
}

#[test]
fn bodies_are_spoiled() {
    let spoiled = |effect: &str| cycles(&with_rules(&format!("- effect: {effect}")));
    let plain = cycles(&Twin::new());
    assert_eq!(
        plain.headers["content-type"],
        "application/json; charset=utf-8"
    );

    let page = spoiled("{ html_page: {} }");
    assert_eq!(
        (page.status.as_u16(), &page.headers["content-type"]),
        (200, &"text/html; charset=utf-8".parse().unwrap())
    );
    assert!(page.body.starts_with(b"<!DOCTYPE html>"));
    let typed = spoiled("{ content_type: text/plain }");
    assert_eq!(
        (typed.body, &typed.headers["content-type"]),
        (plain.body.clone(), &"text/plain".parse().unwrap())
    );
    assert_eq!(
        spoiled("{ truncated: { bytes: 7 } }").body,
        plain.body.slice(..7)
    );
    assert!(spoiled("empty").body.is_empty());
    let nothing = spoiled("no_content");
    assert_eq!((nothing.status.as_u16(), nothing.body.len()), (204, 0));
    assert!(
        spoiled("duplicate_keys")
            .body
            .starts_with(br#"[{"Id":null,"Id":""#)
    );
    let mark = spoiled("byte_order_mark").body;
    assert_eq!(
        (&mark[..3], &mark[3..]),
        (&b"\xef\xbb\xbf"[..], &plain.body[..])
    );
    assert!(std::str::from_utf8(&spoiled("bad_utf8").body).is_err());
    let nested = spoiled("{ deep_nesting: { depth: 3 } }");
    assert_eq!(body(&nested)[0], json!([[[]]]));
    assert_eq!(body(&nested)[1], body(&plain)[0]);
    // A client that reads on is told an error, not a crash: the reader stops at its own limit.
    let deep = spoiled("{ deep_nesting: { depth: 100000 } }");
    assert!(serde_json::from_slice::<Value>(&deep.body).is_err());
}

#[test]
fn long_bodies_are_described_and_not_held() {
    let twin = with_rules("- effect: { huge_body: { mebibytes: 1000000 } }");
    let huge = cycles(&twin);
    assert!(huge.length().unwrap() > 1_000_000 << 20 && huge.filler.unwrap().piece.len() < 10_000);
    put_rules(&twin, "- effect: endless_body");
    assert_eq!(cycles(&twin).length(), None);
    put_rules(&twin, "- effect: { slow_body: { bytes_per_second: 10 } }");
    assert_eq!(cycles(&twin).pace, Some(10));
    put_rules(&twin, "- effect: { gzip_bomb: { mebibytes: 100 } }");
    let bomb = cycles(&twin);
    assert_eq!(bomb.headers["content-encoding"], "gzip");
    assert!(bomb.length().unwrap() < 1 << 20);
}

#[test]
fn several_rules_hit_in_their_order() {
    let twin = with_rules(
        r"
- { effect: { latency: 20ms } }
- { from: 2, to: 2, effect: { status_before: { code: 503, retry_after: date+30s } } }
- { effect: { delay: { milliseconds: 5 } } }
- { effect: { redirect: { code: 307, to: 'http://localhost:1/x' } } }
- { effect: { content_type: text/odd } }
",
    );
    let first = cycles(&twin);
    assert_eq!(
        (first.status.as_u16(), first.delay),
        (307, Duration::from_millis(25))
    );
    assert_eq!(first.headers["location"], "http://localhost:1/x");
    let second = cycles(&twin);
    assert_eq!(
        (second.status.as_u16(), second.headers.get("location")),
        (503, None)
    );
    assert_eq!(
        second.headers["retry-after"],
        "Thu, 01 Jan 2026 00:00:30 GMT"
    );
    assert_eq!(second.headers["content-type"], "text/odd");
    let entry = twin.sandbox.ledger().requests.pop().unwrap();
    assert_eq!(
        (entry.fault.as_deref(), entry.milliseconds),
        (
            Some("latency, status_before 503, delay 5, content_type"),
            25
        )
    );
    let listed = body(&twin.raw("GET", "/_sandbox/faults", &[], ""));
    assert_eq!(
        (&listed[1]["matched"], &listed[1]["happened"]),
        (&json!(2), &json!(1))
    );
    put_rules(&twin, "- effect: { redirect: { code: 302 } }");
    assert_eq!(cycles(&twin).headers["location"], "/v1.0/cycles");
}

#[test]
fn limits_refuse_with_every_retry_after() {
    let check = |retry_after: &str, expected: Option<&str>| {
        let rule =
            format!("- {{ effect: {{ rate_limit: '1/m,burst=2,retry-after={retry_after}' }} }}");
        let twin = with_rules(&rule);
        let statuses = [cycles(&twin), cycles(&twin)].map(|answer| answer.status.as_u16());
        assert_eq!(statuses, [200, 200]);
        let refused = cycles(&twin);
        let value = refused
            .headers
            .get("retry-after")
            .map(|one| one.to_str().unwrap());
        assert_eq!((refused.status.as_u16(), value), (429, expected));
        twin.clock.advance(Duration::from_mins(1));
        assert_eq!(cycles(&twin).status.as_u16(), 200);
    };
    check("seconds", Some("60"));
    check("date", Some("Thu, 01 Jan 2026 00:01:00 GMT"));
    check("none", None);
    check("-1", Some("-1"));
    check("1000000000", Some("1000000000"));
    check("soon", Some("soon"));
}

#[test]
fn tokens_are_revoked_in_mid_run() {
    let mut twin = with_rules("- { nth: 2, effect: { revoke_tokens: this } }");
    let statuses = || [(); 3].map(|()| cycles(&twin).status.as_u16());
    assert_eq!(statuses(), [200, 401, 401]);
    let token = twin.sign("").1;
    twin.use_token(&token["access_token"]);
    assert_eq!(cycles(&twin).status.as_u16(), 200);
    put_rules(&twin, "- { nth: 1, effect: { revoke_tokens: all } }");
    assert_eq!(cycles(&twin).status.as_u16(), 401);
}

#[test]
fn the_clock_is_held_and_moved_over_the_wire() {
    let twin = Twin::new();
    let order = |text: &str| {
        let answer = twin.raw("POST", "/_sandbox/clock", &[], text);
        (answer.status.as_u16(), body(&answer)["now"].clone())
    };
    assert_eq!(
        order(r#"{"advance": "90s"}"#),
        (200, json!("2026-01-01T00:01:30Z"))
    );
    assert_eq!(
        order(r#"{"set": "2026-02-01T00:00:00Z"}"#),
        (200, json!("2026-02-01T00:00:00Z"))
    );
    assert_eq!(cycles(&twin).status.as_u16(), 401, "the token has expired");
    for wrong in [
        r#"{"set": "soon"}"#,
        r#"{"advance": 5}"#,
        r#"{"stop": true}"#,
        "",
    ] {
        assert_eq!(order(wrong).0, 400, "{wrong}");
    }
    let read = || body(&twin.raw("GET", "/_sandbox/clock", &[], ""));
    assert_eq!(read()["held"], true);
    assert_eq!(order(r#"{"release": true}"#).0, 200);
    assert_eq!(read()["held"], false);
    assert_eq!(
        order(r#"{"hold": true, "set": "9999-12-01T00:00:00Z", "advance": "999999999d"}"#).0,
        200
    );
    assert_eq!(twin.sign("").0, 200, "even the end of time has tokens");
}

#[test]
fn every_example_of_the_reference_is_read_and_every_effect_has_one() {
    let schema = FaultRule::schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = include_str!("../../../../docs/sandbox-faults.md");
    let mut shown = BTreeSet::new();
    for example in text.split("```yaml\n").skip(1) {
        let example = example.split("```").next().unwrap();
        let rules = FaultRule::list(example).unwrap_or_else(|error| panic!("{error}\n{example}"));
        let value = serde_json::to_value(&rules).unwrap();
        assert!(validator.is_valid(&value), "{value}");
        let again = FaultRule::list(&value.to_string()).unwrap();
        assert_eq!(again, rules);
        for rule in value.as_array().unwrap() {
            let effect = &rule["effect"];
            let key = effect
                .as_object()
                .and_then(|one| one.keys().next().cloned());
            shown.insert(key.unwrap_or_else(|| effect.as_str().unwrap().to_owned()));
        }
    }
    let mut known = BTreeSet::new();
    for effect in schema["$defs"]["FaultEffect"]["oneOf"].as_array().unwrap() {
        let names = effect["enum"].as_array().or(effect["required"].as_array());
        let names = names
            .cloned()
            .unwrap_or_else(|| vec![effect["const"].clone()]);
        known.extend(names.iter().map(|name| name.as_str().unwrap().to_owned()));
    }
    assert_eq!(shown, known);
    assert!(!validator.is_valid(&json!([{ "effect": "explode" }])));
}
