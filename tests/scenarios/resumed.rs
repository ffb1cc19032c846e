//! `apply --resume`: what an earlier run may still have under way is waited for, and nothing else is.

use super::killed::kill_when_struck;
use crate::support::{Bench, Ended, fleet};
use gangplank_sandbox::{Clock, FaultEffect, FaultRule, LedgerRequest};
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

const INSTALL: &str = "POST /templates/{id}/install";
const LATE: Duration = Duration::from_mins(1);

/// A run that was killed while the server had one of its calls, which it does when the clock moves on.
fn killed_at(route: &str) -> (Bench, Clock) {
    let (bench, clock) = fleet::bench();
    let late = FaultEffect::LateCommit {
        by: "60s".parse().unwrap(),
        code: None,
    };
    let rules = [FaultEffect::SilenceAfter, late]
        .map(|effect| FaultRule::new(effect).on(route).of("acme-001").nth(1));
    bench.sandbox.set_faults(rules.to_vec());
    kill_when_struck(&bench, bench.start_apply(), route);
    bench.sandbox.set_faults(Vec::new());
    (bench, clock)
}

/// Applies with further arguments, does something while it runs, and takes no for an answer after a minute.
fn apply(bench: &Bench, more: &[&str], meanwhile: impl FnOnce()) -> Ended {
    let always = ["apply", "--auto-approve", "manifest.yaml"];
    let mut child = bench
        .command(&[&always[..], more].concat())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    meanwhile();
    let patience = Instant::now() + Duration::from_mins(1);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > patience {
            child.kill().unwrap();
        }
        bench.rest(Duration::from_millis(5));
    }
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code().expect("it waits for nothing"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Waits until something is so at the server.
fn until(bench: &Bench, so: impl Fn(&[LedgerRequest]) -> bool) {
    let patience = Instant::now() + Duration::from_secs(30);
    while !so(&bench.ledger().requests) {
        assert!(Instant::now() < patience, "{:?}", bench.write_routes());
        bench.rest(Duration::from_millis(5));
    }
}

fn count(requests: &[LedgerRequest], account: &str, route: &str) -> usize {
    let of_account = requests
        .iter()
        .filter(|it| it.account.as_deref() == Some(account));
    of_account.filter(|it| it.route == route).count()
}

#[test]
fn f01_an_install_that_was_under_way_is_looked_for_and_taken_over() {
    let (_, whole) = fleet::undisturbed();
    let (bench, clock) = killed_at(INSTALL);
    bench.sandbox.reset_ledger();
    let resumed = apply(&bench, &["--resume", "last", "--settle", "600"], || {
        let bolt_runs = || {
            let mut accounts = bench.sandbox.world().accounts.into_iter();
            let bolt = accounts.find(|it| it.id == "bolt-002").unwrap();
            bolt.cycles.len() == 2 && bolt.cycles.iter().any(|it| it.interval.is_some())
        };
        until(&bench, |requests| {
            count(requests, "acme-001", "GET /cycles") >= 2 && bolt_runs()
        });
        let requests = bench.ledger().requests;
        assert_eq!(count(&requests, "acme-001", INSTALL), 0, "the lane waits");
        clock.advance(LATE);
    });
    let ended = resumed.expect(0);
    let expected =
        "? account[\"acme-001\"].template[\"Pipedrive > Harbour CRM\"]: install template, begun ";
    assert!(ended.stderr.contains(expected), "{}", ended.stderr);
    assert_eq!(fleet::holdings(&bench), whole);
    bench.expect_converged();
}

/// Other calls do no harm when they are done late: nobody waits an hour for them.
#[test]
fn f01_nothing_is_waited_for_where_the_earlier_run_left_no_install_open() {
    let (bench, clock) = killed_at("PUT /steps/{id}/parameters/{parameterId}");
    let resumed = apply(&bench, &["--resume", "last", "--settle", "3600"], || {});
    resumed.expect(0);
    clock.advance(LATE);
    bench.expect_converged();
}

/// The receipts of the only run, with one text replaced in the records, and all checksums right.
fn forge(bench: &Bench, from: &str, to: &str) -> PathBuf {
    let path = fleet::receipts(bench).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    let lines = text.lines().map(|line| {
        let (_, record) = line.split_once("\"record\":").unwrap();
        let record = record.strip_suffix('}').unwrap().replace(from, to);
        let (length, crc) = (record.len(), crc32fast::hash(record.as_bytes()));
        format!("{{\"length\":{length},\"crc32\":\"{crc:08x}\",\"record\":{record}}}\n")
    });
    fs::write(&path, lines.collect::<String>()).unwrap();
    path
}

/// By the forged receipts every call was an install under way; by others it is the year 2999.
#[test]
fn f19_forged_receipts_change_nothing_of_the_end() {
    let (_, whole) = fleet::undisturbed();
    for (from, to, said) in [
        (
            "\"type\":\"outcome\"",
            "\"type\":\"outcome\"",
            "It left open",
        ),
        (
            "POST /connectors/{id}/install",
            INSTALL,
            "may still be done",
        ),
        ("acme-001", "zeta-999", "may still be done"),
        (
            "\"started\":\"20",
            "\"started\":\"29",
            "it is still to come",
        ),
        (
            "install template",
            "\\u001b]52;c;x\\u0007",
            "\\u{1b}]52;c;x\\u{7}",
        ),
    ] {
        let (bench, clock) = killed_at(INSTALL);
        clock.advance(LATE);
        let foreign = fleet::foreign(&bench);
        forge(&bench, from, to);
        let ended = apply(&bench, &["--resume", "last", "--settle", "1"], || {}).expect(0);
        let said = if from == to {
            "may still be done"
        } else {
            said
        };
        assert!(ended.stderr.contains(said), "{said}: {}", ended.stderr);
        assert_eq!(fleet::holdings(&bench), whole, "{from} to {to}");
        assert_eq!(fleet::foreign(&bench), foreign, "{from} to {to}");
        bench.expect_converged();
    }
}

#[test]
fn f19_receipts_that_do_not_tell_are_refused_and_nothing_is_sent() {
    let (bench, clock) = killed_at(INSTALL);
    clock.advance(LATE);
    let path = fleet::receipts(&bench).unwrap();
    let good = fs::read(&path).unwrap();
    bench.sandbox.reset_ledger();
    let check = |file: &str, expected: &str| {
        let ended = bench.run(&["apply", "--auto-approve", "manifest.yaml", "--resume", file]);
        let ended = ended.expect(5);
        let said = ended.stderr.replace(char::is_whitespace, " ");
        assert!(said.contains(expected) && said.contains("hint: "), "{said}");
        assert_eq!(bench.write_routes(), Vec::<String>::new(), "{expected}");
    };
    let mut flipped = good.clone();
    flipped[200] ^= 1;
    fs::write(&path, &flipped).unwrap();
    check("last", "line 1 is not as it was written");
    fs::write(&path, [&good[..], &good[..]].concat()).unwrap();
    check("last", "it is not at the place where it was written");
    fs::write(&path, &good).unwrap();
    forge(&bench, "\"version\":1", "\"version\":9");
    check(
        "last",
        "it is of version 9, and this program reads version 1",
    );
    fs::write(&path, &good).unwrap();
    forge(&bench, &bench.url(), "https://api.example.com");
    check(
        path.to_str().unwrap(),
        "are of https://api.example.com, and this is",
    );
    check("nowhere.jsonl", "there is no file nowhere.jsonl");
    fs::write(&path, &good).unwrap();
    let link = bench.folder.path().join("link.jsonl");
    std::os::unix::fs::symlink(&path, link).unwrap();
    check("link.jsonl", "link.jsonl is a symbolic link");
    check(".", ". is no file");
    let mode = |mode| {
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(&path, mode).unwrap();
    };
    mode(0o662);
    check("last", "others may write to");
    mode(0o600);
    fs::write(&path, &good[..40]).unwrap();
    check(path.to_str().unwrap(), "there are no records in");
}

/// Every job may ask for it: the first one has nothing to go on from.
#[test]
fn last_without_receipts_of_this_instance_goes_on_from_nothing() {
    let (bench, clock) = killed_at(INSTALL);
    clock.advance(LATE);
    forge(&bench, &bench.url(), "https://api.example.com");
    let ended = apply(&bench, &["--resume", "last"], || {}).expect(0);
    assert!(
        ended.stderr.contains("nothing to go on from"),
        "{}",
        ended.stderr
    );
    bench.expect_converged();
}

/// A torn line is what was being written when the process died, and is told.
#[test]
fn f19_a_torn_line_is_dropped_and_told() {
    let (bench, clock) = killed_at(INSTALL);
    clock.advance(LATE);
    let path = fleet::receipts(&bench).unwrap();
    let good = fs::read(&path).unwrap();
    fs::write(&path, &good[..good.len() - 9]).unwrap();
    let ended = apply(&bench, &["--resume", "last", "--settle", "1"], || {}).expect(0);
    assert!(
        ended.stderr.contains("Its last line was cut off after"),
        "{}",
        ended.stderr
    );
    bench.expect_converged();
}

/// What was left open is told with the command that goes on from it, which does.
#[test]
fn the_end_names_the_command_that_goes_on() {
    let (bench, clock) = fleet::bench();
    let late = FaultEffect::LateCommit {
        by: "60s".parse().unwrap(),
        code: None,
    };
    let rule = FaultRule::new(late).on(INSTALL).of("acme-001").nth(1);
    bench.sandbox.set_faults(vec![rule]);
    let ended = apply(&bench, &["--settle", "1"], || {}).expect(7);
    let path = fleet::receipts(&bench).unwrap();
    let name = path.file_name().unwrap().to_str().unwrap();
    let command = format!(
        "To go on from here:\n    gangplank apply --auto-approve manifest.yaml --settle 1 --resume .gangplank/receipts/{name}\n"
    );
    assert!(ended.stdout.contains(&command), "{}", ended.stdout);
    clock.advance(LATE);
    let asked = command.lines().nth(1).unwrap().trim();
    let asked: Vec<&str> = asked.split(' ').skip(1).collect();
    let ended = bench.run(&asked).expect(0);
    assert!(ended.stderr.contains("1 unknown"), "{}", ended.stderr);
    bench.expect_converged();
    let quiet = bench.run(&asked).expect(0);
    assert!(!quiet.stdout.contains("To go on"), "{}", quiet.stdout);
}
