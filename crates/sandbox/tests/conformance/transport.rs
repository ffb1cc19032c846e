//! Tokens, headers, paging, routes: cyclr-api.md 1.

use std::time::Duration;

use gangplank_sandbox::{Sandbox, SandboxOptions};
use serde_json::{Value, json};

use crate::support::{Twin, body, world};

#[test]
fn tokens_are_given_and_expire() {
    let mut twin = Twin::new();
    let (status, token) = twin.sign("");
    assert_eq!(status, 200);
    let text = token["access_token"].as_str().unwrap();
    assert_eq!(text.len(), 64);
    assert!(text.chars().all(|one| one.is_ascii_hexdigit()), "{text}");
    assert_eq!(token["expires_in"], 1_209_599);
    assert_eq!(token["token_type"], "bearer");
    assert_eq!(token["clientId"], "demo");
    assert_eq!(token[".refresh"], "False");
    assert_eq!(token[".issued"], "Thu, 01 Jan 2026 00:00:00 GMT");
    assert_eq!(token[".expires"], "Thu, 15 Jan 2026 00:00:00 GMT");
    assert_eq!(twin.status("GET /accounts", Value::Null), 200);
    twin.clock.advance(Duration::from_hours(14 * 24));
    assert_eq!(twin.status("GET /accounts", Value::Null), 401);
    let fresh = twin.sign("").1;
    twin.use_token(&fresh["access_token"]);
    assert_eq!(twin.status("GET /accounts", Value::Null), 200);
}

#[test]
fn the_token_endpoint_refuses() {
    let twin = Twin::new();
    let check = |form: &str, error: &str| {
        let answer = twin.raw("POST", "/oauth/token", &[], form);
        assert_eq!(
            (
                answer.status.as_u16(),
                body(&answer)["error"].as_str().unwrap()
            ),
            (400, error)
        );
    };
    check("grant_type=password", "unsupported_grant_type");
    check(
        "grant_type=client_credentials&client_id=demo&client_secret=no",
        "invalid_client",
    );
    let scoped = "grant_type=client_credentials&client_id=demo&client_secret=demo-secret&scope=";
    check(&format!("{scoped}account:nobody"), "invalid_scope");
}

#[test]
fn a_restricted_token_sees_its_account_alone() {
    let mut twin = Twin::new();
    twin.ok("POST /accounts", json!({ "Id": "other", "Name": "Other" }));
    let token = twin.sign("&scope=account:acme-001").1;
    twin.use_token(&token["access_token"]);
    let check = |account: &str, call: &str, expected: u16| {
        assert_eq!(
            twin.call_as(account, call, "").status.as_u16(),
            expected,
            "{account} {call}"
        );
    };
    check("acme-001", "GET /cycles", 200);
    check("other", "GET /cycles", 401);
    check("", "GET /accounts", 401);
    check("", "GET /accounts/acme-001", 200);
    check("", "GET /accounts/other", 401);
    check("", "GET /templates", 200);
}

#[test]
fn account_calls_need_the_header() {
    let twin = Twin::new();
    let check = |account: &str, call: &str, expected: u16| {
        assert_eq!(
            twin.call_as(account, call, "").status.as_u16(),
            expected,
            "{account} {call}"
        );
    };
    check("", "GET /cycles", 401);
    check("nobody", "GET /cycles", 401);
    check("ACME-001", "GET /cycles", 200);
    check("nobody", "GET /accounts", 200);
    check("", "GET /connectors", 200);
    check("", "POST /connectors/2550/install", 401);
    let answer = twin.raw("GET", "/v1.0/accounts", &[], "");
    assert_eq!(answer.status.as_u16(), 401);
    assert_eq!(
        body(&answer)["Message"],
        "Authorization has been denied for this request."
    );
}

#[test]
fn paths_without_a_route_are_404_in_the_stacks_words() {
    let twin = Twin::new();
    for call in [
        "PUT /accounts/acme-001/suspend",
        "POST /accounts/acme-001/resume",
        "GET /nothing",
    ] {
        let (status, body) = twin.call(call, &Value::Null);
        let message = body["Message"].as_str().unwrap();
        assert_eq!(status, 404, "{call}");
        assert!(
            message.starts_with("No HTTP resource was found that matches"),
            "{message}"
        );
    }
    assert_eq!(twin.raw("GET", "/elsewhere", &[], "").status.as_u16(), 404);
}

#[test]
fn lists_have_pages() {
    let twin = Twin::new();
    for number in 0..6 {
        twin.ok(
            "POST /accounts",
            json!({ "Id": format!("a{number}"), "Name": format!("N{}", 9 - number) }),
        );
    }
    let check = |query: &str, pages: &str, expected: &[&str]| {
        let answer = twin.call_as("", &format!("GET /accounts?{query}"), "");
        let ids: Vec<String> = body(&answer)
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["Id"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(answer.headers["total-pages"], pages, "{query}");
        assert_eq!(ids, expected, "{query}");
    };
    check("page=1&pageSize=3", "3", &["a0", "a1", "a2"]);
    check("PAGE=3&pagesize=3", "3", &["acme-001"]);
    check("page=4&pageSize=3", "3", &[]);
    check(
        "page=1&pageSize=7",
        "1",
        &["a0", "a1", "a2", "a3", "a4", "a5", "acme-001"],
    );
    check(
        "page=1&pageSize=2&sortOrderAsc=false&orderBy=Id",
        "4",
        &["acme-001", "a5"],
    );
    check("pageSize=3&orderBy=Name", "3", &["acme-001", "a5", "a4"]);
    check(
        "page=0&pageSize=x&per_page=1",
        "1",
        &["a0", "a1", "a2", "a3", "a4", "a5", "acme-001"],
    );
}

#[tokio::test]
async fn it_answers_over_http() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let sandbox = Sandbox::open(SandboxOptions {
        world: world(),
        ..SandboxOptions::default()
    })
    .unwrap();
    let listening = sandbox.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let url = listening.url();
    let client = reqwest::Client::new();
    let (id, secret) = sandbox.credentials();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &id),
        ("client_secret", &secret),
    ];
    let token: Value = client
        .post(format!("{url}/oauth/token"))
        .form(&form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let token = token["access_token"].as_str().unwrap();
    let response = client
        .get(format!("{url}/v1.0/account/connectors?page=1&pageSize=100"))
        .bearer_auth(token)
        .header("X-Cyclr-Account", "acme-001")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["Total-Pages"], "1");
    assert_eq!(response.headers()["X-Content-Type-Options"], "nosniff");
    let rows: Value = response.json().await.unwrap();
    assert_eq!(rows[0]["Connector"]["Name"], "Pipedrive");

    // The connection is closed after the commit, without a response.
    let faults = json!([{ "route": "POST /accounts", "nth": 1, "effect": "drop_after" }]);
    let posted = client
        .post(format!("{url}/_sandbox/faults"))
        .json(&faults)
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status(), 200);
    let create = || {
        let body = json!({ "Id": "lost", "Name": "Lost" });
        client
            .post(format!("{url}/v1.0/accounts"))
            .bearer_auth(token)
            .json(&body)
            .send()
    };
    assert!(create().await.is_err());
    let again: Value = create().await.unwrap().json().await.unwrap();
    assert_eq!(again["Message"], "ID already in use");

    let ledger: Value = client
        .get(format!("{url}/_sandbox/ledger"))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let lost = &ledger["requests"][2];
    assert_eq!(
        (&lost["status"], &lost["committed"]),
        (&Value::Null, &json!(true))
    );
    assert_eq!(lost["fault"], "drop_after");
    assert_eq!(ledger["commits"][0]["key"], "lost");
    assert!(!ledger.to_string().contains("demo-secret"));
    listening.shutdown().await;
    assert!(
        client
            .get(format!("{url}/_sandbox/ledger"))
            .send()
            .await
            .is_err()
    );
}
