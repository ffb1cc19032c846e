//! Lints: each where it is meant to be told, and silent where the same thing is right.

use crate::support::{read, told};
use gangplank_model::{Chosen, Levels, code::Level};
use std::fmt::Write as _;

/// What lints say of a manifest; those that are allowed by default too. The text follows `version: 1`.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let (manifest, _, _) = read(&[("m.yaml", &format!("version: 1\n{text}"))]);
    let levels = Levels::new(vec![(Chosen::All, Level::Warn)]);
    let found = manifest.lints(&levels);
    let mut found = told(&found);
    found.retain(|it| !it.ends_with(" unpinned-version"));
    assert_eq!(found, expected, "{text}");
}

#[test]
fn profiles() {
    let account = "accounts: [{ id: a, name: A, profile: p }]\n";
    check(
        &format!("profiles:\n  p: {{}}\n  q: {{}}\n{account}"),
        &["4:3 unused-profile"],
    );
    check(
        &format!("profiles:\n  p: {{ extends: q }}\n  q: {{}}\n{account}"),
        &[],
    );
    // What only an unused one extends goes with it.
    check(
        &format!("profiles:\n  p: {{}}\n  q: {{ extends: r }}\n  r: {{}}\n{account}"),
        &["4:3 unused-profile"],
    );
    check("profiles:\n  p: {}\n", &[]);
    check(
        "defaults: { profile: p }\nprofiles:\n  p: {}\naccounts: [{ id: a }]\n",
        &[],
    );
}

#[test]
fn accounts() {
    let profiles = "profiles:\n  p: {}\n";
    let rest = "  - { id: b, name: B, profile: p }\n";
    check(
        &format!("{profiles}accounts:\n  - {{ id: a, name: A }}\n{rest}"),
        &["5:11 empty-account"],
    );
    for fine in [
        "{ id: a, name: A, connectors: [] }",
        "{ id: a, name: A, parent: b }",
        "{ id: a, name: A, state: absent }",
    ] {
        check(&format!("{profiles}accounts:\n  - {fine}\n{rest}"), &[]);
    }
    check("accounts:\n  - { id: a, name: A }\n", &[]);
    check(
        "accounts:\n  - { id: a, name: A }\n  - { id: b, name: A }\n",
        &["4:20 3:20 same-name"],
    );
    for fine in ["\"{{ account.id }}\"", "A, state: absent"] {
        check(
            &format!("accounts:\n  - {{ id: a, name: {fine} }}\n  - {{ id: b, name: {fine} }}\n"),
            &[],
        );
    }
}

/// A connector in a profile of two accounts.
fn shared(connector: &str) -> String {
    format!(
        "profiles:\n  p:\n    connectors:\n      - {connector}\n\
         accounts: [{{ id: a, profile: p }}, {{ id: b, profile: p }}]\n"
    )
}

#[test]
fn credentials() {
    check(
        &shared("{ connector: X, auth: { api_key: { env: K } } }"),
        &["5:49 shared-credential"],
    );
    check(
        &shared("{ connector: X, auth: { basic: { username: u, password: { file: f } } } }"),
        &["5:73 shared-credential"],
    );
    for fine in [
        "{ connector: X, auth: { api_key: { env: \"K_{{ account.id }}\" } } }",
        "{ connector: X, partner: true, auth: { api_key: { env: K } } }",
        "{ connector: X, auth: oauth2 }",
        "{ connector: X, auth: { oauth2_client: { client_id: a, client_secret: { env: K } } } }",
    ] {
        check(&shared(fine), &[]);
    }
    let account = |id: &str, key: &str| {
        format!(
            "  - {{ id: {id}, connectors: [{{ connector: X, auth: {{ api_key: {{ env: {key} }} }} }}] }}\n"
        )
    };
    check(
        &format!("accounts:\n{}{}", account("a", "K"), account("b", "K")),
        &["4:67 3:67 shared-credential"],
    );
    check(
        &format!("accounts:\n{}{}", account("a", "K"), account("b", "L")),
        &[],
    );
    // A roster is many accounts.
    check(
        "rosters:\n  - from: \"*.csv\"\n    empty: allow\n    account:\n      id: \"{{ row.id }}\"\n      \
         connectors: [{ connector: X, auth: { api_key: { env: K } } }]\n",
        &[],
    );
}

#[test]
fn connectors_and_templates() {
    let two = |more: &str| {
        format!(
            "accounts:\n  - id: a\n    connectors:\n      \
             - {{ connector: X, auth: {{ api_key: {{ env: K }} }}, properties: {{ P: q }} }}\n      \
             - {{ connector: X, name: Y, {more} }}\n"
        )
    };
    check(
        &two("auth: { api_key: { env: K } }, properties: { P: q }"),
        &["6:9 5:9 twin-connector"],
    );
    for fine in [
        "auth: { api_key: { env: K } }, properties: { P: r }",
        "auth: { api_key: { env: L } }, properties: { P: q }",
        "version: '2', auth: { api_key: { env: K } }, properties: { P: q }",
        "auth: oauth2, properties: { P: q }",
    ] {
        check(&two(fine), &[]);
    }
    let template = |entry: &str| format!("accounts:\n  - {{ id: a, templates: [{entry}] }}\n");
    check(&template("{ template: T }"), &["3:38 never-run"]);
    for fine in [
        "{ template: T, run: paused }",
        "{ template: T, state: absent }",
    ] {
        check(&template(fine), &[]);
    }
    // The profile says it.
    check(
        "profiles:\n  p: { templates: [{ template: T, run: paused }] }\n\
         accounts:\n  - { id: a, profile: p, templates: [{ template: T, variables: { v: x } }] }\n",
        &[],
    );
}

/// Each entry is compared with its like alone: with all the earlier ones this would take minutes.
#[test]
fn very_many_installations_of_one_connector_are_compared() {
    let mut text = "accounts:\n  - id: a\n    connectors:\n".to_owned();
    let many = 10_000;
    for number in 0..many {
        writeln!(
            text,
            "      - {{ connector: X, version: '1', name: N{number}, auth: {{ api_key: {{ env: K{number} }} }} }}"
        )
        .unwrap();
    }
    let twin = |name| {
        format!(
            "- {{ connector: X, version: '1', name: {name}, auth: {{ api_key: {{ env: K7 }} }} }}\n"
        )
    };
    let (one, two) = (twin("Y"), twin("N7"));
    write!(text, "      {one}      {two}").unwrap();
    let (last, first) = (many + 5, 7 + 5);
    check(
        &text,
        &[
            &format!("{last}:9 {first}:9 twin-connector"),
            &format!("{}:9 {last}:9 twin-connector", last + 1),
        ],
    );
}

#[test]
fn nothing_is_said_of_what_could_not_be_read() {
    check(
        "profiles:\n  p: {}\naccounts:\n  - { id: a, name: A, nmae: B }\n",
        &[],
    );
}

#[test]
fn many_of_a_kind_are_counted() {
    let accounts: String = (0..300)
        .map(|n| format!("  - {{ id: a{n}, name: A }}\n"))
        .collect();
    let (manifest, _, _) = read(&[("m.yaml", &format!("version: 1\naccounts:\n{accounts}"))]);
    let found = manifest.lints(&Levels::default());
    assert_eq!(found.iter().count(), 101);
    let more = found.iter().find(|it| it.code == "more-warnings").unwrap();
    assert!(more.summary.starts_with("199 more"), "{}", more.summary);
}

#[test]
fn a_webhook_is_encrypted() {
    for (url, expected) in [
        ("http://hooks.example/x", &["4:36 insecure-url"][..]),
        ("HTTP://hooks.example/x", &["4:36 insecure-url"]),
        ("https://hooks.example/x", &[]),
    ] {
        let text =
            format!("version: 1\naccounts:\n  - id: a\n    transaction_error_webhook_url: {url}\n");
        let (_, _, diagnostics) = read(&[("m.yaml", &text)]);
        assert_eq!(told(&diagnostics), expected, "{url}");
    }
}
