//! Broken manifests: a clear message with its position, exit 5, and nothing sent.

use crate::support::{Bench, scene};

/// How far a check goes before it can see the fault.
#[derive(Clone, Copy, PartialEq)]
enum Sees {
    /// The text alone shows it: no call at all.
    Text,
    /// What the instance offers shows it: reads, but no write.
    Instance,
}

#[track_caller]
fn refuse(bench: &Bench, sees: Sees, place: &str, texts: &[&str]) {
    let ended = bench
        .run(&["apply", "--auto-approve", "manifest.yaml"])
        .expect(5);
    for text in [place].iter().chain(texts) {
        assert!(
            ended.stderr.contains(text),
            "no {text:?} in\n{}",
            ended.stderr
        );
    }
    assert_eq!(ended.stdout, "", "a result was printed");
    let requests = bench.ledger().requests;
    match sees {
        Sees::Text => assert_eq!(requests.len(), 0, "something was sent"),
        Sees::Instance => assert!(
            requests.iter().all(|request| !request.write),
            "a write was sent"
        ),
    }
}

/// Breaks the scene in one place. `at` is the text at which the message has to point, after the
/// change; its line and column are found here, not by the program under test.
#[track_caller]
fn check(sees: Sees, from: &str, to: &str, at: &str, texts: &[&str]) {
    let bench = scene::bench();
    scene::edit(&bench, from, to);
    let text = std::fs::read_to_string(bench.folder.path().join("manifest.yaml")).unwrap();
    let start = text.find(to).unwrap();
    let offset = start + text[start..].find(at).unwrap();
    let line = text[..offset].matches('\n').count() + 1;
    let column = text[..offset].rsplit('\n').next().unwrap().chars().count() + 1;
    refuse(
        &bench,
        sees,
        &format!("manifest.yaml:{line}:{column}"),
        texts,
    );
}

#[test]
fn bad_indentation() {
    check(
        Sees::Text,
        "    name: Acme Ltd",
        "   name: Acme Ltd",
        "name",
        &[],
    );
}

#[test]
fn a_tab() {
    check(
        Sees::Text,
        "    name: Acme Ltd",
        "\tname: Acme Ltd",
        "\t",
        &["tab"],
    );
}

#[test]
fn a_wrong_type() {
    check(
        Sees::Text,
        "partner: true",
        "partner: maybe",
        "maybe",
        &["true", "false"],
    );
}

#[test]
fn an_unknown_key() {
    check(
        Sees::Text,
        "description: first",
        "descripton: first",
        "descripton",
        &["description"],
    );
}

#[test]
fn a_missing_key() {
    check(
        Sees::Text,
        "  - id: acme-001\n    name",
        "  - name",
        "name",
        &["id"],
    );
}

#[test]
fn an_unknown_profile() {
    let with = "name: Acme Ltd\n    profile: standrad";
    check(Sees::Text, "name: Acme Ltd", with, "standrad", &["profile"]);
}

#[test]
fn profiles_that_extend_each_other() {
    let bench = scene::bench();
    let profiles = "profiles:\n  a: { extends: b }\n  b: { extends: a }\n";
    bench.manifest(&format!("{profiles}{}", scene::MANIFEST));
    refuse(&bench, Sees::Text, "manifest.yaml:8:", &["a", "b"]);
}

#[test]
fn an_unknown_connector() {
    check(
        Sees::Instance,
        "connector: Pipedrive",
        "connector: Pipedriv",
        "Pipedriv",
        &["Pipedrive"],
    );
}

#[test]
fn an_ambiguous_connector_version() {
    let (connector, versions) = ("Salesforce", ["v1", "v2"]);
    let mut bench = Bench::with(gangplank_sandbox::SandboxOptions {
        world: gangplank_sandbox::World::from_yaml(&format!(
            "Partner: {{ ServiceDomain: x.test, Credentials: [{{ ClientId: demo, ClientSecret: demo-secret }}] }}\n\
             Connectors:\n  \
             - {{ Name: {connector}, Version: {}, Authentication: [{{ AuthName: Key, AuthType: ApiKey }}] }}\n  \
             - {{ Name: {connector}, Version: {}, Authentication: [{{ AuthName: Key, AuthType: ApiKey }}] }}\n",
            versions[0], versions[1]
        ))
        .unwrap(),
        ..gangplank_sandbox::SandboxOptions::default()
    });
    bench.set("KEY", "value");
    let text = format!(
        "accounts:\n  - id: a\n    name: A\n    connectors:\n      - connector: {connector}\n        \
         auth: {{ api_key: {{ env: KEY }} }}\n"
    );
    bench.manifest(&text);
    refuse(
        &bench,
        Sees::Instance,
        "manifest.yaml:",
        &[connector, versions[0], versions[1], "version"],
    );
}

#[test]
fn an_unknown_template() {
    check(
        Sees::Instance,
        "template: Harbour CRM > Mailchimp",
        "template: Harbour CRM > Mailchip",
        "Harbour CRM > Mailchip",
        &["Harbour CRM > Mailchimp"],
    );
}

#[test]
fn a_property_that_the_connector_does_not_have() {
    check(
        Sees::Instance,
        "properties: { Region: eu, Subdomain: acme }",
        "properties: { Subdomian: acme }",
        "Subdomian",
        &["Subdomain"],
    );
}

#[test]
fn an_authentication_that_the_connector_does_not_offer() {
    check(
        Sees::Instance,
        "auth: { api_key: { env: PIPEDRIVE_KEY } }",
        "auth: oauth1",
        "oauth1",
        &["Pipedrive", "API"],
    );
}

#[test]
fn a_missing_environment_variable() {
    let mut bench = scene::bench();
    bench.variables.remove("HARBOUR_KEY");
    bench.variables.remove("FRESHDESK_PASSWORD");
    bench.set("PIPEDRIVE_KEY", "");
    refuse(
        &bench,
        Sees::Text,
        "manifest.yaml:",
        &["HARBOUR_KEY", "FRESHDESK_PASSWORD", "PIPEDRIVE_KEY"],
    );
}

#[test]
fn a_literal_secret() {
    check(
        Sees::Text,
        "{ env: HARBOUR_KEY }",
        "abc123",
        "abc123",
        &["env"],
    );
}

#[test]
fn a_duplicate_account() {
    let bench = scene::bench();
    let second = "  - { id: acme-001, name: Acme again }\n";
    bench.manifest(&format!("{}{second}", scene::MANIFEST));
    refuse(
        &bench,
        Sees::Text,
        "manifest.yaml:",
        &["acme-001", "manifest.yaml:10:"],
    );
}

#[test]
fn a_duplicate_key() {
    check(
        Sees::Text,
        "name: Bolt GmbH",
        "name: Bolt GmbH\n    name: Bolt AG",
        "name: Bolt AG",
        &["name"],
    );
}

#[test]
fn two_connectors_of_one_name() {
    let twice = "connector: Mailchimp\n        auth: oauth2\n      - connector: Mailchimp";
    check(
        Sees::Text,
        "connector: Mailchimp",
        twice,
        "connector: Mailchimp\n        auth",
        &["name:"],
    );
}

#[test]
fn a_bad_timezone() {
    check(
        Sees::Text,
        "Europe/London",
        "Europe/Lodnon",
        "Europe/Lodnon",
        &["Europe/London"],
    );
}

#[test]
fn a_bad_interval() {
    check(
        Sees::Text,
        "every: 15m",
        "every: 20m",
        "20m",
        &["15m", "30m"],
    );
}

#[test]
fn a_negative_retention() {
    let with = "name: Acme Ltd\n    step_data_success_retention_hours: -1";
    check(Sees::Text, "name: Acme Ltd", with, "-1", &["0"]);
}

#[test]
fn a_bad_expression() {
    check(
        Sees::Text,
        "name: Acme Ltd",
        "name: \"{{ account.nmae }}\"",
        "{{ account.nmae",
        &["account"],
    );
}

#[test]
fn two_files_that_disagree() {
    let bench = scene::bench();
    bench.write(
        "other.yaml",
        "version: 1\naccounts:\n  - id: acme-001\n    name: Other\n",
    );
    let ended = bench
        .run(&["apply", "--auto-approve", "manifest.yaml", "other.yaml"])
        .expect(5);
    for text in ["acme-001", "manifest.yaml:10:", "other.yaml:3:"] {
        assert!(
            ended.stderr.contains(text),
            "no {text:?} in\n{}",
            ended.stderr
        );
    }
    assert_eq!(bench.ledger().requests.len(), 0);
}

#[test]
fn a_file_that_is_not_there() {
    let bench = scene::bench();
    let ended = bench
        .run(&["plan", "manifest.yaml", "missing.yaml"])
        .expect(5);
    assert!(ended.stderr.contains("missing.yaml"), "{}", ended.stderr);
}

/// A reference that holds the secret itself, and a property that is one by its name.
#[test]
fn secrets_in_the_wrong_place_are_not_repeated() {
    let key = "Qz7LkW2mXv9RtY4bNc8Ds1Hg6Jp3Fe5A";
    for (from, to) in [
        ("{ env: HARBOUR_KEY }", format!("{{ env: {key} }}")),
        ("{ env: HARBOUR_KEY }", format!("{{ file: {key} }}")),
        (
            "properties: { Region: eu, Subdomain: acme }",
            format!("properties: {{ ClientSecret: {key} }}"),
        ),
    ] {
        let bench = scene::bench();
        scene::edit(&bench, from, &to);
        let ended = bench
            .run(&["apply", "--auto-approve", "manifest.yaml"])
            .expect(5);
        assert!(!ended.stderr.contains(&key[..8]), "{}", ended.stderr);
        assert!(ended.stderr.contains("env: NAME") || ended.stderr.contains("write the"));
        assert_eq!(bench.ledger().requests.len(), 0);
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let bench = scene::bench();
    let text = scene::MANIFEST
        .replace("Europe/London", "Mars/Base")
        .replace("every: 15m", "every: 20m")
        .replace("partner: true", "partner: maybe")
        .replace("description: first", "descripton: first");
    bench.manifest(&text);
    refuse(
        &bench,
        Sees::Text,
        "manifest.yaml:",
        &["Mars/Base", "20m", "maybe", "descripton"],
    );
}
