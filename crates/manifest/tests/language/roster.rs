//! Rosters: accounts from the rows of CSV, JSON, JSON Lines and YAML files.

use crate::support::{read_rosters, same_verdict};
use gangplank_model::{AccountSpec, Presence, Retention, Run, Schedule, SecretRef, Value};

/// The accounts of a roster that has no problem.
#[track_caller]
fn accounts(rosters: &str, files: &[(&str, &str)]) -> Vec<AccountSpec> {
    let text = format!("version: 1\n{rosters}");
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, text)| (*name, text.as_bytes()))
        .collect();
    let (_, desired, diagnostics) = read_rosters(&text, &files);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}\n{text}");
    same_verdict(&text, &diagnostics);
    desired.accounts
}

fn ids(accounts: &[AccountSpec]) -> Vec<&str> {
    accounts.iter().map(|account| account.id.as_str()).collect()
}

fn name(account: &AccountSpec) -> &str {
    account.fields.name.as_ref().map_or("", |name| &name.value)
}

const TYPED: &str = r#"
rosters:
  - from: customers.*
    where: row.status != 'lead'
    account:
      id: "{{ row.id }}"
      name: "{{ row.company }} ({{ row['Plan name'] }})"
      profile: "{{ row.tier }}"
      state: "{{ row.state }}"
      timezone: "{{ row.zone }}"
      description: "{{ row.note }}"
      step_data_success_retention_hours: "{{ row.hours }}"
      transaction_error_webhook_enabled: "{{ row.hook }}"
      labels: { city: "{{ row.city }}", tier: "{{ row.tier | upper }}" }
profiles:
  gold:
    connectors:
      - connector: Slack
        partner: "{{ row.partner }}"
        auth: { api_key: { env: "KEY_{{ row.id | upper }}" } }
        properties: { Channel: "{{ row.channel }}" }
    templates:
      - template: T
        run: { every: "{{ row.every }}" }
  plain: { description: of the profile }
"#;

const CSV: &str = "id,company,Plan name,tier,state,zone,note,hours,hook,city,status,partner,channel,every\n\
                   a1,\"Acme, Ltd\",Top,gold,,Europe/Paris,,24,false,Köln,live,true,#ops,1h\n\
                   b2,Bolt,Mid,plain,absent,,hello,,,,live,,,\n\
                   c3,Cat,Mid,plain,,,,,,,lead,,,\n";

const JSON: &str = r##"[
  { "id": "a1", "company": "Acme, Ltd", "Plan name": "Top", "tier": "gold", "zone": "Europe/Paris", "hours": 24,
    "hook": false, "city": "Köln", "status": "live", "partner": true, "channel": "#ops", "every": "1h" },
  { "id": "b2", "company": "Bolt", "Plan name": "Mid", "tier": "plain", "state": "absent", "note": "hello", "status": "live" },
  { "id": "c3", "company": "Cat", "Plan name": "Mid", "tier": "plain", "status": "lead" }
]"##;

/// All four say the same, with the types that each of them has.
fn check_typed(file: &str, text: &str) -> Vec<AccountSpec> {
    let accounts = accounts(TYPED, &[(file, text)]);
    assert_eq!(ids(&accounts), ["a1", "b2"]);
    let [a, b] = accounts.as_slice() else {
        unreachable!()
    };
    assert_eq!(name(a), "Acme, Ltd (Top)");
    assert_eq!(a.fields.timezone.as_ref().unwrap().value, "Europe/Paris");
    let hours = &a.fields.step_data_success_retention_hours;
    assert_eq!(hours.as_ref().unwrap().value, Retention::Hours(24));
    let hook = &a.fields.transaction_error_webhook_enabled;
    assert!(!hook.as_ref().unwrap().value);
    assert_eq!(a.labels.get("city").unwrap(), "Köln");
    assert_eq!(a.labels.get("tier").unwrap(), "GOLD");
    let slack = &a.connectors[0];
    assert!(slack.partner.as_ref().unwrap().value);
    assert_eq!(
        slack.properties.get("Channel").unwrap().value,
        Value::Text("#ops".into())
    );
    let auth = &slack.auth.as_ref().unwrap().value;
    assert_eq!(auth.secrets(), [&SecretRef::Env("KEY_A1".into())]);
    let hourly = Run::Active(Schedule::Every {
        minutes: 60,
        start: None,
    });
    assert_eq!(a.templates[0].run.as_ref().unwrap().value, hourly);
    // An empty cell is a key that is left out.
    assert_eq!(a.presence, Presence::Present);
    assert!(a.fields.description.is_none());
    assert_eq!(b.presence, Presence::Absent);
    assert_eq!(b.fields.description.as_ref().unwrap().value, "hello");
    assert!(b.fields.timezone.is_none());
    assert!(b.fields.step_data_success_retention_hours.is_none());
    assert!(!b.labels.contains_key("city"));
    accounts
}

#[test]
fn every_kind_of_file_gives_the_same_accounts() {
    let csv = check_typed("customers.csv", CSV);
    check_typed("customers.csv", &CSV.replace('\n', "\r\n"));
    check_typed("customers.csv", &format!("\u{feff}{CSV}\n,,,,,,,,,,,,,\n"));
    let json = check_typed("customers.json", JSON);
    let rows: serde_json::Value = serde_json::from_str(JSON).unwrap();
    let lines = rows.as_array().unwrap().iter();
    let lines: String = lines.map(|row| format!("{row}\n")).collect();
    check_typed("customers.jsonl", &lines);
    check_typed("customers.ndjson", &lines);
    let yaml = serde_yaml::to_string(&rows).unwrap();
    check_typed("customers.yaml", &yaml);
    check_typed("customers.yml", &yaml);
    for (accounts, account, hours) in [
        (&csv, "customers.csv:2:1", "customers.csv:2:40"),
        (&json, "customers.json:2:3", "customers.json:2:110"),
    ] {
        assert_eq!(accounts[0].origin.to_string(), account);
        let value = accounts[0]
            .fields
            .step_data_success_retention_hours
            .as_ref();
        assert_eq!(value.unwrap().origin.to_string(), hours);
    }
}

#[test]
fn an_empty_cell_leaves_its_key_to_the_profile() {
    let manifest = r#"
defaults: { labels: { city: none } }
profiles: { p: { timezone: Europe/Paris, step_data_errored_retention_hours: 48 } }
rosters:
  - from: r.csv
    account:
      id: "{{ row.id }}"
      profile: p
      timezone: "{{ row.zone }}"
      step_data_errored_retention_hours: "{{ row.hours }}"
      labels: { city: "{{ row.city }}" }
"#;
    let rows = "id,zone,hours,city\na,Europe/Rome,,\nb,,24,Bath\nc,,,\nd,Europe/Rome,24,Bath\n";
    let told: Vec<String> = accounts(manifest, &[("r.csv", rows)])
        .iter()
        .map(|account| {
            let zone = &account.fields.timezone.as_ref().unwrap().value;
            let hours = &account.fields.step_data_errored_retention_hours;
            let hours = &hours.as_ref().unwrap().value;
            format!("{zone} {hours:?} {}", account.labels.get("city").unwrap())
        })
        .collect();
    assert_eq!(
        told,
        [
            "Europe/Rome Hours(48) none",
            "Europe/Paris Hours(24) Bath",
            "Europe/Paris Hours(48) none",
            "Europe/Rome Hours(24) Bath",
        ]
    );
}

#[test]
fn a_row_may_give_lists() {
    let manifest = r#"
profiles: { p: { connectors: [{ connector: Slack, description: from the profile }] } }
rosters:
  - from: r.FILE
    account: { id: "{{ row.id }}", profile: p, connectors: "{{ row.apps }}" }
"#;
    for (ending, text) in [
        ("csv", "id,apps\na,Slack; Mailchimp\nb,\n"),
        (
            "json",
            r#"[{"id": "a", "apps": ["Slack", {"connector": "Mailchimp"}]}, {"id": "b"}]"#,
        ),
    ] {
        let file = format!("r.{ending}");
        let manifest = manifest.replace("FILE", ending);
        let accounts = accounts(&manifest, &[(&file, text)]);
        let names = |at: usize| -> Vec<&str> {
            let connectors = accounts[at].connectors.iter();
            connectors.map(|it| it.name.as_str()).collect()
        };
        assert_eq!(names(0), ["Slack", "Mailchimp"], "{ending}");
        assert_eq!(names(1), ["Slack"], "{ending}");
        let slack = &accounts[0].connectors[0];
        let description = slack.description.as_ref().unwrap();
        assert_eq!(description.value, "from the profile");
    }
}

#[test]
fn files_and_rows_keep_their_order() {
    let manifest = r#"
accounts: [{ id: first }]
rosters:
  - { from: "in/*.csv", account: { id: "{{ row.id }}" } }
  - { from: one.txt, format: csv, account: { id: "x-{{ row.id }}", parent: "{{ row.id }}" } }
"#;
    let files = [
        ("in/b.csv", "id\nb2\nb1\n"),
        ("in/a.csv", "id\na1\n"),
        ("in/.hidden.csv", "id\nz\n"),
        ("in/deep/c.csv", "id\nc1\n"),
        ("one.txt", "id\na1\n"),
    ];
    let accounts = accounts(manifest, &files);
    assert_eq!(ids(&accounts), ["first", "a1", "b2", "b1", "x-a1"]);
    assert_eq!(accounts[4].parent.as_ref().unwrap().value.as_str(), "a1");
}

#[test]
fn the_digest_covers_the_rows() {
    let manifest = "version: 1\nrosters: [{ from: r.csv, account: { id: \"{{ row.id }}\" } }]\n";
    let digest = |rows: &str| {
        read_rosters(manifest, &[("r.csv", rows.as_bytes())])
            .1
            .digest
    };
    assert_ne!(digest("id\na\nb\n"), digest("id\nb\na\n"));
    assert_eq!(digest("id\na\n"), digest("id\na\n"));
}

#[test]
fn an_empty_roster_is_allowed_where_it_says_so() {
    for rows in ["", "id\n", "id\nb\n"] {
        let manifest = "rosters: [{ from: r.csv, empty: allow, where: row.id == 'a', account: { id: \"{{ row.id }}\" } }]\n";
        assert!(
            accounts(manifest, &[("r.csv", rows)]).is_empty(),
            "{rows:?}"
        );
    }
}

#[test]
fn conditions_keep_rows() {
    let rows = "id,seats,live\na,5,true\nb,50,false\nc,500,\n";
    for (condition, expected) in [
        ("row.live", &["a"][..]),
        ("\"{{ row.seats | int > 10 }}\"", &["b", "c"]),
        ("row.live is undefined or row.seats == '5'", &["a", "c"]),
        ("\"row.id in ['a', 'c']\"", &["a", "c"]),
    ] {
        let manifest = format!(
            "rosters: [{{ from: r.csv, where: {condition}, account: {{ id: \"{{{{ row.id }}}}\" }} }}]\n"
        );
        assert_eq!(ids(&accounts(&manifest, &[("r.csv", rows)])), expected);
    }
}

#[test]
fn swapped_rows_give_the_same_accounts() {
    let manifest =
        "rosters: [{ from: r.csv, account: { id: \"{{ row.id }}\", name: \"{{ row.name }}\" } }]\n";
    let one = accounts(manifest, &[("r.csv", "id,name\na,A\nb,B\n")]);
    let other = accounts(manifest, &[("r.csv", "name,id\nB,b\nA,a\n")]);
    assert_eq!(name(&one[0]), name(&other[1]));
    assert_eq!(ids(&other), ["b", "a"]);
}
