//! The ledger: evidence of every request and every commit, without any value.

use gangplank_sandbox::{Action, Ledger, SandboxOptions};
use serde_json::{Value, json};

use crate::support::{TEMPLATE, Twin, body, world};

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
    assert_eq!(serde_json::from_str::<Ledger>(&text).unwrap(), ledger);
    let first = &ledger.requests[0];
    assert_eq!(first.route, "POST /connectors/{id}/install");
    assert_eq!(first.account.as_deref(), Some("acme-001"));
    assert_eq!(
        (first.status, first.write, first.committed),
        (Some(200), true, true)
    );
    assert_eq!(first.body_digest.len(), 64);
    assert_ne!(first.body_digest, ledger.requests[1].body_digest);
    // Keyed, so that nobody can try out what a body may have held: this is the digest of `{}` alone.
    let plain = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    assert_ne!(ledger.requests[2].body_digest, plain);
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
    twin.call_as("", "PUT /accounts/acme-001", "{}");
    let again = twin.sandbox.ledger().requests.pop().unwrap();
    assert_eq!(again.body_digest, ledger.requests[2].body_digest);
}

#[test]
fn who_asked_is_told_and_no_token_is() {
    let mut twin = Twin::new();
    twin.get("/cycles?page=1&ToKen=canary-1&api_key=canary-2&name=x&flag");
    let restricted = twin.sign("&scope=account:acme-001").1;
    twin.use_token(&restricted["access_token"]);
    twin.get("/cycles");
    twin.use_token(&json!("canary-3"));
    assert_eq!(twin.status("GET /cycles", Value::Null), 401);
    let ledger = twin.sandbox.ledger();
    let who = |row: usize| {
        let request = &ledger.requests[row];
        (request.client.as_deref(), request.restricted)
    };
    assert_eq!(who(0), (Some("demo"), false));
    assert_eq!(who(2), (Some("demo"), true));
    assert_eq!(who(3), (None, false));
    assert_eq!(
        ledger.requests[0].query.as_deref(),
        Some("page=1&ToKen=***&api_key=***&name=x&flag")
    );
    assert_eq!(ledger.requests[0].time.to_string(), "2026-01-01T00:00:00Z");
    let text = format!("{ledger:?} {:?}", twin.sandbox) + &serde_json::to_string(&ledger).unwrap();
    let token = restricted["access_token"].as_str().unwrap();
    for secret in ["canary-1", "canary-2", "canary-3", "demo-secret", token] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn ledgers_are_counted_and_cut() {
    let twin = Twin::new();
    for name in ["A", "B"] {
        twin.ok("POST /accounts", json!({ "Id": name, "Name": name }));
        twin.status("POST /accounts", json!({ "Id": name, "Name": name }));
    }
    twin.get("/accounts");
    let ledger = twin.sandbox.ledger();
    assert_eq!((ledger.writes, ledger.count("POST /accounts")), (4, 4));
    let statuses = serde_json::to_value(&ledger.statuses).unwrap();
    assert_eq!(statuses["POST /accounts"], json!({ "200": 2, "400": 2 }));
    let first = ledger.requests[0].number;
    let read = |query: &str| -> Ledger {
        let answer = twin.raw("GET", &format!("/_sandbox/ledger?{query}"), &[], "");
        serde_json::from_slice(&answer.body).unwrap()
    };
    let since = read(&format!("since={}", first + 1));
    assert_eq!(
        (since.requests.len(), since.commits.len(), since.writes),
        (3, 1, 4)
    );
    let commits = read("commits_only=true&since=1");
    assert_eq!((commits.requests.len(), commits.commits.len()), (0, 1));
    assert_eq!(commits.commits[0].key, "B");
    assert_eq!(read("since=no").requests.len(), 5);
}

#[test]
fn the_ledger_fits_its_schema() {
    let twin = Twin::open(SandboxOptions {
        variants: vec![("U9".to_owned(), "second".to_owned())],
        world: world(),
        ..SandboxOptions::default()
    });
    twin.install_template();
    let url = "POST /account/connectors/51/properties";
    twin.ok(url, json!({ "Name": "Twice", "Value": "1" }));
    twin.ok(url, json!({ "Name": "twice", "Value": "2" }));
    let ledger = serde_json::to_value(twin.sandbox.ledger()).unwrap();
    let schema = jsonschema::validator_for(&Ledger::schema()).unwrap();
    assert!(schema.is_valid(&ledger));
    assert!(!schema.is_valid(&json!({ "requests": [{}], "commits": [] })));
    let duplicates = &ledger["duplicates"];
    let kinds: Vec<_> = duplicates
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["kind"])
        .collect();
    assert!(kinds.contains(&&json!("property")), "{duplicates}");
}

#[test]
fn duplicate_cycles_are_those_that_no_mark_tells_apart() {
    let twin = Twin::new();
    let install = || {
        let cycle = twin.ok(&format!("POST /templates/{TEMPLATE}/install"), json!({}));
        cycle["Id"].as_str().unwrap().to_owned()
    };
    let keys = || {
        let found = twin.sandbox.ledger().duplicates;
        found.into_iter().map(|one| one.key).collect::<Vec<_>>()
    };
    let mark = |id: &str, tags: &[&str]| {
        twin.ok(
            &format!("PUT /cycles/{id}"),
            json!({ "Name": "N", "Tags": tags }),
        );
    };
    assert_eq!(keys(), Vec::<String>::new());
    let (one, other) = (install(), install());
    mark(&one, &["gangplank:one", "gangplank:run=60"]);
    mark(&other, &[]);
    assert_eq!(keys(), [format!("acme-001/{TEMPLATE}/N")]);
    mark(&other, &["gangplank:other", "gangplank:run=60"]);
    assert_eq!(keys(), Vec::<String>::new());
    mark(&other, &["gangplank:one"]);
    assert_eq!(keys(), ["acme-001/gangplank:one"]);
}
