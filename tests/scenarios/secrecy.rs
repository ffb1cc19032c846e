//! A secret appears nowhere but on the wire and in the sandbox's own database.

use crate::support::{Bench, Ended, scene};
use gangplank_sandbox::{FaultEffect, FaultRule};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

pub(crate) const CANARY: &str = "q7RzKx2mVw9LbT4nYc8HdJ3sGf6PaE5u";

/// The canary as it is, and in the forms that a careless program writes.
fn forms() -> Vec<String> {
    let hex = CANARY.bytes().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    // base64 of `desk:CANARY` and of the canary itself share their inner characters at one of the
    // three alignments each.
    let base64 = |text: &str| -> String {
        const TABLE: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let bits: Vec<u8> = text
            .bytes()
            .flat_map(|b| (0..8).rev().map(move |i| b >> i & 1))
            .collect();
        bits.chunks(6)
            .map(|six| six.iter().fold(0, |sum, bit| sum << 1 | usize::from(*bit)))
            .map(|index| char::from(TABLE[index]))
            .collect()
    };
    let mut forms = vec![CANARY.to_owned(), CANARY.to_uppercase(), hex];
    for skipped in 0..3 {
        let text = base64(&CANARY[skipped..]);
        forms.push(text[..24].to_owned());
    }
    // Any eight characters in a row are too many.
    forms.extend((0..CANARY.len() - 8).map(|start| CANARY[start..start + 8].to_owned()));
    forms
}

#[track_caller]
pub(crate) fn expect_clean(what: &str, bytes: &[u8]) {
    for form in forms() {
        let found = bytes
            .windows(form.len())
            .any(|window| window == form.as_bytes());
        assert!(!found, "{what} holds the secret as {form:?}");
    }
}

pub(crate) fn scan(folder: &Path) -> usize {
    let mut scanned = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            scanned += scan(&path);
        } else {
            expect_clean(&path.display().to_string(), &fs::read(&path).unwrap());
            scanned += 1;
        }
    }
    scanned
}

pub(crate) fn expect_silent(ended: &Ended) {
    expect_clean("standard output", ended.stdout.as_bytes());
    expect_clean("standard error", ended.stderr.as_bytes());
}

fn bench() -> Bench {
    let mut bench = scene::bench();
    for name in ["HARBOUR_KEY", "PIPEDRIVE_KEY", "FRESHDESK_PASSWORD"] {
        bench.set(name, CANARY);
    }
    bench
}

#[test]
fn no_run_tells_it() {
    let bench = bench();
    let apply = [
        "apply",
        "--auto-approve",
        "-vvv",
        "--format",
        "json",
        "manifest.yaml",
    ];
    for args in [
        &["plan", "-vvv", "--with-secrets", "manifest.yaml"][..],
        &apply,
        &apply,
    ] {
        let ended = bench.run(args).expect(0);
        assert!(
            ended.stderr.contains("/accounts"),
            "-vvv said nothing:\n{}",
            ended.stderr
        );
        expect_silent(&ended);
    }
    assert!(
        scan(bench.folder.path()) >= 2,
        "receipts and the manifest were to be scanned"
    );
}

#[test]
fn no_failure_tells_it() {
    let refused = FaultEffect::StatusBefore {
        code: 400,
        retry_after: None,
    };
    for (effect, code) in [
        (FaultEffect::DropAfter, 0),
        (
            FaultEffect::StatusAfter {
                code: 500,
                retry_after: None,
            },
            0,
        ),
        (refused, 3),
    ] {
        let bench = bench();
        bench.sandbox.set_faults(vec![
            FaultRule::new(effect).on("POST /connectors/{id}/install"),
        ]);
        let ended = bench.run(&[
            "apply",
            "--auto-approve",
            "--settle",
            "1",
            "-vvv",
            "manifest.yaml",
        ]);
        let requests = bench.ledger().requests;
        assert!(requests.iter().any(|request| request.fault.is_some()));
        let ended = ended.expect(code);
        expect_silent(&ended);
        scan(bench.folder.path());
    }
}

/// A careless server repeats in its messages what it was sent: tokens, credentials, properties.
#[test]
fn no_echo_tells_it() {
    for route in [
        "POST /oauth/token",
        "GET /accounts",
        "GET /connectors",
        "GET /account/connectors",
        "GET /templates",
        "GET /cycles",
        "POST /accounts",
        "POST /connectors/{id}/install",
        "POST /templates/{id}/install",
        "PUT /cycles/{id}",
    ] {
        let bench = bench();
        let secret = bench.sandbox.credentials().1;
        if route.starts_with("GET") {
            bench.apply().expect(0);
        }
        let echo = FaultEffect::Echo {
            code: 400,
            text: "x".repeat(280),
        };
        bench
            .sandbox
            .set_faults(vec![FaultRule::new(echo).on(route)]);
        for command in [&["plan"][..], &["apply", "--auto-approve"]] {
            let ended = bench.run(&[command, &["-vvv", "--settle", "1", "manifest.yaml"]].concat());
            expect_silent(&ended);
            for told in [&ended.stdout, &ended.stderr] {
                assert!(!told.contains(&secret), "{route}: {told}");
                for token in told.split("Bearer ").skip(1) {
                    // Cut short it may be.
                    let hidden =
                        token.starts_with("[secret]") || "[secret]".starts_with(token.trim());
                    assert!(hidden, "{route}: {told}");
                }
            }
        }
        let requests = bench.ledger().requests;
        assert!(
            requests.iter().any(|request| request.fault.is_some()),
            "{route} was never asked"
        );
        scan(bench.folder.path());
    }
}

#[test]
fn a_secret_written_into_the_manifest_is_not_echoed() {
    let bench = bench();
    for (from, to) in [
        ("{ env: HARBOUR_KEY }", CANARY.to_owned()),
        ("{ env: HARBOUR_KEY }", format!("\"{CANARY}")),
        ("{ env: HARBOUR_KEY }", format!("{{ value: {CANARY} }}")),
        (
            "password: { env: FRESHDESK_PASSWORD }",
            format!("password: {CANARY}, passwort: x"),
        ),
        (
            "api_key: { env: HARBOUR_KEY }",
            format!("api_kee: {CANARY}"),
        ),
        (
            "auth: { api_key: { env: HARBOUR_KEY } }",
            format!("auth: {CANARY}"),
        ),
    ] {
        bench.manifest(&scene::MANIFEST.replacen(from, &to, 1));
        for command in ["validate", "plan"] {
            let ended = bench.run(&[command, "manifest.yaml"]).expect(5);
            assert!(ended.stderr.contains("manifest.yaml:"), "{}", ended.stderr);
            expect_silent(&ended);
        }
    }
    assert_eq!(bench.ledger().requests.len(), 0);
}

/// The same in every form in which problems are told, with something broken after the secret; a canary
/// of words, which nothing but its place tells from a name.
#[test]
fn no_form_of_a_problem_tells_a_secret() {
    const WORDS: &str = "correct-horse-battery-staple";
    let bench = bench();
    let places = [
        "    connectors:\n      - connector: X\n        auth: { api_key: S }\n",
        "    connectors:\n      - connector: X\n        auht: S\n",
        "    connectors:\n      - { connector: X, auth: { api_key: { env: S } }, nmae: x }\n",
        "    connectors:\n      - connector: X\n        properties: { Password: [S] }\n",
        "secrets: { vault: { auth: { token: S } } }\n",
        "secrets: { command: { env: [S] } }\n",
    ];
    let breaks = [
        "",
        "        name: \"x\n",
        "\tname: x\n",
        "    name: x\n    name: y\n",
        "      name: *x\n",
        "    nmae: x\n",
        "---\nS\n",
        "    <<: { token: S }\n",
        "\u{0}\n",
    ];
    for place in places {
        for broken in breaks {
            let text = format!("accounts:\n  - id: a\n{place}{broken}").replace('S', WORDS);
            bench.manifest(&text);
            for format in ["text", "json", "sarif", "github", "junit"] {
                let told = bench
                    .run(&["validate", "--format", format, "manifest.yaml"])
                    .expect(5);
                let all = told.stdout + &told.stderr;
                assert!(all.contains("manifest.yaml"), "{format}: {all}");
                for part in ["correct", "horse", "battery", "staple"] {
                    assert!(!all.contains(part), "{format} of\n{text}\n{all}");
                }
            }
        }
    }
}
