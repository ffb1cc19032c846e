//! A fleet whose first apply takes forty writes, beside a customer that nobody speaks of.

use super::Bench;
use gangplank_executor::{JournalReader, UnreadableJournal};
use gangplank_model::Address;
use gangplank_model::file::receipts_v1::RecordV1;
use gangplank_sandbox::{Clock, SandboxOptions, World};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::PathBuf;

/// Two customers with everything, and five with a connector each.
const MANIFEST: &str = r#"
defaults: { timezone: Europe/London }
profiles:
  full:
    connectors:
      - connector: Harbour CRM
        version: "2.1"
        partner: true
        properties: { Region: eu, Subdomain: "{{ account.id }}" }
        auth: { api_key: { env: HARBOUR_KEY } }
      - connector: Pipedrive
        auth: { api_key: { env: PIPEDRIVE_KEY } }
      - connector: Mailchimp
        auth: oauth2
    templates:
      - template: Pipedrive > Harbour CRM
        parameters: { Create Opportunity: { Pipeline: New business } }
        mappings: { Create Opportunity: { Title: Deal } }
        variables: { currency: GBP }
        run: { every: 1h }
      - template: Harbour CRM > Mailchimp
        parameters: { Get Contacts: { Segment: all }, Add Member: { List ID: a78f } }
        mappings: { Add Member: { Email: someone@acme.example } }
        run: { every: 15m }
  small:
    connectors:
      - connector: Pipedrive
        auth: { api_key: { env: PIPEDRIVE_KEY } }
accounts:
  - { id: acme-001, name: Acme Ltd, profile: full }
  - { id: bolt-002, name: Bolt GmbH, profile: full }
  - { id: cord-003, name: Cord AB, profile: small }
  - { id: dune-004, name: Dune SA, profile: small }
  - { id: echo-005, name: Echo BV, profile: small }
  - { id: fern-006, name: Fern Oy, profile: small }
  - { id: gull-007, name: Gull AS, profile: small }
"#;

/// The customer beside them.
const FOREIGN: &str = r#"
Id: zeta-999
Name: Zeta plc
AuditInfo: not ours
Connectors:
  - { Id: 51, Name: Pipedrive, Connector: { Name: Pipedrive, Version: "1.0" }, AuthValue: key }
"#;

/// How many writes the first apply takes.
pub(crate) const WRITES: usize = 40;

/// A fleet before its first apply. The clock of the sandbox stands.
pub(crate) fn bench() -> (Bench, Clock) {
    let mut world = World::demo();
    world.accounts.push(serde_yaml::from_str(FOREIGN).unwrap());
    let clock = Clock::held();
    let mut bench = Bench::with(SandboxOptions {
        world,
        clock: clock.clone(),
        ..SandboxOptions::default()
    });
    for name in ["HARBOUR_KEY", "PIPEDRIVE_KEY"] {
        bench.set(name, &format!("value-of-{name}"));
    }
    bench.manifest(MANIFEST);
    (bench, clock)
}

/// A call: its route, its account where that stands in a header, and the how manieth of both it is.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) route: String,
    pub(crate) account: Option<String>,
    pub(crate) nth: u64,
}

/// The writes of a first apply that nothing disturbs, and what the instance holds after it.
pub(crate) fn undisturbed() -> (Vec<Call>, Value) {
    let (bench, _) = bench();
    bench.apply().expect(0);
    let mut seen: BTreeMap<(String, Option<String>), u64> = BTreeMap::new();
    let ledger = bench.ledger();
    let writes = ledger.writes().filter(|it| !it.route.ends_with("/token"));
    let calls: Vec<Call> = writes
        .map(|request| {
            let (route, account) = (request.route.clone(), request.account.clone());
            let nth = seen.entry((route.clone(), account.clone())).or_default();
            *nth += 1;
            Call {
                route,
                account,
                nth: *nth,
            }
        })
        .collect();
    assert_eq!(calls.len(), WRITES, "{calls:?}");
    (calls, holdings(&bench))
}

/// What the partner and the customers would see, without ids and times.
pub(crate) fn holdings(bench: &Bench) -> Value {
    let mut accounts = serde_json::to_value(bench.sandbox.world().accounts).unwrap();
    strip(&mut accounts);
    sort(&mut accounts);
    accounts
}

/// The customer that nobody speaks of, to the last id.
pub(crate) fn foreign(bench: &Bench) -> Value {
    let accounts = bench.sandbox.world().accounts;
    let foreign = accounts.into_iter().find(|it| it.id == "zeta-999");
    serde_json::to_value(foreign.unwrap()).unwrap()
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                let ends = ["Utc", "Date", "Milliseconds"];
                let varies = name.ends_with("Id") && name != "TemplateId";
                !varies && !ends.iter().any(|end| name.ends_with(end))
            });
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn sort(accounts: &mut Value) {
    let accounts = accounts.as_array_mut().unwrap();
    for account in accounts.iter_mut() {
        for part in ["Connectors", "Cycles"] {
            if let Some(Value::Array(items)) = account.get_mut(part) {
                items.sort_by_key(ToString::to_string);
            }
        }
    }
    accounts.sort_by_key(|account| account["Name"].to_string());
}

/// The file of receipts of the only run so far.
pub(crate) fn receipts(bench: &Bench) -> Option<PathBuf> {
    let entries = fs::read_dir(bench.folder.path().join(".gangplank/receipts"));
    let mut paths = entries.ok()?.map(|entry| entry.unwrap().path());
    let path = paths.next();
    assert!(paths.next().is_none(), "receipts of one run");
    path
}

/// I5: everything that the ledger has was intended, by the word of the receipts.
#[track_caller]
pub(crate) fn expect_on_record(bench: &Bench, case: &str) {
    let mut intended: BTreeMap<(String, String), usize> = BTreeMap::new();
    if let Some(path) = receipts(bench) {
        for record in JournalReader::new(File::open(path).unwrap()) {
            match record {
                Ok(RecordV1::Intent { address, route, .. }) => {
                    let address: Address = address.parse().unwrap();
                    let account = address.account.as_str().to_owned();
                    *intended.entry((route, account)).or_default() += 1;
                }
                // An empty one was never written to: then nothing was sent.
                Ok(
                    RecordV1::Header { .. }
                    | RecordV1::Outcome { .. }
                    | RecordV1::Account { .. }
                    | RecordV1::Watched { .. }
                    | RecordV1::Wave { .. },
                )
                | Err(UnreadableJournal::Empty) => {}
                Err(error) => panic!("{case}: {error}"),
            }
        }
    }
    let ledger = bench.ledger();
    let mut done: BTreeMap<(String, String), BTreeSet<u64>> = BTreeMap::new();
    for commit in &ledger.commits {
        let requests = &ledger.requests;
        let request = requests.iter().find(|it| it.number == commit.request);
        let request = request.unwrap();
        let account = request.account.as_deref();
        let account = account.or(commit.key.split('/').next()).unwrap();
        let call = (request.route.clone(), account.to_owned());
        done.entry(call).or_default().insert(commit.request);
    }
    for (call, done) in done {
        let intended = intended.get(&call).copied().unwrap_or(0);
        assert!(
            done.len() <= intended,
            "{case}: {call:?} was done {} times, and intended {intended} times",
            done.len()
        );
    }
}
