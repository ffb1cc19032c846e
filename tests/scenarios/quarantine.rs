//! F12: the accounts that went wrong can be worked on alone.

use super::alone::{converged, fleet, some, status};
use crate::support::Bench;
use crate::support::running::{Running, receipts};
use gangplank_sandbox::{FaultEffect, FaultRule};
use std::collections::BTreeSet;

/// The quarantine: only what went wrong is read, planned and written to.
#[test]
fn f12_only_what_failed_is_worked_on() {
    let mut bench = Bench::new();
    fleet(&mut bench, 200);
    let install = "POST /connectors/{id}/install";
    let bad = some(&mut fastrand::Rng::with_seed(5), 200, 10);
    let rules = bad
        .iter()
        .map(|it| FaultRule::new(status(403)).on(install).of(it));
    bench.sandbox.set_faults(rules.collect());
    bench.apply().expect(3);
    bench.sandbox.set_faults(Vec::new());
    let file = receipts(&bench);
    bench.sandbox.reset_ledger();
    let plan = bench
        .run(&["plan", "manifest.yaml", "--only-failed", &file])
        .expect(0);
    let note = format!("note: Only the 10 accounts that went wrong in {file} are");
    assert!(plan.stdout.contains(&note), "{}", plan.stdout);
    let ledger = bench.ledger();
    let asked: BTreeSet<String> = ledger
        .requests
        .iter()
        .filter_map(|it| it.account.clone())
        .collect();
    assert!(asked.is_subset(&bad), "nobody else is asked for: {asked:?}");
    // Ten accounts, the library and the token; not two hundred accounts.
    assert!(ledger.requests.len() <= 30, "{}", ledger.requests.len());
    bench.sandbox.reset_ledger();
    let again = [
        "apply",
        "--auto-approve",
        "manifest.yaml",
        "--only-failed",
        &file,
    ];
    bench.run(&again).expect(0);
    let written: BTreeSet<String> = bench.writes().into_iter().map(|(it, _)| it).collect();
    assert_eq!(written, bad);
    bench.expect_converged();

    // Now nothing is left, which costs no request.
    let file = receipts(&bench);
    bench.sandbox.reset_ledger();
    let done = bench
        .run(&["plan", "manifest.yaml", "--only-failed", &file])
        .expect(0);
    assert!(
        done.stderr.contains("No account went wrong in "),
        "{done:?}"
    );
    assert_eq!(bench.ledger().requests.len(), 0);
}

#[test]
fn f12_receipts_that_say_nothing_of_this_instance_are_refused() {
    let mut other = Bench::new();
    fleet(&mut other, 2);
    other.apply().expect(0);
    let text = std::fs::read_to_string(other.folder.path().join(receipts(&other))).unwrap();
    let mut bench = Bench::new();
    fleet(&mut bench, 2);
    bench.write("other.jsonl", &text);
    bench.write(
        "damaged.jsonl",
        &text.replacen("\"attempts\":1", "\"attempts\":7", 1),
    );
    bench.write("empty.jsonl", "");
    for (file, why) in [
        ("other.jsonl", "are of http://"),
        ("damaged.jsonl", "is not as it was written"),
        ("empty.jsonl", "nothing was recorded in it"),
        ("none.jsonl", "there is no file none.jsonl"),
    ] {
        let ended = bench.run(&[
            "apply",
            "--auto-approve",
            "manifest.yaml",
            "--only-failed",
            file,
        ]);
        let ended = ended.expect(5);
        assert!(ended.stderr.contains(why), "{file}: {}", ended.stderr);
        assert_eq!(bench.ledger().requests.len(), 0, "{file}");
    }
}

/// An account that is left out is not one that nobody declared.
#[test]
fn f12_an_exclusive_instance_loses_nobody_over_the_quarantine() {
    let mut bench = Bench::new();
    fleet(&mut bench, 3);
    let rule = FaultRule::new(status(403)).on("POST /connectors/{id}/install");
    bench.sandbox.set_faults(vec![rule.of("acme-001")]);
    bench.apply().expect(3);
    bench.sandbox.set_faults(Vec::new());
    let file = receipts(&bench);
    let path = bench.folder.path().join("manifest.yaml");
    let text = std::fs::read_to_string(&path).unwrap();
    bench.write(
        "manifest.yaml",
        &text.replacen("  test:\n", "  test:\n    exclusive: true\n", 1),
    );
    let again = [
        "apply",
        "--auto-approve",
        "manifest.yaml",
        "--max-removals=9",
        "--only-failed",
        &file,
    ];
    bench.run(&again).expect(0);
    assert_eq!(converged(&bench).len(), 3);
}

/// What was under way when the process was killed counts as gone wrong, since nobody knows better.
#[test]
fn f12_after_a_kill_the_account_at_work_is_among_them() {
    let mut bench = Bench::new();
    fleet(&mut bench, 6);
    let install = "POST /connectors/{id}/install";
    let rule = FaultRule::new(FaultEffect::SilenceAfter).on(install);
    bench.sandbox.set_faults(vec![rule.of("acme-002")]);
    let mut running = Running::apply(&bench, &["--concurrency", "1"]);
    running.until_struck(&bench);
    running.kill();
    bench.sandbox.set_faults(Vec::new());
    let file = receipts(&bench);
    bench.sandbox.reset_ledger();
    let plan = bench
        .run(&["plan", "manifest.yaml", "--only-failed", &file])
        .expect(0);
    assert!(
        plan.stdout.contains("Only the 1 account that went wrong"),
        "{}",
        plan.stdout
    );
    bench.apply().expect(0);
    bench.expect_converged();
}
