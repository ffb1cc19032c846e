//! Broken manifests: each problem with its code and its places.

use crate::support::{read, same_verdict, told};

/// What is wrong with a manifest, as `line:column code`. The text follows `version: 1`, so its
/// first line is line 2.
#[track_caller]
pub(crate) fn check(text: &str, expected: &[&str]) {
    let (_, _, diagnostics) = read(&[("m.yaml", &format!("version: 1\n{text}"))]);
    assert_eq!(told(&diagnostics), expected, "{diagnostics:#?}");
    same_verdict(&format!("version: 1\n{text}"), &diagnostics);
    for diagnostic in diagnostics.iter() {
        let first = diagnostic.summary.chars().next().unwrap();
        assert!(
            !first.is_uppercase(),
            "{:?} starts with a capital",
            diagnostic.summary
        );
        assert!(
            !diagnostic.summary.ends_with('.'),
            "{:?} ends with a dot",
            diagnostic.summary
        );
    }
}

/// The same inside of one account; its entries start in column 5, from line 4 on.
#[track_caller]
pub(crate) fn account(text: &str, expected: &[&str]) {
    let lines: String = text.lines().map(|line| format!("    {line}\n")).collect();
    check(&format!("accounts:\n  - id: a\n{lines}"), expected);
}

/// The same inside of one connector; its entries start in column 9, from line 6 on.
#[track_caller]
pub(crate) fn connector(text: &str, expected: &[&str]) {
    let lines: String = text.lines().map(|line| format!("    {line}\n")).collect();
    account(&format!("connectors:\n  - connector: X\n{lines}"), expected);
}

/// The same inside of one template.
#[track_caller]
fn template(text: &str, expected: &[&str]) {
    let lines: String = text.lines().map(|line| format!("    {line}\n")).collect();
    account(&format!("templates:\n  - template: X\n{lines}"), expected);
}

#[test]
fn files() {
    for (text, expected) in [
        ("", "1:1 empty-file"),
        ("# only a comment\n", "2:1 empty-file"),
        ("- a\n", "1:1 wrong-type"),
        ("text\n", "1:1 wrong-type"),
        ("accounts: []\n", "1:1 missing-key"),
        ("version: 2\n", "1:10 unknown-version"),
        ("version: \"1\"\n", "1:10 wrong-type"),
        ("version: 1\n---\nversion: 1\n", "2:1 several-documents"),
        ("version: 1\nversion: 1\n", "2:1 1:1 duplicate-key"),
        ("version: 1\n? [a]\n: b\n", "2:3 key-not-text"),
        ("version: 1\naccounts: *x\n", "2:11 yaml-syntax"),
        ("version: !int 1\n", "1:10 tag"),
        (
            "version: 1\nprofiles: { a: { <<: { name: x } } }\n",
            "2:18 merge-key",
        ),
        (
            "version: 1\nprofiles: { a: &x { labels: { b: *x } } }\n",
            "2:34 unknown-anchor",
        ),
        ("version: 1\naccounts: [\n", "2:12 yaml-syntax"),
        ("version: 1\naccounts: 7\n", "2:11 wrong-type"),
        ("version: 1\ndefaults:\nprofiles: []\n", "2:1 wrong-type"),
    ] {
        let (_, _, diagnostics) = read(&[("m.yaml", text)]);
        same_verdict(text, &diagnostics);
        assert!(
            told(&diagnostics).contains(&expected.to_owned()),
            "{text:?}: {:?}",
            told(&diagnostics)
        );
    }
}

#[test]
fn sections() {
    check("acounts: []\n", &["2:1 unknown-key"]);
    check("accounts: {}\n", &["2:11 wrong-type"]);
    check("profiles: []\n", &["2:11 wrong-type"]);
    check(
        "accounts:\n  - id: a\n  - id: a\n",
        &["4:9 3:9 duplicate-account"],
    );
    check(
        "accounts:\n  - id: a\n  - id: A\n",
        &["4:9 3:9 account-case"],
    );
    check("accounts:\n  - {}\n", &["3:5 missing-key"]);
    check("accounts:\n  - id: 7\n", &["3:9 wrong-type"]);
    check("accounts:\n  - id: ''\n", &["3:9 bad-name"]);
    check("accounts:\n  - id: ' a'\n", &["3:9 bad-name"]);
    check("accounts:\n  - id: ..\n", &["3:9 bad-name"]);
    check("accounts:\n  - id: \"{{ x }}\"\n", &["3:9 bad-name"]);
    check("accounts:\n  - id: ünal\n", &["3:9 bad-name"]);
}

#[test]
fn accounts() {
    account("name: 7", &["4:11 wrong-type"]);
    account("name: ''", &["4:11 bad-name"]);
    account("nmae: x", &["4:5 unknown-key"]);
    account("profile: x", &["4:14 unknown-profile"]);
    account("timezone: Mars/Base", &["4:15 unknown-timezone"]);
    account("state: gone", &["4:12 wrong-type"]);
    account("parent: a", &["4:13 own-parent"]);
    account("parent: Gangplank-Lease", &["4:13 reserved-account"]);
    account("next_bill_date_utc: soon", &["4:25 bad-time"]);
    account(
        "step_data_success_retention_hours: -1",
        &["4:40 wrong-number"],
    );
    account(
        "step_data_errored_retention_hours: 1.5",
        &["4:40 wrong-number"],
    );
    account(
        "step_data_errored_retention_hours: '1'",
        &["4:40 wrong-type"],
    );
    account(
        "transaction_error_webhook_enabled: true",
        &["4:40 webhook-without-url"],
    );
    account("transaction_error_webhook_url: ' '", &["4:36 bad-url"]);
    account("labels: [a]", &["4:13 wrong-type"]);
    account("labels: { a: [b] }", &["4:18 wrong-type"]);
    account(
        "description: \"{{ account.nope }}\"",
        &["4:19 bad-expression"],
    );
    account(
        "description: \"a {{ account.id }} {{ instance.name }}\"",
        &["4:38 bad-expression"],
    );
    account("connectors: {}", &["4:17 wrong-type"]);
    account("connectors:\n  - name: x", &["5:9 missing-key"]);
    account(
        "connectors:\n  - {connector: x}\n  - {connector: X}",
        &["6:9 5:9 duplicate-name"],
    );
    account("templates:\n  - {name: x}", &["5:9 missing-key"]);
    account("templates:\n  - {template: {tag: a}}", &["5:9 missing-key"]);
    account(
        "templates:\n  - {template: {tag: a, id: b}, name: x}",
        &["5:20 template-choice"],
    );
}

#[test]
fn connectors() {
    connector("version: 2.1", &["6:18 wrong-type"]);
    connector("partner: maybe", &["6:18 wrong-type"]);
    connector("partner: 'true'", &["6:18 wrong-type"]);
    connector("auth: s3cret", &["6:15 literal-secret"]);
    connector("auth: [oauth2]", &["6:15 literal-secret"]);
    connector("auth: { api_key: s3cret }", &["6:26 literal-secret"]);
    connector("auth: { api_key: 12345 }", &["6:26 literal-secret"]);
    connector("auth: { api_key: }", &["6:17 literal-secret"]);
    connector("auth: { api_kye: { env: X } }", &["6:17 unknown-key"]);
    connector(
        "auth: { api_key: { value: s3cret } }",
        &["6:28 unknown-key"],
    );
    connector(
        "auth: { api_key: { env: X, file: y } }",
        &["6:26 secret-reference"],
    );
    connector("auth: { api_key: {} }", &["6:26 secret-reference"]);
    connector("auth: { api_key: { env: 'a=b' } }", &["6:33 bad-reference"]);
    connector("auth: { api_key: { file: ../x } }", &["6:34 bad-reference"]);
    for key in [
        "Qz7LkW2mXv9RtY4bNc8Ds1Hg6Jp3Fe5A",
        "AKIA2026QXWRTYNBCDHG",
        "K_abcdefghijklmno7",
    ] {
        for (reference, place) in [("env", "6:33"), ("file", "6:34")] {
            connector(
                &format!("auth: {{ api_key: {{ {reference}: {key} }} }}"),
                &[&format!("{place} bad-reference")],
            );
        }
    }
    connector("auth: { api_key: { env: HARBOURAPIKEY2026 } }", &[]);
    connector(
        "auth: { api_key: { env: correct-horse } }",
        &["6:33 bad-reference"],
    );
    connector("properties: { ClientSecret: x }", &["6:37 literal-secret"]);
    connector("properties: { password: 7 }", &["6:33 literal-secret"]);
    connector("properties: { Password: '' }", &[]);
    connector("properties: { Password: { env: X } }", &[]);
    connector("properties: { Access Token: x }", &["6:37 maybe-secret"]);
    connector(
        "auth: { fields: { Client Secret: x } }",
        &["6:42 literal-secret"],
    );
    connector("auth: { basic: { username: u } }", &["6:24 missing-key"]);
    connector("auth: {}", &["6:15 auth-form"]);
    connector(
        "auth: { oauth2_client: { client_id: a, client_secret: { env: B } } }\nproperties: { ClientId: c }",
        &["7:23 6:15 property-twice"],
    );
    connector(
        "auth: { oauth2: { access_token: { env: A }, expires: soon } }",
        &["6:62 bad-time"],
    );
}

#[test]
fn templates() {
    template("run: often", &["6:14 run-form"]);
    template("run: {}", &["6:14 run-form"]);
    template("run: { once: false }", &["6:14 run-form"]);
    template("run: { every: 20m }", &["6:23 bad-interval"]);
    template("run: { every: 60 }", &["6:23 bad-interval"]);
    template("run: { every: 1h, start: soon }", &["6:34 bad-time"]);
    template("run: { every: 1h, once: true }", &["6:14 run-form"]);
    template(
        "parameters: { S: { P: { ignore: false } } }",
        &["6:31 mapping-form"],
    );
    template("parameters: { S: [] }", &["6:26 wrong-type"]);
    template("mappings: { S: { F: } }", &["6:26 wrong-type"]);
    template("variables: { v: [] }", &["6:25 wrong-type"]);
    template("name: run=1h", &["6:15 bad-name"]);
    template("run: { start: 2026-01-01 }", &["6:14 run-form"]);
    template("run: { every: 7m }", &["6:23 bad-interval"]);
    template(
        "mappings: { S: { F: { value: x } } }",
        &["6:29 mapping-form"],
    );
}

#[test]
fn instances() {
    let ids = "client_id: a, client_secret: { env: S }";
    for (text, expected) in [
        (
            "{ region: eu }".to_owned(),
            &["3:6 missing-key", "3:6 missing-key"][..],
        ),
        (format!("{{ {ids} }}"), &["3:3 no-region"]),
        (
            format!("{{ region: mars, {ids} }}"),
            &["3:16 unknown-region"],
        ),
        (
            format!("{{ region: eu, api_url: https://x, {ids} }}"),
            &["3:29 3:16 region-and-url"],
        ),
        (
            format!("{{ api_url: http://x.test, {ids} }}"),
            &["3:17 bad-api-url"],
        ),
        (
            format!("{{ region: eu, marks: maybe, {ids} }}"),
            &["3:27 wrong-type"],
        ),
        (
            "{ region: eu, client_id: a, client_secret: s3cret }".to_owned(),
            &["3:49 literal-secret"],
        ),
    ] {
        check(&format!("instances:\n  x: {text}\n"), expected);
    }
    let ids_only = format!("  y: {{ {ids} }}\n");
    check(
        &format!("instances:\n  x: {{ default: true, region: eu, {ids} }}\n{ids_only}"),
        &["4:3 no-region"],
    );
    let two = format!("  x: {{ region: eu, {ids} }}\n  y: {{ region: us, {ids} }}\n");
    check(&format!("instances:\n{two}"), &["3:3 4:3 which-instance"]);
    let both = two.replace("region", "default: true, region");
    check(&format!("instances:\n{both}"), &["4:3 3:3 two-defaults"]);
}

#[test]
fn circles() {
    check(
        "profiles:\n  a: { extends: b }\n  b: { extends: c }\n  c: { extends: b }\n",
        &["4:17 5:17 profile-circle"],
    );
    check(
        "accounts:\n  - { id: a, parent: b }\n  - { id: b, parent: a }\n",
        &["3:22 parent-circle"],
    );
}

#[test]
fn a_profile_that_nobody_uses_is_checked_too() {
    check(
        "profiles:\n  p:\n    timezone: Mars/Base\n    name: \"{{ account.labels.x }}\"\n",
        &["4:15 unknown-timezone"],
    );
}

#[test]
fn a_problem_of_a_profile_is_told_once() {
    let accounts: String = (0..50)
        .map(|n| format!("  - {{ id: a{n}, profile: p }}\n"))
        .collect();
    check(
        &format!("profiles:\n  p: {{ timezone: Mars/Base }}\naccounts:\n{accounts}"),
        &["3:18 unknown-timezone"],
    );
}

#[test]
fn a_file_that_is_given_twice_is_read_once() {
    let text = "version: 1\naccounts: [{ id: a, name: A }]\n";
    for (first, second) in [("m.yaml", "m.yaml"), ("-", "-"), ("m.yaml", "./m.yaml")] {
        let (_, desired, diagnostics) = read(&[(first, text), (second, text)]);
        assert_eq!(told(&diagnostics), [" file-twice"]);
        assert_eq!(desired.accounts.len(), 1);
    }
}

#[test]
fn files_that_disagree_are_both_named() {
    let first = "version: 1\nprofiles: { p: {} }\naccounts: [{ id: a }]\ndefaults: { name: x }\n";
    let second = "version: 1\ndefaults: { name: y }\nprofiles: { p: {} }\naccounts: [{ id: a }]\n";
    let (_, _, diagnostics) = read(&[("1.yaml", first), ("2.yaml", second)]);
    let places: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| {
            let labels = diagnostic
                .labels
                .iter()
                .map(|label| label.origin.to_string());
            labels.collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert_eq!(
        places,
        [
            "2.yaml:2:13 1.yaml:4:13",
            "2.yaml:3:13 1.yaml:2:13",
            "2.yaml:4:18 1.yaml:3:18"
        ]
    );
}

#[test]
fn former_names() {
    connector("moved: Old", &["6:16 wrong-type"]);
    connector("moved: { from: [] }", &["6:24 wrong-type"]);
    connector("moved: {}", &["6:16 missing-key"]);
    connector(
        "moved: { to: Y }",
        &["6:16 missing-key", "6:18 unknown-key"],
    );
    connector("moved: { from: 7 }", &["6:24 wrong-type"]);
    connector("moved: { from: ' Y' }", &["6:24 bad-name"]);
    connector("moved: { from: X }", &["6:24 moved-from-itself"]);
    template("moved: { from: [Y, X] }", &["6:28 moved-from-itself"]);
    template("moved: { from: [Y, Y] }", &["6:28 6:25 moved-twice"]);
    account("moved: { from: old }", &["4:5 unknown-key"]);
    template("protect: yes", &["6:18 wrong-type"]);
    account("protect: on", &["4:14 wrong-type"]);
    account("exclusive: 1", &["4:16 wrong-type"]);
    template("name: moved=x", &["6:15 bad-name"]);
    account(
        "connectors:\n\
         - { connector: A, name: B, moved: { from: A } }\n\
         - { connector: A, name: C, moved: { from: A } }",
        &["6:47 5:47 moved-twice"],
    );
    // The other one stays, or goes.
    account(
        "connectors:\n\
         - { connector: A, name: B, moved: { from: A } }\n\
         - { connector: A }",
        &["5:47 6:7 moved-away"],
    );
    account(
        "templates:\n\
         - { template: A, name: B, moved: { from: A } }\n\
         - { template: A, moved: { from: B }, state: absent }",
        &["5:46 6:7 moved-away", "6:37 5:7 moved-away"],
    );
}
