//! `Ledger`: evidence of every request and every commit, without any value.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher as _, RandomState};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::duplicate::duplicates;
use crate::state::Instance;

/// What was asked of the sandbox, and what it committed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ledger {
    /// Every request in order, except those to `/_sandbox`.
    pub requests: Vec<LedgerRequest>,
    /// Every commit in order.
    pub commits: Vec<LedgerCommit>,
    /// How many requests of all were meant to change something.
    #[serde(default)]
    pub writes: u64,
    /// Number of requests by route.
    pub counts: BTreeMap<String, u64>,
    /// Number of requests by route and by the status that the client saw; `none` when the
    /// connection was closed instead.
    #[serde(default)]
    pub statuses: BTreeMap<String, BTreeMap<String, u64>>,
    /// Natural keys that several live objects share.
    pub duplicates: Vec<Duplicate>,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerRequest {
    /// Its number, from 1 and never given twice.
    pub number: u64,
    /// When it came, by the sandbox's clock.
    #[serde(default, with = "moment")]
    #[schemars(with = "String")]
    pub time: Timestamp,
    /// Client id of its token; none when there is no such token.
    #[serde(default)]
    pub client: Option<String>,
    /// Whether its token is restricted to an account.
    #[serde(default)]
    pub restricted: bool,
    /// Method.
    pub method: String,
    /// Path as sent, without the query.
    pub path: String,
    /// Query as sent, with `***` for the values of parameters that look like secrets.
    #[serde(default)]
    pub query: Option<String>,
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
    /// SHA-256 of a key of this run and the body, hexadecimal: equal bodies of one run have equal digests,
    /// and nobody can try out what a short body may have held.
    pub body_digest: String,
    /// The mischief it met, in the order of the rules.
    pub fault: Option<String>,
    /// How long rules and flags held the response back.
    #[serde(default)]
    pub milliseconds: u64,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LedgerCommit {
    /// Its number, from 1 and never given twice.
    pub number: u64,
    /// Number of the request that caused it.
    pub request: u64,
    /// When, by the sandbox's clock.
    #[serde(default, with = "moment")]
    #[schemars(with = "String")]
    pub time: Timestamp,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
        let mut statuses = BTreeMap::<String, BTreeMap<String, u64>>::new();
        let mut writes = 0;
        for request in &requests {
            *counts.entry(request.route.clone()).or_default() += 1;
            let status = request
                .status
                .map_or("none".to_owned(), |one| one.to_string());
            let of_route = statuses.entry(request.route.clone()).or_default();
            *of_route.entry(status).or_default() += 1;
            writes += u64::from(request.write);
        }
        Self {
            requests,
            commits,
            writes,
            counts,
            statuses,
            duplicates: duplicates(instance),
        }
    }

    /// Leaves the rows up to a number out, of the commits as well; with `commits_only`, the
    /// number is that of a commit, and no requests are left. Counts stay those of the whole.
    pub(crate) fn since(mut self, number: u64, commits_only: bool) -> Self {
        if commits_only {
            self.requests.clear();
            self.commits.retain(|commit| commit.number > number);
        } else {
            self.requests.retain(|request| request.number > number);
            self.commits.retain(|commit| commit.request > number);
        }
        self
    }

    /// The JSON schema of a ledger.
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
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

/// A query without the values of parameters that look like secrets.
pub(crate) fn shown_query(query: &str) -> String {
    let shown = query.split('&').map(|pair| {
        let Some((name, _)) = pair.split_once('=') else {
            return pair.to_owned();
        };
        let plain = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
        let plain = plain.to_ascii_lowercase();
        let is_secret = SECRET_WORDS.iter().any(|word| plain.contains(word));
        if is_secret {
            format!("{name}=***")
        } else {
            pair.to_owned()
        }
    });
    shown.collect::<Vec<_>>().join("&")
}

/// What names of parameters with secrets contain.
const SECRET_WORDS: &[&str] = &[
    "token",
    "secret",
    "password",
    "passwd",
    "pwd",
    "key",
    "auth",
    "code",
    "credential",
    "sig",
    "state",
    "session",
];

/// Times as RFC 3339.
mod moment {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(
        time: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(time)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Makes the digests of one run. Its key is told to nobody.
pub(crate) struct Digester([u8; 16]);

impl Digester {
    /// With a key that the operating system's randomness gave.
    pub(crate) fn new() -> Self {
        let random = RandomState::new();
        let [high, low] = [0_u8, 1].map(|half| random.hash_one(half).to_be_bytes());
        let mut key = [0; 16];
        key[..8].copy_from_slice(&high);
        key[8..].copy_from_slice(&low);
        Self(key)
    }

    /// The digest of a body; nothing where there is none.
    pub(crate) fn digest(&self, body: &[u8]) -> String {
        if body.is_empty() {
            return String::new();
        }
        hexadecimal(
            &Sha256::new()
                .chain_update(self.0)
                .chain_update(body)
                .finalize(),
        )
    }
}

impl fmt::Debug for Digester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digester")
    }
}

/// SHA-256 of a text, hexadecimal.
pub(crate) fn digest(text: &[u8]) -> String {
    hexadecimal(&Sha256::digest(text))
}

fn hexadecimal(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
