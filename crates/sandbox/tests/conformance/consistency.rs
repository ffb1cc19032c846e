//! Commits that come late, reads that are stale and pages that shift: what an instance that is not
//! consistent would show.

use std::time::Duration;

use gangplank_sandbox::SandboxOptions;
use serde_json::{Value, json};

use crate::support::{Twin, put_rules, with_rules, world};

#[test]
fn late_commits_go_through_when_the_clock_has_passed() {
    let twin = with_rules(
        "- { route: POST /accounts, times: 1, effect: { late_commit: { by: 30s, code: 504 } } }",
    );
    let account = json!({ "Id": "late", "Name": "L" });
    assert_eq!(twin.status("POST /accounts", account.clone()), 504);
    twin.clock.advance(Duration::from_secs(29));
    assert_eq!(twin.status("GET /accounts/late", Value::Null), 404);
    let number = twin.sandbox.ledger().requests[0].number;
    assert!(!twin.sandbox.ledger().requests[0].committed);
    twin.clock.advance(Duration::from_secs(1));
    let ledger = twin.sandbox.ledger();
    assert!(ledger.requests[0].committed);
    assert_eq!(
        (ledger.commits[0].request, ledger.commits[0].key.as_str()),
        (number, "late")
    );
    assert_eq!(ledger.commits[0].time.to_string(), "2026-01-01T00:00:30Z");
    twin.refuses("POST /accounts", account, 400, "ID already in use");
}

#[test]
fn late_commits_are_stored_and_may_come_too_late() {
    let directory = tempfile::tempdir().unwrap();
    let options = SandboxOptions {
        world: world(),
        database: Some(directory.path().join("late.db")),
        ..SandboxOptions::default()
    };
    let twin = Twin::open(options);
    put_rules(
        &twin,
        "- { route: POST /accounts, times: 1, effect: { late_commit: { by: 1s } } }",
    );
    let lost = twin.call_as("", "POST /accounts", r#"{"Id":"x","Name":"first"}"#);
    assert!(lost.is_dropped());
    // The client believes it lost and sends it again: the second one wins.
    twin.ok("POST /accounts", json!({ "Id": "x", "Name": "second" }));
    twin.sandbox.flush().unwrap();
    twin.clock.advance(Duration::from_secs(2));
    let ledger = twin.sandbox.ledger();
    let committed: Vec<_> = ledger.requests.iter().map(|one| one.committed).collect();
    assert_eq!((committed, ledger.commits.len()), (vec![false, true], 1));
    assert_eq!(twin.get("/accounts/x")["Name"], "second");
}

#[test]
fn stale_reads_do_not_see_the_latest_writes() {
    let twin = with_rules("- { method: GET, effect: { stale_reads: { by: 10s } } }");
    let names = |path: &str| {
        let rows = twin.get(path);
        let names = rows.as_array().unwrap().iter();
        names
            .map(|row| row["Name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let before = names("/account/connectors");
    twin.ok("POST /connectors/2550/install", json!({ "Name": "New" }));
    twin.ok("POST /accounts", json!({ "Id": "b", "Name": "B" }));
    assert_eq!(names("/account/connectors"), before);
    assert_eq!(names("/accounts").len(), 1);
    // A write sees everything.
    assert_eq!(
        twin.status("POST /accounts", json!({ "Id": "b", "Name": "B" })),
        400
    );
    twin.clock.advance(Duration::from_secs(9));
    assert_eq!(names("/account/connectors"), before);
    twin.clock.advance(Duration::from_secs(1));
    assert_eq!(names("/account/connectors").len(), before.len() + 1);
    assert_eq!(names("/accounts").len(), 2);
    assert_eq!(twin.sandbox.world().accounts.len(), 2);
}

#[test]
fn pages_do_not_fit_together() {
    let twin = Twin::new();
    for name in ["b", "c", "d", "e"] {
        twin.ok("POST /accounts", json!({ "Id": name, "Name": name }));
    }
    let pages = |shift: &str| {
        put_rules(
            &twin,
            &format!("- {{ route: GET /accounts, effect: {{ pages: {shift} }} }}"),
        );
        [1, 2, 3, 4].map(|page| {
            let rows = twin.get(&format!("/accounts?pageSize=2&page={page}"));
            let names = rows
                .as_array()
                .unwrap()
                .iter()
                .map(|row| row["Id"].as_str().unwrap());
            names.map(|name| &name[..1]).collect::<String>()
        })
    };
    assert_eq!(pages("{}"), ["ab", "cd", "e", ""]);
    assert_eq!(pages("{ shift: insert }"), ["ab", "bc", "de", ""]);
    assert_eq!(pages("{ shift: delete }"), ["ab", "de", "", ""]);
    assert_eq!(pages("{ shift: reorder }"), ["ab", "cb", "a", ""]);
    assert_eq!(pages("{ shift: repeat }"), ["ab", "ab", "cd", "e"]);
    assert_eq!(pages("{ shift: full_last }"), ["ab", "cd", "de", ""]);
    let total = |rule: &str| {
        put_rules(
            &twin,
            &format!("- {{ effect: {{ pages: {{ total_pages: {rule} }} }} }}"),
        );
        let answer = twin.call_as("", "GET /accounts?pageSize=2", "");
        answer
            .headers
            .get("total-pages")
            .map(|one| one.to_str().unwrap().to_owned())
    };
    assert_eq!(total("absent"), None);
    assert_eq!(total("one_more").as_deref(), Some("4"));
    assert_eq!(total("one_less").as_deref(), Some("2"));
    assert_eq!(total("{ is: 77 }").as_deref(), Some("77"));
}
