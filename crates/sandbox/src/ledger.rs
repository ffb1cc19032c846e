//! `Ledger`: evidence of every request and every commit, without any value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::state::Instance;
use crate::world::CycleStatus;

/// What was asked of the sandbox, and what it committed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// Every request in order, except those to `/_sandbox`.
    pub requests: Vec<LedgerRequest>,
    /// Every commit in order.
    pub commits: Vec<LedgerCommit>,
    /// Number of requests by route.
    pub counts: BTreeMap<String, u64>,
    /// Natural keys that several live objects share.
    pub duplicates: Vec<Duplicate>,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerRequest {
    /// Its number, from 1 and never given twice.
    pub number: u64,
    /// Method.
    pub method: String,
    /// Path as sent, without the query.
    pub path: String,
    /// Method and pattern of the route without `/v1.0`, such as `PUT /cycles/{id}/activate`;
    /// `unmatched` when there is none.
    pub route: String,
    /// The account of `X-Cyclr-Account`, as sent.
    pub account: Option<String>,
    /// Status that the client saw; none when the connection was closed instead.
    pub status: Option<u16>,
    /// Whether it was meant to change something.
    pub write: bool,
    /// Whether it did.
    pub committed: bool,
    /// SHA-256 of the body, hexadecimal.
    pub body_digest: String,
    /// The mischief it met.
    pub fault: Option<String>,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerCommit {
    /// Its number, from 1 and never given twice.
    pub number: u64,
    /// Number of the request that caused it.
    pub request: u64,
    /// What happened to the object.
    pub action: Action,
    /// Kind of the object, such as `account_connector`.
    pub kind: String,
    /// Natural key, such as `acme-001/Mailchimp`.
    pub key: String,
    /// Id of the object.
    pub id: String,
}

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is new.
    Created,
    /// It was written, also when it stayed the same.
    Updated,
    /// It is gone, or scheduled to go.
    Deleted,
}

/// A natural key that several live objects share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// Kind of the objects.
    pub kind: String,
    /// The key they share.
    pub key: String,
    /// Their ids.
    pub ids: Vec<String>,
}

impl Ledger {
    /// Joins the rows with what is counted and found from them and from the instance.
    pub(crate) fn new(
        requests: Vec<LedgerRequest>,
        commits: Vec<LedgerCommit>,
        instance: &Instance,
    ) -> Self {
        let mut counts = BTreeMap::new();
        for request in &requests {
            *counts.entry(request.route.clone()).or_default() += 1;
        }
        Self {
            requests,
            commits,
            counts,
            duplicates: duplicates(instance),
        }
    }

    /// The requests that were meant to change something.
    pub fn writes(&self) -> impl Iterator<Item = &LedgerRequest> {
        self.requests.iter().filter(|request| request.write)
    }

    /// How often a route was called, such as `POST /templates/{id}/install`.
    pub fn count(&self, route: &str) -> u64 {
        self.counts.get(route).copied().unwrap_or(0)
    }
}

/// Finds natural keys that several live objects share. Accounts cannot: they are kept by id.
fn duplicates(instance: &Instance) -> Vec<Duplicate> {
    let mut found = BTreeMap::<(&str, String), Vec<String>>::new();
    for account in instance.opened() {
        for installed in &account.connectors {
            let key = format!("{}/{}", account.id, installed.name.to_lowercase());
            found
                .entry(("account_connector", key))
                .or_default()
                .push(installed.id.to_string());
        }
        for cycle in &account.cycles {
            if let Some(template) = &cycle.template_id
                && cycle.status != CycleStatus::DeleteScheduled
            {
                let key = format!("{}/{}/{}", account.id, template, cycle.name);
                found
                    .entry(("cycle", key))
                    .or_default()
                    .push(cycle.id.clone());
            }
        }
    }
    let several = found.into_iter().filter(|(_, ids)| ids.len() > 1);
    several
        .map(|((kind, key), ids)| Duplicate {
            kind: kind.to_owned(),
            key,
            ids,
        })
        .collect()
}

/// SHA-256 of a body, hexadecimal.
pub(crate) fn digest(body: &[u8]) -> String {
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    if body.is_empty() {
        return EMPTY.to_owned();
    }
    let digest = Sha256::digest(body);
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
