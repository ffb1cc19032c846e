//! `gangplank explain ADDRESS` tells where each value of an account comes from.

use crate::support::{Ended, gangplank};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

const MANIFEST: &str = r#"version: 1
defaults:
  timezone: Europe/London
  step_data_success_retention_hours: 9000
profiles:
  base:
    description: from base
    labels: { tier: bronze }
    connectors:
      - connector: HubSpot
        properties: { Subdomain: demo, Region: eu }
        auth: { api_key: { env: HUBSPOT_KEY } }
  standard:
    extends: base
    description: from standard
    connectors:
      - connector: HubSpot
        properties: { Subdomain: "{{ account.id }}-hub" }
accounts:
  - id: acme-001
    name: Acme Ltd
    profile: standard
    labels: { tier: gold }
    connectors:
      - connector: HubSpot
        partner: true
rosters:
  - from: customers.csv
    account:
      id: "{{ row.id }}"
      name: "{{ row.company }}"
      description: "{{ row.about }}"
      profile: "{{ row.plan }}"
"#;
const ROWS: &str = "id,company,plan,about\nbolt,Bolt GmbH,base,\ncord,Cord SA,standard,Our first\n";
const CANARY: &str = "q7RzKx2mVw9LbT4nYc8HdJ3sGf6PaE5u";

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.yaml"), MANIFEST).unwrap();
    fs::write(folder.path().join("customers.csv"), ROWS).unwrap();
    folder
}

fn explain(folder: &TempDir, subject: &str, more: &[&str]) -> Ended {
    let args = [&["explain", subject, "m.yaml"], more].concat();
    let variables = BTreeMap::from([("COLUMNS".to_owned(), "120".to_owned())]);
    gangplank(folder.path(), &variables, &args)
}

#[track_caller]
fn check(subject: &str, expected: &[&str]) {
    let ended = explain(&folder(), subject, &[]).expect(0);
    let mut rest = ended.stdout.as_str();
    for text in expected {
        let at = rest.find(text);
        let at = at.unwrap_or_else(|| panic!("{text:?} is not in {rest}\nof {}", ended.stdout));
        rest = &rest[at + text.len()..];
    }
}

#[test]
fn every_layer_is_told_with_its_place() {
    check(
        "account[\"acme-001\"].connector[\"HubSpot\"].properties.Subdomain",
        &[
            "properties.Subdomain = acme-001-hub\n",
            "> profile standard  m.yaml:18:34  {{ account.id }}-hub  (computed)\n",
            "  profile base      m.yaml:11:34  demo  (overridden)\n",
        ],
    );
    check(
        "account[\"acme-001\"]",
        &[
            "layers: account, profile standard, profile base, defaults\n",
            "description = from standard\n",
            "> profile standard  m.yaml:15:18  from standard\n",
            "  profile base      m.yaml:7:18  from base  (overridden)\n",
            "labels.tier = gold\n",
            "step_data_success_retention_hours = 744\n",
            "> defaults  m.yaml:4:38  9000  (as the instance keeps it)\n",
            "timezone = Europe/London\n",
            "> defaults  m.yaml:3:13  Europe/London\n",
            "account[\"acme-001\"].connector[\"HubSpot\"]\n",
            "auth = api_key secret: env HUBSPOT_KEY\n",
            "> profile base  m.yaml:12:15  { api_key: { env: HUBSPOT_KEY } }\n",
            "partner = true\n",
            "> account  m.yaml:26:18  true\n",
        ],
    );
}

#[test]
fn a_row_is_told_with_its_column() {
    check(
        "account[\"cord\"].name",
        &[
            "account[\"cord\"]\n  at customers.csv:3:1\n",
            "name = Cord SA\n",
            "> roster  m.yaml:31:13  {{ row.company }}  (computed: customers.csv:3:6, column \"company\")",
        ],
    );
    // An empty cell leaves the key out, so that the profile's word counts.
    check(
        "account[\"bolt\"].description",
        &[
            "description = from base\n",
            "  roster ",
            "(its cell is empty)\n",
            "> profile base",
            "from base",
        ],
    );
    let json = explain(
        &folder(),
        "account[\"cord\"].description",
        &["--format", "json"],
    )
    .expect(0);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    let value = &json["objects"][0]["values"][0];
    assert_eq!(value["value"], "Our first");
    assert_eq!(value["roster_column"], "about");
    assert_eq!(value["at"]["line"], 3);
    let standings = value["given"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["standing"].as_str().unwrap());
    assert_eq!(
        standings.collect::<Vec<_>>(),
        ["computed", "overridden", "overridden"]
    );
}

#[test]
fn an_argument_is_told_with_its_place() {
    let folder = folder();
    let text = "version: 1\nprofiles:\n  p:\n    arguments: { tier: silver }\n    description: \"{{ argument.tier }}\"\n\
                accounts:\n  - { id: a, name: A, profile: p, arguments: { tier: gold } }\n";
    fs::write(folder.path().join("m.yaml"), text).unwrap();
    let ended = explain(&folder, "account[\"a\"].description", &[]).expect(0);
    for text in [
        "description = gold\n",
        "{{ argument.tier }}  (computed: m.yaml:7:",
    ] {
        assert!(ended.stdout.contains(text), "{}", ended.stdout);
    }
}

#[test]
fn what_is_not_there_is_told_with_what_was_meant() {
    for (subject, said) in [
        ("account[\"acme-01\"]", "did you mean \"acme-001\"?"),
        (
            "account[\"acme-001\"].connector[\"HubSpott\"]",
            "did you mean",
        ),
        (
            "account[\"acme-001\"].descripton",
            "did you mean \"description\"?",
        ),
        (
            "account[\"acme-001\"].connector[\"HubSpot\"].properties.Nothing",
            "there are auth",
        ),
        ("account[\"acme-001", "not an address"),
    ] {
        let ended = explain(&folder(), subject, &[]).expect(5);
        assert!(ended.stderr.contains(said), "{subject}: {}", ended.stderr);
        assert_eq!(ended.stdout, "");
    }
    let folder = folder();
    let ended = gangplank(
        folder.path(),
        &BTreeMap::new(),
        &["explain", "account[\"a\"]"],
    )
    .expect(5);
    assert!(ended.stderr.contains("none is named"), "{}", ended.stderr);
}

/// What only sounds like a secret is planned as text, and still not shown.
#[test]
fn a_value_that_may_be_a_secret_is_not_shown() {
    let folder = folder();
    let text = MANIFEST.replace("Region: eu", &format!("\n          ApiToken: {CANARY}"));
    fs::write(folder.path().join("m.yaml"), text).unwrap();
    let rows = ROWS.replace("about", "token").replace("Our first", CANARY);
    fs::write(folder.path().join("customers.csv"), rows).unwrap();
    let text = fs::read_to_string(folder.path().join("m.yaml")).unwrap();
    fs::write(
        folder.path().join("m.yaml"),
        text.replace("row.about", "row.token"),
    )
    .unwrap();
    for (subject, format) in [
        ("acme-001", "text"),
        ("acme-001", "json"),
        ("cord", "text"),
        ("cord", "json"),
    ] {
        let subject = format!("account[\"{subject}\"]");
        let ended = explain(&folder, &subject, &["--format", format]).expect(0);
        assert!(ended.stdout.contains("(not shown)"), "{}", ended.stdout);
        assert!(
            !(ended.stdout + &ended.stderr).contains(CANARY),
            "{subject} {format}"
        );
    }
}
