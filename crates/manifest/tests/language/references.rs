//! Broken references to secrets, and broken ways to them: each with its code and its place, and with one
//! verdict of schema and loader.

use crate::broken::{check, connector};
use crate::support::{desired, read};
use gangplank_model::SecretRef;

/// A reference in the place of an API key; its map starts in column 26 of line 6.
#[track_caller]
fn reference(text: &str, expected: &[&str]) {
    connector(&format!("auth: {{ api_key: {text} }}"), expected);
}

/// The `secrets` block, whose entries start in column 3 of line 3.
#[track_caller]
fn secrets(text: &str, expected: &[&str]) {
    check(&format!("secrets:\n{text}\n"), expected);
}

#[test]
fn paths_that_lead_out() {
    for path in [
        "..",
        "../x",
        "a/../x",
        "a/..",
        "/etc/passwd",
        "~/x",
        "c:/x",
        "''",
        "\"a\\0b\"",
        "\"a\\nb\"",
        "'..\\x'",
        "'\\x'",
    ] {
        reference(&format!("{{ file: {path} }}"), &["6:34 bad-reference"]);
        reference(
            &format!("{{ sops: {path}, key: k }}"),
            &["6:34 bad-reference"],
        );
        secrets(
            &format!("  vault: {{ ca_file: {path} }}"),
            &["3:21 bad-reference"],
        );
    }
    for path in ["a", "./a", "a/b.c", "a..b", "...", "a b"] {
        reference(&format!("{{ file: {path} }}"), &[]);
        reference(&format!("{{ sops: {path}, key: k }}"), &[]);
        secrets(&format!("  vault: {{ ca_file: {path} }}"), &[]);
    }
}

#[test]
fn references_into_a_vault() {
    for path in [
        "''",
        "kv",
        "/",
        "/kv/a",
        "kv/",
        "kv//a",
        "kv/a/",
        "kv/../a",
        "kv/.",
        "./kv",
        "kv/a b",
        "\"kv/a\\0\"",
        "\"kv/a\\nb\"",
    ] {
        reference(
            &format!("{{ vault: {path}, field: f }}"),
            &["6:35 bad-reference"],
        );
    }
    reference("{ vault: kv/a }", &["6:26 missing-key"]);
    reference("{ vault: kv/a, engine: kv2 }", &["6:26 missing-key"]);
    reference("{ field: f }", &["6:26 secret-reference"]);
    reference("{ engine: kv1 }", &["6:26 secret-reference"]);
    reference("{ vault: kv/a, field: '' }", &["6:48 bad-reference"]);
    reference("{ vault: kv/a, field: \"a\\tb\" }", &["6:48 bad-reference"]);
    reference("{ vault: kv/a, field: 7 }", &["6:48 wrong-type"]);
    reference("{ vault: [kv/a], field: f }", &["6:35 wrong-type"]);
    reference(
        "{ vault: kv/a, field: f, engine: 2 }",
        &["6:59 vault-engine"],
    );
    reference(
        "{ vault: kv/a, field: f, engine: kv3 }",
        &["6:59 vault-engine"],
    );
    reference(
        "{ vault: kv/a, field: f, env: X }",
        &["6:26 secret-reference"],
    );
    reference("{ vault: kv/a, env: X }", &["6:26 secret-reference"]);
    reference("{ vault: kv/a, feild: f }", &["6:41 unknown-key"]);
    reference("{ vault: kv/a, field: f }", &[]);
    reference(
        "{ vault: \"kv/{{ account.id }}/x\", field: f, engine: kv1 }",
        &[],
    );
}

#[test]
fn references_into_files_of_sops() {
    reference("{ sops: s.yaml }", &["6:26 missing-key"]);
    reference("{ key: k }", &["6:26 secret-reference"]);
    reference("{ sops: s.yaml, key: '' }", &["6:47 bad-reference"]);
    reference("{ sops: s.yaml, key: [k] }", &["6:47 wrong-type"]);
    reference(
        "{ sops: s.yaml, key: k, field: f }",
        &["6:26 secret-reference"],
    );
    reference("{ sops: s.yaml, file: f }", &["6:26 secret-reference"]);
    reference("{ sops: s.yaml, key: customers.a.0 }", &[]);
}

#[test]
fn commands() {
    reference("{ command: [] }", &["6:26 missing-key"]);
    reference("{ command: pass }", &["6:37 wrong-type"]);
    reference("{ command: }", &["6:28 wrong-type"]);
    reference("{ command: {} }", &["6:37 wrong-type"]);
    reference("{ command: [''] }", &["6:38 bad-reference"]);
    reference("{ command: [\"a\\0b\"] }", &["6:38 bad-reference"]);
    reference("{ command: [a, \"b\\0\"] }", &["6:41 bad-reference"]);
    reference("{ command: [a, 7] }", &["6:41 wrong-type"]);
    reference("{ command: [a, [b]] }", &["6:41 wrong-type"]);
    reference("{ command: [a], env: X }", &["6:26 secret-reference"]);
    reference("{ command: [a], timeout: 7 }", &["6:42 unknown-key"]);
    reference("{ command: [a, ''] }", &[]);
    reference("{ command: [./tools/key, \"{{ account.id }}\"] }", &[]);
}

#[test]
fn the_way_into_the_vault() {
    let auth =
        |text: &str, expected: &[&str]| secrets(&format!("  vault: {{ auth: {text} }}"), expected);
    auth("{}", &["3:18 vault-auth"]);
    auth("x", &["3:18 wrong-type"]);
    auth("{ token: s3cret }", &["3:27 literal-secret"]);
    auth(
        "{ token: { env: A }, kubernetes: { role: r } }",
        &["3:18 vault-auth"],
    );
    auth("{ tokn: { env: A } }", &["3:20 unknown-key"]);
    auth("{ token: { vault: kv/a, field: f } }", &["3:18 vault-auth"]);
    auth("{ token: { command: [a] } }", &["3:18 vault-auth"]);
    auth("{ approle: {} }", &["3:29 missing-key"]);
    auth(
        "{ approle: { role_id: r, secret_id: s3cret } }",
        &["3:54 literal-secret"],
    );
    auth("{ approle: { role_id: [r] } }", &["3:40 wrong-type"]);
    auth(
        "{ approle: { role_id: r, secret_id: { command: [a] } } }",
        &["3:18 vault-auth"],
    );
    auth("{ approle: { role_id: r, mount: '' } }", &["3:50 bad-name"]);
    auth(
        "{ approle: { role_id: r, mount: a/../b } }",
        &["3:50 bad-name"],
    );
    auth("{ kubernetes: {} }", &["3:32 missing-key"]);
    auth("{ kubernetes: { role: 7 } }", &["3:40 wrong-type"]);
    auth("{ kubernetes: { role: '' } }", &["3:40 bad-name"]);
    auth(
        "{ kubernetes: { role: r, jwt: s3cret } }",
        &["3:48 literal-secret"],
    );
    auth(
        "{ kubernetes: { role: r, mount: 'a b' } }",
        &["3:50 bad-name"],
    );
    auth(
        "{ approle: { role_id: { env: A }, secret_id: { sops: s.yaml, key: k }, mount: team/apps } }",
        &[],
    );
    auth("{ kubernetes: { role: r } }", &[]);
    for address in [
        "http://vault.test",
        "vault.test",
        "https://",
        "ftp://h",
        "https://user:pw@vault.test",
        "''",
    ] {
        secrets(
            &format!("  vault: {{ address: {address} }}"),
            &["3:21 bad-api-url"],
        );
    }
    secrets("  vault: { namespace: '' }", &["3:23 bad-name"]);
    secrets("  vault: { namespace: \"a\\nb\" }", &["3:23 bad-name"]);
    secrets("  vault: { adress: https://v.test }", &["3:12 unknown-key"]);
    secrets("  vualt: {}", &["3:3 unknown-key"]);
    secrets("  vault: https://v.test", &["3:10 wrong-type"]);
    secrets(
        "  vault:\n    address: http://127.0.0.1:8200\n    namespace: team/a\n    ca_file: ca.pem",
        &[],
    );
}

#[test]
fn what_commands_may_see() {
    for timeout in ["0", "601", "1.5", "-1", "'30'", "soon", "[]"] {
        secrets(
            &format!("  command: {{ timeout: {timeout} }}"),
            &["3:23 wrong-type"],
        );
    }
    for name in ["1A", "a-b", "A=b", "''"] {
        secrets(
            &format!("  command: {{ env: [{name}] }}"),
            &["3:20 bad-reference"],
        );
    }
    secrets("  command: { env: A }", &["3:19 wrong-type"]);
    secrets("  command: { env: [7] }", &["3:20 wrong-type"]);
    secrets("  command: [a]", &["3:12 wrong-type"]);
    secrets("  command: { words: [a] }", &["3:14 unknown-key"]);
    secrets("  command: { env: [A, _B2], timeout: 600 }", &[]);
}

/// An instance that is not chosen today is chosen tomorrow.
#[test]
fn the_way_of_an_instance_that_is_not_chosen() {
    let ids = "region: eu, client_id: a, client_secret: { env: S }";
    let instance = |block: &str| {
        format!(
            "instances:\n  x: {{ default: true, {ids} }}\n  y: {{ {ids},\n    secrets: {block} }}\n"
        )
    };
    for (block, expected) in [
        ("{ vault: { auth: {} } }", "5:31 vault-auth"),
        (
            "{ vault: { auth: { token: { command: [a] } } } }",
            "5:31 vault-auth",
        ),
        ("{ vault: { ca_file: ../x } }", "5:34 bad-reference"),
        ("{ vault: { address: http://v.test } }", "5:34 bad-api-url"),
        ("{ command: { timeout: 0 } }", "5:36 wrong-type"),
        ("{ vault: { namespace: '' } }", "5:36 bad-name"),
    ] {
        check(&instance(block), &[expected]);
    }
    check(&instance("{ vault: { address: https://v.test } }"), &[]);
}

/// Where a reference is written is known to the character, in a profile too, and once for all.
#[test]
fn the_place_of_a_reference_is_found_again() {
    let text = "version: 1\nsecrets: { vault: { auth: { token: { env: T } } } }\nprofiles:\n  p:\n    connectors:\n      - connector: X\n        \
                auth: { api_key: { env: \"K_{{ account.id }}\" } }\naccounts:\n  - { id: a, profile: p }\n  - { id: b, profile: p }\n";
    let (manifest, _, _) = read(&[("m.yaml", text)]);
    let all = ["T", "K_a", "K_b", "NONE"].map(|name| SecretRef::Env(name.to_owned()));
    let places = manifest.places(None, all.into());
    let told = places
        .iter()
        .map(|(reference, origin)| format!("{reference} {origin}"));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "env K_a m.yaml:7:33",
            "env K_b m.yaml:7:33",
            "env T m.yaml:2:43"
        ]
    );
    assert!(desired(text).secrets.vault.auth.is_some());
}
