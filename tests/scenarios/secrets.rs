//! Every kind of reference, against a real OpenBao server, real SOPS and age files and real programs:
//! read once, together, before the first call, and told of by name alone.

use super::secrecy::{CANARY, expect_clean, expect_silent};
use crate::support::{Bench, peers};
use std::collections::BTreeMap;
use std::fs;

/// All five kinds, some of them twice. The two programs wait for each other.
const ACCOUNTS: &str = r"
accounts:
  - id: by-env
    name: A
    connectors:
      - { connector: Pipedrive, auth: { api_key: { env: KEY_ENV } } }
  - id: by-file
    name: B
    connectors:
      - { connector: Pipedrive, auth: { api_key: { file: keys/b } } }
  - id: by-vault
    name: C
    connectors:
      - { connector: Pipedrive, auth: { api_key: { vault: secret/c, field: key } } }
  - id: by-sops
    name: D
    connectors:
      - { connector: Pipedrive, auth: { api_key: { sops: s.enc.yaml, key: customers.d } } }
  - id: by-command
    name: E
    connectors:
      - { connector: Pipedrive, auth: { api_key: { command: [tools/key, e, f] } } }
  - id: by-another-command
    name: F
    connectors:
      - { connector: Pipedrive, auth: { api_key: { command: [tools/key, f, e] } } }
  - id: by-two
    name: G
    connectors:
      - connector: Freshdesk
        properties: { Domain: { vault: old/deep/g, field: domain } }
        auth: { basic: { username: { vault: secret/c, field: user }, password: { sops: s.enc.yaml, key: customers.g } } }
  - id: by-all-again
    name: H
    connectors:
      - { connector: Pipedrive, auth: { api_key: { command: [tools/key, e, f] } } }
      - { connector: Pipedrive, name: second, auth: { api_key: { vault: secret/c, field: key } } }
";

/// Writes its run down, waits for the other program, and prints its key.
const PROGRAM: &str = "#!/bin/sh\necho ran >> \"ran-$1\"\nuntil [ -e \"ran-$2\" ]; do sleep 0.02; done\n\
    echo \"$0 has a secret to tell: $(cat \"keys/$1\")\" >&2\ncat \"keys/$1\"\n";

/// The credential that a name stands for: each of them holds the canary.
fn value(name: &str) -> String {
    format!("{name}-{CANARY}")
}

/// A bench whose vault, files and programs hold the secrets; `None` where there are no peers.
fn bench() -> Option<(Bench, peers::Vault, tempfile::TempDir)> {
    let (sops, keygen) = (peers::tool("sops")?, peers::tool("age-keygen")?);
    let vault = peers::Vault::start()?;
    let mut bench = Bench::new();
    let outside = tempfile::tempdir().unwrap();
    let (key_file, recipient) = peers::age_key(&keygen, outside.path());
    let plain = format!("customers:\n  d: {}\n  g: {}\n", value("d"), value("g"));
    bench.write("s.enc.yaml", &peers::sops(&sops, &recipient, &plain));
    for folder in ["keys", "tools"] {
        fs::create_dir(bench.folder.path().join(folder)).unwrap();
    }
    for name in ["b", "e", "f"] {
        bench.write(&format!("keys/{name}"), &format!("{}\n", value(name)));
    }
    bench.write("tools/key", PROGRAM);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(bench.folder.path().join("tools/key"), mode).unwrap();
    vault.run(&["secrets", "enable", "-path=old/deep", "-version=1", "kv"]);
    let (key, user) = (
        format!("key={}", value("c")),
        format!("user={}", value("u")),
    );
    vault.run(&["kv", "put", "secret/c", &key, &user]);
    vault.run(&[
        "kv",
        "put",
        "old/deep/g",
        &format!("domain={}", value("domain")),
    ]);
    let (role_id, secret_id) = vault.role();
    bench.set("KEY_ENV", &value("a"));
    bench.set("SECRET_ID", &secret_id);
    bench.set("SOPS_AGE_KEY_FILE", key_file.to_str().unwrap());
    bench.set("PATH", &peers::variable("PATH").unwrap());
    let block = format!(
        "secrets:\n  vault:\n    address: {}\n    auth: {{ approle: {{ role_id: {role_id}, secret_id: {{ env: SECRET_ID }} }} }}\n  \
         command: {{ timeout: 20 }}\n",
        vault.proxy.address
    );
    bench.manifest(&(block + ACCOUNTS));
    Some((bench, vault, outside))
}

/// What each account's connectors hold.
fn held(bench: &Bench) -> BTreeMap<(String, String), String> {
    let world = bench.sandbox.world();
    let mut held = BTreeMap::new();
    for account in &world.accounts {
        for connector in &account.connectors {
            let credential = connector
                .auth_value
                .as_ref()
                .map(|value| value.reveal().to_owned());
            let place = (account.id.clone(), connector.name.clone());
            held.insert(place, credential.unwrap_or_default());
        }
    }
    held
}

const APPLY: [&str; 8] = [
    "apply",
    "--auto-approve",
    "--allow-commands",
    "-vvv",
    "--settle",
    "1",
    "--receipts",
    "receipts.jsonl",
];

#[test]
fn every_kind_arrives_having_been_read_once_and_together_before_the_first_call() {
    let Some((bench, vault, _outside)) = bench() else {
        return;
    };
    vault.proxy.meet(2);
    vault.proxy.take();
    let applied = bench
        .run(&[&APPLY[..], &["manifest.yaml"]].concat())
        .expect(0);
    expect_silent(&applied);
    let basic = {
        use base64::Engine as _;
        let pair = format!("{}:{}", value("u"), value("g"));
        base64::engine::general_purpose::STANDARD.encode(pair)
    };
    let expected = [
        ("by-all-again", "Pipedrive", value("e")),
        ("by-all-again", "second", value("c")),
        ("by-another-command", "Pipedrive", value("f")),
        ("by-command", "Pipedrive", value("e")),
        ("by-env", "Pipedrive", value("a")),
        ("by-file", "Pipedrive", value("b")),
        ("by-sops", "Pipedrive", value("d")),
        ("by-two", "Freshdesk", basic),
        ("by-vault", "Pipedrive", value("c")),
    ];
    let expected =
        expected.map(|(account, name, value)| ((account.to_owned(), name.to_owned()), value));
    assert_eq!(held(&bench), BTreeMap::from(expected));
    let world = bench.sandbox.world();
    let by_two = world.accounts.iter().find(|account| account.id == "by-two");
    let mut properties = by_two.unwrap().connectors[0].properties.iter();
    let domain = properties
        .find(|property| property.name == "Domain")
        .unwrap();
    assert_eq!(domain.value.as_ref().unwrap().reveal(), value("domain"));

    // One login, one look at each path's mount, one read of each path, however many fields are wanted.
    let seen = vault.proxy.take();
    let mut lines: Vec<&str> = seen.iter().map(|seen| seen.line.as_str()).collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "GET /v1/old/deep/g",
            "GET /v1/secret/data/c",
            "GET /v1/sys/internal/ui/mounts/old/deep/g",
            "GET /v1/sys/internal/ui/mounts/secret/c",
            "POST /v1/auth/approle/login",
        ]
    );
    assert!(vault.proxy.met(), "the two paths were not read at once");
    for name in ["ran-e", "ran-f"] {
        let runs = fs::read_to_string(bench.folder.path().join(name)).unwrap();
        assert_eq!(runs, "ran\n", "{name}: the program ran more than once");
    }
    let last = seen.iter().map(|seen| seen.answered).max().unwrap();
    let ledger = bench.ledger();
    let first = ledger.requests.first().unwrap().time;
    assert!(
        last <= first,
        "the vault answered at {last}, and the first call was at {first}"
    );
    assert!(ledger.writes().next().is_some());

    // What was recorded, and a plan that compares: nothing differs, and nothing is told.
    expect_clean(
        "receipts",
        &fs::read(bench.folder.path().join("receipts.jsonl")).unwrap(),
    );
    expect_clean("the ledger", format!("{ledger:?}").as_bytes());
    for format in ["text", "json"] {
        let plan = [
            "plan",
            "--with-secrets",
            "--allow-commands",
            "-vvv",
            "--detailed-exitcode",
            "--format",
            format,
            "manifest.yaml",
        ];
        expect_silent(&bench.run(&plan).expect(0));
    }
    fs::write(bench.folder.path().join("keys/b"), value("rotated")).unwrap();
    let plan = [
        "plan",
        "--with-secrets",
        "--allow-commands",
        "--detailed-exitcode",
        "manifest.yaml",
    ];
    let plan = bench.run(&plan).expect(2);
    expect_silent(&plan);
    assert!(
        plan.last_line()
            .starts_with("Plan: 0 to add, 1 to change, "),
        "{}",
        plan.stdout
    );
}

/// What is asked for, what its line holds, and why there is no value.
const FAILURES: [(&str, &str, &str); 7] = [
    (
        "env KEY_ENV",
        "env: KEY_ENV",
        "environment variable KEY_ENV is not set",
    ),
    ("file keys/b", "file: keys/b", "file keys/b cannot be read"),
    (
        "vault secret/c, field kee",
        "vault: secret/c, field: kee",
        "it has key, user",
    ),
    (
        "vault old/deep/none, field domain",
        "vault: old/deep/none",
        "nothing at this path",
    ),
    (
        "sops s.enc.yaml, key customers.none",
        "sops: s.enc.yaml, key: customers.none",
        "no such key",
    ),
    (
        "command sh ...",
        "command: [sh",
        "ended with exit status: 3",
    ),
    (
        "command tools/none ...",
        "command: [tools/none",
        "cannot be started",
    ),
];

#[test]
fn every_failure_is_named_at_once_with_its_place_and_nothing_is_called() {
    let Some((mut bench, vault, _outside)) = bench() else {
        return;
    };
    bench.variables.remove("KEY_ENV");
    fs::remove_file(bench.folder.path().join("keys/b")).unwrap();
    let changed = ACCOUNTS
        .replace("vault: secret/c, field: key", "vault: secret/c, field: kee")
        .replace("vault: old/deep/g", "vault: old/deep/none")
        .replace("key: customers.d", "key: customers.none")
        .replace(
            "[tools/key, f, e]",
            "[sh, -c, \"cat keys/f; cat keys/f >&2; exit 3\"]",
        )
        .replace("[tools/key, e, f]", "[tools/none, e]");
    let text = fs::read_to_string(bench.folder.path().join("manifest.yaml")).unwrap();
    let text = text.replace(ACCOUNTS, &changed);
    bench.write("manifest.yaml", &text);
    let place = |part: &str| {
        let line = text.lines().position(|line| line.contains(part)).unwrap();
        let column = text.lines().nth(line).unwrap().find(part).unwrap();
        format!(
            "manifest.yaml:{}:{}",
            line + 1,
            column + 1 + part.find(": ").map_or(0, |at| at + 2)
        )
    };
    for args in [
        &APPLY[..],
        &["plan", "--with-secrets", "--allow-commands", "-vvv"],
    ] {
        let failed = bench.run(&[args, &["manifest.yaml"]].concat()).expect(5);
        expect_silent(&failed);
        for (reference, part, reason) in FAILURES {
            for told in [reference, &place(part), reason] {
                assert!(
                    failed.stderr.contains(told),
                    "{told} is not in\n{}",
                    failed.stderr
                );
            }
        }
        assert!(
            failed
                .stderr
                .contains("7 problems in 1 file; nothing was written"),
            "{}",
            failed.stderr
        );
        assert!(
            bench.ledger().requests.is_empty(),
            "{:?}",
            bench.ledger().requests
        );
    }
    drop(vault);
    // A vault that is gone is told of once, with every reference into it.
    let failed = bench
        .run(&[&APPLY[..], &["manifest.yaml"]].concat())
        .expect(5);
    assert_eq!(
        failed.stderr.matches("the vault does not answer").count(),
        1,
        "{}",
        failed.stderr
    );
    assert!(
        failed.stderr.contains("no value for 3 references"),
        "{}",
        failed.stderr
    );
}
