//! Very many clients at once, over HTTP, with random valid calls: nothing is lost.

#![expect(clippy::print_stdout, reason = "figures are for who reads them")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use gangplank_sandbox::{Action, Listening, Sandbox, SandboxOptions, World};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::TEMPLATE;

/// What a client believes to have done.
#[derive(Debug, Default)]
struct Deeds {
    requests: u64,
    accounts: u64,
    connectors: u64,
    cycles: u64,
    updates: u64,
    deletions: u64,
}

/// One client, with an account of its own and dice of its own.
struct Client {
    wire: reqwest::Client,
    url: String,
    token: Arc<str>,
    account: String,
    dice: u64,
    deeds: Deeds,
    connectors: Vec<u64>,
    cycles: Vec<String>,
}

impl Client {
    fn throw(&mut self, sides: u64) -> u64 {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % sides
    }

    async fn call(&mut self, method: &str, path: &str, body: &Value) -> Value {
        let mut request = self
            .wire
            .request(method.parse().unwrap(), format!("{}/v1.0{path}", self.url))
            .bearer_auth(&self.token)
            .header("X-Cyclr-Account", &self.account);
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.bytes().await.unwrap());
        assert!(status.is_success(), "{method} {path}: {status} {text:?}");
        self.deeds.requests += 1;
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Does one random thing that has to succeed.
    async fn step(&mut self) {
        match self.throw(8) {
            0 => {
                let name =
                    json!({ "Name": format!("C{}", self.deeds.connectors), "AuthValue": "k" });
                let made = self.call("POST", "/connectors/2550/install", &name).await;
                self.connectors.push(made["Id"].as_u64().unwrap());
                self.deeds.connectors += 1;
            }
            1 => {
                let path = format!("/templates/{TEMPLATE}/install");
                // Unlike those of the connectors, their number is kept small.
                if self.cycles.len() < 5 {
                    let made = self.call("POST", &path, &json!({})).await;
                    self.cycles.push(made["Id"].as_str().unwrap().to_owned());
                    self.deeds.cycles += 1;
                }
            }
            2 => {
                if let Some(id) = self.connectors.first().copied() {
                    let path = format!("/account/connectors/{id}");
                    self.call("PUT", &path, &json!({ "Description": "d" }))
                        .await;
                    self.deeds.updates += 1;
                }
            }
            3 => {
                if self.connectors.len() > 3
                    && let Some(id) = self.connectors.pop()
                {
                    let path = format!("/account/connectors/{id}");
                    self.call("DELETE", &path, &Value::Null).await;
                    self.deeds.deletions += 1;
                }
            }
            4 => {
                if let Some(id) = self.cycles.last().cloned() {
                    self.call("GET", &format!("/cycles/{id}"), &Value::Null)
                        .await;
                }
            }
            5 => {
                let found = self.call("GET", "/cycles", &Value::Null).await;
                assert_eq!(found.as_array().unwrap().len(), self.cycles.len());
            }
            _ => {
                let found = self
                    .call("GET", "/account/connectors?pageSize=1000", &Value::Null)
                    .await;
                let ids: Vec<_> = found
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|one| one["Id"].as_u64())
                    .collect();
                assert!(self.connectors.iter().all(|id| ids.contains(&Some(*id))));
            }
        }
    }

    async fn live(mut self, until: Instant) -> Self {
        let body = json!({ "Id": self.account, "Name": "Crowd" });
        self.call("POST", "/accounts", &body).await;
        self.deeds.accounts += 1;
        while Instant::now() < until {
            self.step().await;
        }
        self
    }
}

async fn token(wire: &reqwest::Client, listening: &Listening) -> Arc<str> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", "demo"),
        ("client_secret", "demo-secret"),
    ];
    let url = format!("{}/oauth/token", listening.url());
    let token: Value = wire
        .post(url)
        .form(&form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    token["access_token"].as_str().unwrap().into()
}

/// Lets so many clients live for so long, and compares what they did with ledger and world.
async fn check(clients: usize, time: Duration) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let world = World {
        accounts: Vec::new(),
        ..crate::support::world()
    };
    let sandbox = Sandbox::open(SandboxOptions {
        world,
        ..SandboxOptions::default()
    });
    let sandbox = sandbox.unwrap();
    let listening = sandbox.listen(([127, 0, 0, 1], 0).into()).await.unwrap();
    let client = || {
        let builder = reqwest::Client::builder().no_proxy();
        builder.timeout(Duration::from_mins(2)).build().unwrap()
    };
    let first = client();
    let token = token(&first, &listening).await;
    let (begun, mut crowd) = (Instant::now(), JoinSet::new());
    for number in 0..clients {
        let client = Client {
            wire: first.clone(),
            url: listening.url(),
            token: Arc::clone(&token),
            account: format!("crowd-{number}"),
            dice: u64::try_from(number).unwrap(),
            deeds: Deeds::default(),
            connectors: Vec::new(),
            cycles: Vec::new(),
        };
        crowd.spawn(client.live(begun + time));
    }
    let crowd = crowd.join_all().await;
    let took = begun.elapsed();
    let sum = |deed: fn(&Deeds) -> u64| crowd.iter().map(|one| deed(&one.deeds)).sum::<u64>();

    let ledger = sandbox.ledger();
    let count = |action: Action, kind: &str| {
        let fits = |commit: &&gangplank_sandbox::LedgerCommit| {
            commit.action == action && (kind.is_empty() || commit.kind == kind)
        };
        u64::try_from(ledger.commits.iter().filter(fits).count()).unwrap()
    };
    assert_eq!(
        u64::try_from(ledger.requests.len()).unwrap(),
        sum(|deeds| deeds.requests) + 1
    );
    assert_eq!(
        count(Action::Created, "account"),
        sum(|deeds| deeds.accounts)
    );
    assert_eq!(count(Action::Created, "cycle"), sum(|deeds| deeds.cycles));
    assert_eq!(count(Action::Deleted, ""), sum(|deeds| deeds.deletions));
    let numbers = ledger
        .requests
        .iter()
        .zip(1..)
        .all(|(request, number)| request.number == number);
    assert!(
        numbers
            && ledger
                .requests
                .iter()
                .all(|request| request.status == Some(200))
    );

    // Connectors are also installed by templates: the ledger's sum is what the world holds.
    let world = sandbox.world();
    let held: usize = world
        .accounts
        .iter()
        .map(|account| account.connectors.len())
        .sum();
    let made = count(Action::Created, "account_connector");
    let gone = count(Action::Deleted, "account_connector");
    assert_eq!(u64::try_from(held).unwrap(), made - gone);
    assert!(made >= sum(|deeds| deeds.connectors));
    for client in &crowd {
        let account = world
            .accounts
            .iter()
            .find(|one| one.id == client.account)
            .unwrap();
        let ids: Vec<_> = account.cycles.iter().map(|one| one.id.clone()).collect();
        assert_eq!(ids, client.cycles, "{}", client.account);
        let has = |id: &u64| account.connectors.iter().any(|one| one.id == *id);
        assert!(client.connectors.iter().all(has), "{}", client.account);
    }
    let (done, written) = (ledger.requests.len(), ledger.commits.len());
    println!("{clients} clients, {took:?}: {done} requests, {written} commits, nothing lost");
    drop(first);
    listening.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_crowd_loses_nothing() {
    check(200, Duration::from_secs(3)).await;
}

/// `ulimit -n 8192; cargo test --release -p gangplank-sandbox crowd_of_two -- --ignored --nocapture`
#[ignore = "takes half a minute and four thousand open files"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crowd_of_two_thousand_loses_nothing() {
    check(2_000, Duration::from_secs(30)).await;
}
