//! Many clients at once, over HTTP; and what must not be printed whoever looks.

use gangplank_sandbox::{Request, Sandbox, SandboxOptions};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Twin, world};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_many_gets_the_name() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let directory = tempfile::tempdir().unwrap();
    let options = SandboxOptions {
        world: world(),
        database: Some(directory.path().join("many.db")),
        ..SandboxOptions::default()
    };
    let sandbox = Sandbox::open(options.clone()).unwrap();
    let listening = sandbox.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let client = reqwest::Client::new();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "demo"),
        ("client_secret", "demo-secret"),
    ];
    let token = client
        .post(format!("{}/oauth/token", listening.url()))
        .form(&form)
        .send()
        .await;
    let token: Value = token.unwrap().json().await.unwrap();
    let token = token["access_token"].as_str().unwrap();
    let mut calls = JoinSet::new();
    for number in 0..60 {
        // Each name is asked for three times.
        let body = json!({ "Name": format!("N{}", number / 3), "AuthValue": "k" });
        let call = client
            .post(format!("{}/v1.0/connectors/2550/install", listening.url()))
            .bearer_auth(token)
            .header("X-Cyclr-Account", "acme-001")
            .json(&body)
            .send();
        calls.spawn(async move { call.await.unwrap().status().as_u16() });
    }
    let statuses = calls.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 20);
    assert_eq!(statuses.iter().filter(|status| **status == 400).count(), 40);
    let ledger = sandbox.ledger();
    assert_eq!(ledger.commits.len(), 20);
    assert!(ledger.duplicates.is_empty());
    assert!(
        ledger
            .requests
            .iter()
            .zip(1..)
            .all(|(request, number)| request.number == number)
    );
    assert_eq!(sandbox.world().accounts[0].connectors.len(), 21);
    // The client keeps its connections; the database is free all the same.
    listening.shutdown().await;
    drop(sandbox);
    assert_eq!(Sandbox::open(options).unwrap().ledger(), ledger);
    drop(client);
}

#[test]
fn nothing_prints_a_secret() {
    let twin = Twin::new();
    let canary = "canary-77aa";
    twin.ok(
        "POST /connectors/2550/install",
        json!({ "Name": "n", "AuthValue": canary }),
    );
    twin.ok(
        "PUT /account/connectors/51",
        json!({ "Properties": [{ "Name": "Subdomain", "Value": canary }] }),
    );
    let request = Request {
        body: canary.into(),
        ..Request::default()
    };
    let answer = twin.call_as("acme-001", "GET /account/connectors", "");
    let printed = format!(
        "{request:?} {answer:?} {:?} {:?}",
        twin.sandbox,
        twin.sandbox.world()
    );
    assert!(String::from_utf8_lossy(&answer.body).contains(canary));
    let token = twin.sign("").1["access_token"].as_str().unwrap().to_owned();
    for secret in [canary, "demo-secret", &token] {
        assert!(!printed.contains(secret) && !format!("{:?}", twin.sandbox).contains(secret));
    }
}
