//! Names and ids that a person would take for one another.

use crate::support::{desired, read, read_rosters, told};
use gangplank_model::Severity;
use std::fmt::Write as _;
use std::sync::Arc;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (_, _, diagnostics) = read(&[("m.yaml", &format!("version: 1\n{text}"))]);
    assert_eq!(told(&diagnostics), expected, "{diagnostics:#?}");
}

#[test]
fn ids_that_look_alike() {
    for (other, expected) in [
        ("acme-02", None),
        ("acme_01", None),
        ("acme-01", Some("duplicate-account")),
        ("ACME-01", Some("account-case")),
        ("acme -01", Some("account-blanks")),
        ("acme-O1", Some("look-alike")),
        ("acme-0l", Some("look-alike")),
    ] {
        let text = format!("accounts:\n  - id: acme-01\n  - id: {other}\n");
        let expected = expected.map(|code| format!("4:9 3:9 {code}"));
        let expected: Vec<&str> = expected.as_deref().into_iter().collect();
        check(&text, &expected);
    }
}

#[test]
fn blanks_do_not_hide_case() {
    for (ids, expected) in [
        (
            ["acme 1", "acme1", "ACME1"],
            ["4:9 3:9 account-blanks", "5:9 4:9 account-case"],
        ),
        (
            ["acme1", "acme 1", "ACME 1"],
            ["4:9 3:9 account-blanks", "5:9 4:9 account-case"],
        ),
        (
            ["acme 1", "acme1", "ACME 1"],
            ["4:9 3:9 account-blanks", "5:9 3:9 account-case"],
        ),
        (
            ["acme 1", "acme1", "acme1"],
            ["4:9 3:9 account-blanks", "5:9 4:9 duplicate-account"],
        ),
        (
            ["a c m e", "ac me", "acme"],
            ["4:9 3:9 account-blanks", "5:9 3:9 account-blanks"],
        ),
    ] {
        let [one, two, three] = ids;
        check(
            &format!("accounts:\n  - id: {one}\n  - id: {two}\n  - id: {three}\n"),
            &expected,
        );
        let manifest =
            "version: 1\nrosters:\n  - { from: c.csv, account: { id: \"{{ row.id }}\" } }\n";
        let rows = format!("id\n{one}\n{two}\n{three}\n");
        let (_, _, diagnostics) = read_rosters(manifest, &[("c.csv", rows.as_bytes())]);
        let codes: Vec<&str> = diagnostics.iter().map(|it| it.code).collect();
        let expected = expected.map(|told| told.rsplit(' ').next().unwrap());
        assert_eq!(codes, expected, "{ids:?}");
    }
}

#[test]
fn ids_of_yaml_and_rosters_are_compared_with_each_other() {
    let manifest = "version: 1\naccounts: [{ id: acme-01 }]\nrosters:\n  \
                    - { from: c.csv, account: { id: \"{{ row.id }}\" } }\n  \
                    - { from: d.csv, account: { id: \"{{ row.id }}\" } }\n";
    let files: [(&str, &[u8]); 2] = [("c.csv", b"id\nacme-O1\nb\n"), ("d.csv", b"id\nB\nb2\n")];
    let (_, _, diagnostics) = read_rosters(manifest, &files);
    let told: Vec<String> = diagnostics
        .iter()
        .map(|it| {
            let places = it.labels.iter().map(|label| label.origin.to_string());
            format!("{} {}", places.collect::<Vec<_>>().join(" "), it.code)
        })
        .collect();
    assert_eq!(
        told,
        [
            "c.csv:2:1 m.yaml:2:18 look-alike",
            "d.csv:2:1 c.csv:3:1 account-case"
        ]
    );
}

#[test]
fn names_in_an_account_and_of_profiles() {
    for (list, key) in [("connectors", "connector"), ("templates", "template")] {
        for (other, expected) in [
            ("HubSpot 2", None),
            ("hubspot", Some("duplicate-name")),
            ("Hub\u{405}pot", Some("look-alike")),
            ("\u{ff28}ubSpot", Some("look-alike")),
        ] {
            let text = format!(
                "accounts:\n  - id: a\n    {list}:\n      - {key}: HubSpot\n      - {key}: \"{other}\"\n"
            );
            let expected = expected.map(|code| format!("6:9 5:9 {code}"));
            let expected: Vec<&str> = expected.as_deref().into_iter().collect();
            check(&text, &expected);
        }
    }
    let spaced =
        "accounts: [{ id: a, connectors: [{ connector: A b }, { connector: \"A  b\" }] }]\n";
    check(spaced, &["2:54 2:34 look-alike"]);
    check(
        "profiles:\n  gold: {}\n  Gold: {}\n  g0ld: {}\n",
        &["4:3 3:3 look-alike"],
    );
}

#[test]
fn a_look_alike_is_a_warning() {
    let text = "version: 1\naccounts: [{ id: a1 }, { id: al }]\n";
    let (_, desired, diagnostics) = read(&[("m.yaml", text)]);
    let severities: Vec<Severity> = diagnostics.iter().map(|it| it.severity).collect();
    assert_eq!(severities, [Severity::Warning]);
    assert_eq!(desired.accounts.len(), 2);
}

/// What a plan keeps of an account does not grow with what its profile says.
#[test]
fn accounts_share_what_their_profile_says_of_all_of_them() {
    let mut text = "version: 1\ndefaults: { profile: p, labels: { tier: gold } }\nprofiles:\n  p:\n    connectors:\n      \
                    - connector: Fixed\n        properties: { A: b }\n      \
                    - { connector: Own, properties: { A: \"{{ account.id }}\" } }\n    \
                    templates: [{ template: T, run: { every: 1h } }]\naccounts:\n"
        .to_owned();
    for n in 2..100 {
        writeln!(text, "  - id: a{n}{n}").unwrap();
    }
    text += "  - { id: b, connectors: [{ connector: Fixed, description: mine }] }\n";
    let desired = desired(&text);
    let [first, .., last] = desired.accounts.as_slice() else {
        unreachable!()
    };
    let plain = &desired.accounts[..desired.accounts.len() - 1];
    assert!(
        plain
            .iter()
            .all(|it| Arc::ptr_eq(&it.connectors[0], &first.connectors[0]))
    );
    assert!(
        desired
            .accounts
            .iter()
            .all(|it| Arc::ptr_eq(&it.templates[0], &first.templates[0]))
    );
    assert!(
        desired
            .accounts
            .iter()
            .all(|it| Arc::ptr_eq(&it.labels, &first.labels))
    );
    assert!(!Arc::ptr_eq(&first.connectors[1], &plain[1].connectors[1]));
    assert_eq!(
        last.connectors[0].description.as_ref().unwrap().value,
        "mine"
    );
}
