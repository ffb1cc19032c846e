//! What is not read, what ends the reading, and what nobody tells of what was read.

use super::secrecy::{CANARY, expect_clean, expect_silent, scan};
use crate::support::{Bench, peers};
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

/// `plan` reads what it needs to ask the instance, and nothing of the accounts; programs behind even
/// that want their word.
#[test]
fn a_plan_without_secrets_reads_those_of_the_instance_alone() {
    let mut bench = Bench::new();
    let path = peers::variable("PATH").unwrap();
    bench.set("PATH", &path);
    bench.manifest(
        "accounts:\n  - id: a\n    name: A\n    connectors:\n      \
         - { connector: Pipedrive, auth: { api_key: { command: [touch, ran] } } }\n      \
         - { connector: Pipedrive, name: b, auth: { api_key: { env: NOT_SET } } }\n",
    );
    bench.run(&["plan", "manifest.yaml"]).expect(0);
    assert!(!bench.folder.path().join("ran").exists());
    let refused = bench
        .run(&["plan", "--with-secrets", "manifest.yaml"])
        .expect(5);
    assert!(
        refused
            .stderr
            .contains("not allowed to run command touch ..."),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("manifest.yaml:11:61"),
        "{}",
        refused.stderr
    );
    assert!(
        !refused.stderr.contains("NOT_SET"),
        "something was read: {}",
        refused.stderr
    );
    assert!(!bench.folder.path().join("ran").exists());

    let secret = bench.variables.remove("CLIENT_SECRET").unwrap();
    bench.write("client-secret", &secret);
    let text = fs::read_to_string(bench.folder.path().join("manifest.yaml")).unwrap();
    let by_command = "client_secret: { command: [cat, client-secret] }";
    bench.write(
        "manifest.yaml",
        &text.replace("client_secret: { env: CLIENT_SECRET }", by_command),
    );
    bench.sandbox.reset_ledger();
    let refused = bench.run(&["plan", "manifest.yaml"]).expect(5);
    assert!(
        refused.stderr.contains("manifest.yaml:6:31"),
        "{}",
        refused.stderr
    );
    assert!(bench.ledger().requests.is_empty());
    bench
        .run(&["plan", "--allow-commands", "manifest.yaml"])
        .expect(0);
    // The instance that is not chosen is checked, and not read.
    let other = "  other:\n    region: eu\n    client_id: { command: [touch, ran] }\n    client_secret: { env: NOT_SET }\n    \
                 secrets: { vault: { auth: { token: { vault: kv/a, field: b } } } }\n";
    let text = fs::read_to_string(bench.folder.path().join("manifest.yaml")).unwrap();
    bench.write(
        "manifest.yaml",
        &text.replace("accounts:", &format!("{other}accounts:")),
    );
    let refused = bench
        .run(&[
            "plan",
            "--allow-commands",
            "--instance",
            "test",
            "manifest.yaml",
        ])
        .expect(5);
    assert!(
        refused.stderr.contains("cannot lead into the vault"),
        "{}",
        refused.stderr
    );
    let text = fs::read_to_string(bench.folder.path().join("manifest.yaml")).unwrap();
    bench.write(
        "manifest.yaml",
        &text.replace("vault: kv/a, field: b", "env: NOT_SET"),
    );
    bench
        .run(&[
            "plan",
            "--allow-commands",
            "--instance",
            "test",
            "manifest.yaml",
        ])
        .expect(0);
    assert!(!bench.folder.path().join("ran").exists());
}

/// A sandbox in a process of its own is told the secrets, and tells nobody.
#[test]
fn a_sandbox_that_is_told_secrets_does_not_print_them() {
    let mut bench = Bench::new();
    let mut sandbox = bench
        .command(&["sandbox", "--listen", "127.0.0.1:0", "-vvv"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = BufReader::new(sandbox.stdout.take().unwrap());
    let mut first = String::new();
    printed.read_line(&mut first).unwrap();
    let url = first
        .split_whitespace()
        .find(|word| word.starts_with("http://"))
        .unwrap()
        .to_owned();
    bench.set("KEY", CANARY);
    bench.manifest(
        "accounts:\n  - id: a\n    name: A\n    connectors:\n      \
         - { connector: Pipedrive, auth: { api_key: { env: KEY } } }\n      \
         - { connector: Freshdesk, properties: { Domain: { env: KEY } }, auth: { basic: { username: u, password: { env: KEY } } } }\n",
    );
    let text = fs::read_to_string(bench.folder.path().join("manifest.yaml")).unwrap();
    let own = text
        .lines()
        .find_map(|line| line.trim().strip_prefix("api_url: "))
        .unwrap();
    bench.write("manifest.yaml", &text.replace(own, &url));
    let applied = bench.apply();
    let ask = |path: &str| {
        let mut stream = TcpStream::connect(url.trim_start_matches("http://")).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    let ledger = ask("/_sandbox/ledger");
    sandbox.kill().unwrap();
    let output = sandbox.wait_with_output().unwrap();
    printed.read_to_string(&mut first).unwrap();
    let applied = applied.expect(0);
    assert!(ledger.contains("/connectors/"), "{ledger}");
    for (what, text) in [
        ("the sandbox's output", first.as_bytes()),
        ("the sandbox's log", &output.stderr),
        ("the ledger", ledger.as_bytes()),
    ] {
        expect_clean(what, text);
    }
    expect_silent(&applied);
    assert!(scan(&bench.folder.path().join(".gangplank")) > 0);
}

/// Whether a process is there and runs.
fn runs(id: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", id.trim()));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

/// Waits for something, ten seconds at most.
#[track_caller]
fn wait_for(bench: &Bench, what: &str, there: impl Fn() -> bool) {
    for _ in 0..500 {
        if there() {
            return;
        }
        bench.rest(Duration::from_millis(20));
    }
    panic!("{what}: not within ten seconds");
}

#[test]
fn a_signal_ends_the_reading_and_the_programs_with_it() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut bench = Bench::new();
        bench.set("PATH", &peers::variable("PATH").unwrap());
        bench.manifest(
            "accounts:\n  - id: a\n    name: A\n    connectors:\n      \
             - { connector: Pipedrive, auth: { api_key: { command: [sh, -c, \"sleep 300 & echo $! > id; sleep 300\"] } } }\n",
        );
        let child = bench
            .command(&[
                "plan",
                "--with-secrets",
                "--allow-commands",
                "manifest.yaml",
            ])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let file = bench.folder.path().join("id");
        let id = || fs::read_to_string(&file).unwrap_or_default();
        wait_for(&bench, "the program's id", || id().ends_with('\n'));
        assert!(runs(&id()));
        let signal = format!("-{signal}");
        peers::output(Command::new("kill").args([&signal, &child.id().to_string()]));
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(code), "{ended:?}");
        assert!(
            String::from_utf8_lossy(&ended.stderr).contains("Stopped"),
            "{ended:?}"
        );
        wait_for(&bench, "the end of what the program started", || {
            !runs(&id())
        });
        assert!(bench.ledger().requests.is_empty());
    }
}
