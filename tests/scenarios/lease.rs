//! `apply --lock`: one at a time, and nobody ever unlocks anything.

use crate::support::{Bench, Ended, scene};
use gangplank_sandbox::{FaultEffect, FaultRule, SandboxOptions};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

const LEASE: &str = "/v1.0/accounts/gangplank-lease";

/// Applies a manifest under the lease.
fn start(bench: &Bench, more: &[&str]) -> Child {
    let args = ["apply", "--auto-approve", "--lock"];
    bench
        .command(&[&args, more].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn end(child: Child) -> Ended {
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Writes a manifest of some accounts whose ids begin so.
fn write(bench: &Bench, name: &str, accounts: usize) {
    bench.manifest("");
    let mut text = std::fs::read_to_string(bench.folder.path().join("manifest.yaml")).unwrap();
    text.push_str("accounts:\n");
    text.extend((0..accounts).map(|it| format!("  - {{ id: {name}-{it}, name: {name} {it} }}\n")));
    bench.write(&format!("{name}.yaml"), &text);
}

/// The accounts that were made, in order, without that of the lease.
fn written(bench: &Bench) -> Vec<String> {
    let commits = bench.ledger().commits.into_iter().map(|it| it.id);
    commits.filter(|id| id != "gangplank-lease").collect()
}

/// The calls for the lease, in order.
fn calls(bench: &Bench) -> Vec<String> {
    let ledger = bench.ledger();
    let made = |it: &&gangplank_sandbox::LedgerRequest| {
        let made = ledger
            .commits
            .iter()
            .find(|commit| commit.request == it.number);
        made.is_some_and(|commit| commit.id == "gangplank-lease")
    };
    let requests = ledger.requests.iter();
    let lease = requests.filter(|it| it.path == LEASE || made(it));
    lease.map(|it| it.method.clone()).collect()
}

/// Waits until the server has met a request with its mischief.
fn wait_for_mischief(bench: &Bench) {
    let patience = Instant::now() + Duration::from_mins(1);
    while !bench.ledger().requests.iter().any(|it| it.fault.is_some()) {
        assert!(Instant::now() < patience, "the call never came");
        bench.rest(Duration::from_millis(2));
    }
}

fn silence(bench: &Bench) {
    let rule = FaultRule::new(FaultEffect::SilenceBefore).on("POST /accounts");
    bench.sandbox.set_faults(vec![rule.nth(3)]);
}

fn term(child: &Child) {
    let pid = Pid::from_raw(child.id().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
}

#[test]
fn f13_two_locked_applies_do_not_mix_their_writes() {
    let bench = Bench::new();
    for name in ["left", "right"] {
        write(&bench, name, 12);
    }
    let slow = FaultEffect::Delay { milliseconds: 30 };
    bench.sandbox.set_faults(vec![FaultRule::new(slow)]);
    let children = ["left.yaml", "right.yaml"].map(|name| start(&bench, &[name]));
    let ended = children.map(|child| end(child).expect(0));
    let order = written(&bench);
    assert_eq!(order.len(), 24);
    let mut turns: Vec<&str> = order
        .iter()
        .map(|id| id.split('-').next().unwrap())
        .collect();
    turns.dedup();
    assert_eq!(turns.len(), 2, "{order:?}");
    let waited = ended
        .iter()
        .filter(|it| it.stderr.contains("Waiting for the lease of run "));
    assert_eq!(waited.count(), 1, "{ended:?}");
    assert!(bench.ledger().duplicates.is_empty());
}

#[test]
fn f13_a_killed_holder_costs_a_wait_and_no_unlocking() {
    let bench = Bench::new();
    write(&bench, "left", 4);
    silence(&bench);
    let mut first = start(
        &bench,
        &["--lock-term", "15s", "--concurrency", "1", "left.yaml"],
    );
    wait_for_mischief(&bench);
    first.kill().unwrap();
    first.wait().unwrap();
    bench.sandbox.set_faults(Vec::new());
    bench.sandbox.reset_ledger();

    // Whoever does not want to wait has done nothing.
    let hasty = end(start(&bench, &["--lock-wait", "1s", "left.yaml"])).expect(4);
    for text in [
        "error: the lease is still held by run ",
        "so nothing was planned or sent",
        "nothing has to be unlocked",
    ] {
        assert!(hasty.stderr.contains(text), "{text}: {}", hasty.stderr);
    }
    assert_eq!(hasty.stdout, "");
    let reads = calls(&bench);
    assert!(reads.iter().all(|method| method == "GET"), "{reads:?}");
    assert_eq!(written(&bench), Vec::<String>::new());

    // Whoever waits goes on by himself where the dead one was.
    let patient = end(start(&bench, &["left.yaml"])).expect(0);
    assert!(
        patient.stderr.contains("The lease is held from now on."),
        "{}",
        patient.stderr
    );
    assert_eq!(written(&bench).len(), 3);
}

#[test]
fn f13_a_stop_gives_the_lease_back() {
    let bench = Bench::new();
    write(&bench, "left", 4);
    silence(&bench);
    let first = start(&bench, &["--concurrency", "1", "left.yaml"]);
    wait_for_mischief(&bench);
    term(&first);
    end(first).expect(143);
    bench.sandbox.set_faults(Vec::new());
    bench.sandbox.reset_ledger();
    let next = end(start(&bench, &["left.yaml"])).expect(0);
    assert!(!next.stderr.contains("Waiting"), "{}", next.stderr);
    // Found free, claimed, seen to stand, given back.
    assert_eq!(calls(&bench), ["GET", "PUT", "GET", "PUT"]);
}

/// Somebody else's claim over ours: what only a run that was taken for dead meets.
#[test]
fn f13_a_lost_lease_stops_the_run() {
    let bench = Bench::new();
    write(&bench, "left", 30);
    let slow = FaultRule::new(FaultEffect::Delay { milliseconds: 700 });
    let rule = FaultRule {
        from: Some(4),
        ..slow.on("POST /accounts")
    };
    bench.sandbox.set_faults(vec![rule]);
    let first = start(
        &bench,
        &["--lock-term", "15s", "--concurrency", "1", "left.yaml"],
    );
    wait_for_mischief(&bench);
    let claim = json!({ "gangplank_lease": 1, "run": "other", "count": 1, "holder": "a \u{1b}[31mhost",
        "since": "2026", "seconds": 120 });
    let answer = bench.call("PUT", LEASE, &json!({ "AuditInfo": claim.to_string() }));
    assert_eq!(answer.status.as_u16(), 200);
    let ended = end(first).expect(3);
    assert!(
        ended
            .stderr
            .contains("error: the lease is lost: run other (a "),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains('\u{1b}'), "{}", ended.stderr);
    let done = bench.sandbox.world().accounts.len() - 1;
    assert!((2..29).contains(&done), "{done}");
    // The other one's claim stands.
    let world = bench.sandbox.world();
    let lease = world.accounts.iter().find(|it| it.id == "gangplank-lease");
    assert_eq!(lease.unwrap().audit_info, Some(claim.to_string()));
}

#[test]
fn a_lease_costs_three_calls_and_later_four() {
    let bench = scene::bench();
    bench.apply().expect(0);
    let apply = |more: &[&str]| {
        bench.sandbox.reset_ledger();
        let args = [&["apply", "--auto-approve", "manifest.yaml"], more].concat();
        bench.run(&args).expect(0);
        (bench.ledger().requests.len(), calls(&bench))
    };
    let (without, none) = apply(&[]);
    assert_eq!(none, Vec::<String>::new());
    let first = apply(&["--lock"]);
    let lease = |methods: &[&str]| {
        methods
            .iter()
            .map(|it| (*it).to_owned())
            .collect::<Vec<_>>()
    };
    // The first look finds no account, and is not asked for the lease's id by any list.
    assert_eq!(first, (without + 3, lease(&["GET", "POST", "PUT"])));
    let later = apply(&["--lock"]);
    assert_eq!(later, (without + 4, lease(&["GET", "PUT", "GET", "PUT"])));
    // A plan takes no lease, and knows of none.
    bench.sandbox.reset_ledger();
    bench.plan().expect(0);
    assert_eq!(calls(&bench), Vec::<String>::new());
}

#[test]
fn where_no_lease_can_be_kept_nothing_is_done() {
    for position in ["ignored", "masked"] {
        let bench = Bench::with(SandboxOptions {
            variants: vec![("AUDIT_TEXTS".to_owned(), position.to_owned())],
            ..SandboxOptions::default()
        });
        write(&bench, "left", 2);
        let ended = end(start(&bench, &["left.yaml"])).expect(4);
        let why = "what is written into an account's AuditInfo is not read back";
        assert!(ended.stderr.contains(why), "{position}: {}", ended.stderr);
        assert_eq!(written(&bench), Vec::<String>::new(), "{position}");
    }
}

#[test]
fn a_customer_of_that_id_is_left_alone() {
    let bench = Bench::new();
    write(&bench, "left", 2);
    let customer =
        json!({ "Id": "Gangplank-Lease", "Name": "Lease Ltd", "AuditInfo": "owner: ann" });
    bench.call("POST", "/v1.0/accounts", &customer);
    let before = bench.sandbox.world();
    let ended = end(start(&bench, &["left.yaml"])).expect(4);
    assert!(
        ended.stderr.contains("is there, and is no lease"),
        "{}",
        ended.stderr
    );
    let after = bench.sandbox.world();
    assert_eq!(
        format!("{:?}", after.accounts),
        format!("{:?}", before.accounts)
    );
}

/// An instance that is exclusive would remove what nobody declares.
#[test]
fn the_lease_is_no_account_that_anybody_forgot() {
    let bench = Bench::new();
    write(&bench, "left", 2);
    let path = bench.folder.path().join("left.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replacen("  test:\n", "  test:\n    exclusive: true\n", 1);
    std::fs::write(path, text).unwrap();
    for _ in 0..2 {
        end(start(&bench, &["left.yaml"])).expect(0);
    }
    let plan = bench.run(&["plan", "left.yaml"]).expect(0);
    assert!(
        plan.last_line()
            .starts_with("Plan: 0 to add, 0 to change, 0 to remove, "),
        "{}",
        plan.stdout
    );
    assert!(!plan.stdout.contains("lease") && !plan.stderr.contains("lease"));
    let told = bench
        .run(&[
            "init",
            "--no-input",
            "--api-url",
            &bench.url(),
            "--client-id",
            "env:CLIENT_ID",
            "--client-secret",
            "env:CLIENT_SECRET",
            "--ci",
            "none",
            "there",
        ])
        .expect(0);
    assert!(!told.stdout.contains("lease"), "{}", told.stdout);
    for file in std::fs::read_dir(bench.folder.path().join("there")).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            let text = std::fs::read_to_string(path).unwrap();
            assert!(!text.contains("gangplank-lease"), "{text}");
        }
    }
}
