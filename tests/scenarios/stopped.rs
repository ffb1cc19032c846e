//! F24: signals, deadlines and streams that nobody reads, at each phase.

use crate::support::running::{Running, records};
use crate::support::{Bench, scene};
use gangplank_sandbox::{FaultEffect, FaultRule};
use rustix::process::Signal;
use std::process::Stdio;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn once(effect: FaultEffect, route: &str) -> Vec<FaultRule> {
    vec![FaultRule::new(effect).on(route).nth(1)]
}

/// What was stopped anywhere is done by one more apply, with nothing twice.
#[track_caller]
fn expect_recovery(bench: &Bench) {
    bench.sandbox.set_faults(Vec::new());
    let again = bench.apply();
    assert_eq!(again.code, 0, "{again:?}");
    scene::expect_complete(bench);
    bench.expect_converged();
}

#[test]
fn f24_before_the_plan_nothing_is_written_and_the_command_is_told() {
    let signals = [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)];
    for (signal, code) in signals {
        let bench = scene::bench();
        bench
            .sandbox
            .set_faults(once(FaultEffect::SilenceBefore, "GET /accounts"));
        let mut running = Running::apply(&bench, &[]);
        running.until_struck(&bench);
        running.signal(signal);
        let (ended, took) = running.end(&bench);
        let ended = ended.expect(code);
        assert!(took < 3 * SECOND, "{took:?}");
        assert!(
            ended.stderr.contains("no call that writes was under way"),
            "{ended:?}"
        );
        let command = "    gangplank apply --auto-approve manifest.yaml\n";
        assert!(ended.stderr.contains(command), "{ended:?}");
        assert_eq!(bench.write_routes(), Vec::<String>::new());
        expect_recovery(&bench);
    }
}

/// What `nohup` asks for.
#[test]
fn f24_a_hang_up_that_is_ignored_stays_ignored() {
    let bench = scene::bench();
    let slow = FaultEffect::Delay { milliseconds: 300 };
    bench.sandbox.set_faults(once(slow, "POST /accounts"));
    let mut shell = std::process::Command::new("sh");
    let script = format!(
        "trap '' HUP; exec {} apply --auto-approve manifest.yaml",
        env!("CARGO_BIN_EXE_gangplank")
    );
    shell.args(["-c", &script]).current_dir(bench.folder.path());
    shell.env_clear().envs(&bench.variables);
    let mut running = Running::start(&bench, shell);
    running.until_struck(&bench);
    running.signal(Signal::HUP);
    running.end(&bench).0.expect(0);
    scene::expect_complete(&bench);
}

/// The answer comes within the grace: the call is done, and nothing after it.
#[test]
fn f24_a_call_in_flight_is_finished_and_no_other_begins() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        for route in super::alone::STEPS {
            let bench = scene::bench();
            let slow = FaultEffect::Delay { milliseconds: 400 };
            let rule = FaultRule::new(slow).on(route);
            let is_account = route == "POST /accounts";
            let rule = if is_account {
                rule
            } else {
                rule.of("acme-001")
            };
            bench.sandbox.set_faults(vec![rule.nth(1)]);
            let mut running = Running::apply(&bench, &["--concurrency", "1"]);
            running.until_struck(&bench);
            running.signal(signal);
            running.until_said(&bench, "Stopping: ");
            let (ended, took) = running.end(&bench);
            let ended = ended.expect(code);
            assert!(took < 4 * SECOND, "{route}: {took:?}");
            let struck = bench.ledger();
            let place = struck.requests.iter().position(|it| it.fault.is_some());
            let later = struck.requests[place.unwrap() + 1..]
                .iter()
                .filter(|it| it.write);
            assert_eq!(
                later.count(),
                0,
                "{route}: nothing is written after the stop"
            );
            assert!(ended.stdout.contains("To go on from here:"), "{ended:?}");
            let command = "    gangplank apply --auto-approve manifest.yaml --concurrency 1 --resume .gangplank/receipts/";
            assert!(ended.stdout.contains(command), "{ended:?}");
            expect_recovery(&bench);
        }
    }
}

/// The answer never comes: seven seconds, and the call is told as unknown.
#[test]
fn f24_a_call_that_is_not_answered_is_unknown_after_seven_seconds() {
    let effects = [FaultEffect::SilenceBefore, FaultEffect::SilenceAfter];
    let routes = ["POST /accounts", "POST /templates/{id}/install"];
    let cases = effects
        .iter()
        .flat_map(|effect| routes.map(|route| (effect, route)));
    std::thread::scope(|scope| {
        for (effect, route) in cases {
            scope.spawn(move || {
                let bench = scene::bench();
                bench.sandbox.set_faults(once(effect.clone(), route));
                let mut running = Running::apply(&bench, &[]);
                running.until_struck(&bench);
                running.signal(Signal::TERM);
                let (ended, took) = running.end(&bench);
                let ended = ended.expect(143);
                assert!(took > 5 * SECOND && took < 9 * SECOND, "{route}: {took:?}");
                assert!(ended.stdout.contains("(unknown)"), "{ended:?}");
                let unknown = |it: &&serde_json::Value| it["outcome"] == "unknown";
                assert_eq!(records(&bench).iter().filter(unknown).count(), 1);
                // The create may be on its way: the default settle window covers that.
                expect_recovery(&bench);
            });
        }
    });
}

/// A wait of a minute is over at once.
#[test]
fn f24_a_wait_ends_at_once() {
    let bench = scene::bench();
    let busy = FaultEffect::StatusBefore {
        code: 429,
        retry_after: Some("50".into()),
    };
    bench.sandbox.set_faults(once(busy, "PUT /cycles/{id}"));
    let mut running = Running::apply(&bench, &[]);
    running.until_struck(&bench);
    running.signal(Signal::INT);
    let (ended, took) = running.end(&bench);
    ended.expect(130);
    assert!(took < 4 * SECOND, "{took:?}");
    expect_recovery(&bench);
}

#[test]
fn f24_a_second_signal_ends_at_once_and_keeps_the_receipts() {
    let bench = scene::bench();
    let rules = once(FaultEffect::SilenceAfter, "POST /templates/{id}/install");
    bench.sandbox.set_faults(rules);
    let mut running = Running::apply(&bench, &[]);
    running.until_struck(&bench);
    running.signal(Signal::INT);
    running.until_said(&bench, "Stopping: ");
    running.signal(Signal::TERM);
    let (ended, took) = running.end(&bench);
    let ended = ended.expect(143);
    assert!(took < 4 * SECOND, "{took:?}");
    assert!(ended.stderr.contains("Ended at once"), "{ended:?}");
    let records = records(&bench);
    let install = |it: &&serde_json::Value| it["route"] == "POST /templates/{id}/install";
    assert_eq!(records.iter().filter(install).count(), 1, "{records:?}");
    let done = records.iter().filter(|it| it["outcome"] == "done").count();
    assert!(done >= 2, "{records:?}");
    expect_recovery(&bench);
}

#[test]
fn f24_the_deadline_stops_cleanly_with_words_of_its_own() {
    let bench = scene::bench();
    let slow = FaultEffect::Delay { milliseconds: 900 };
    bench.sandbox.set_faults(vec![
        FaultRule::new(slow)
            .on("POST /connectors/{id}/install")
            .of("acme-001"),
    ]);
    let ended = bench.run(&[
        "apply",
        "--auto-approve",
        "--deadline",
        "2s",
        "manifest.yaml",
    ]);
    let ended = ended.expect(3);
    assert!(
        ended.stderr.contains("The deadline of 2 s is over"),
        "{ended:?}"
    );
    let command =
        "    gangplank apply --auto-approve --deadline 2s manifest.yaml --resume .gangplank/";
    assert!(ended.stdout.contains(command), "{ended:?}");
    expect_recovery(&bench);

    // Before the plan there is nothing to stop.
    let bench = scene::bench();
    bench
        .sandbox
        .set_faults(once(FaultEffect::SilenceBefore, "GET /accounts"));
    let ended = bench.run(&["apply", "--auto-approve", "--deadline=1s", "manifest.yaml"]);
    let ended = ended.expect(3);
    assert!(
        ended.stderr.contains("no call that writes was under way"),
        "{ended:?}"
    );
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}

/// Whoever read standard output has gone: the report goes to standard error, and the exit code is true.
#[test]
fn f24_closed_streams_lose_neither_report_nor_receipts() {
    for is_stderr in [true, false] {
        let bench = scene::bench();
        let no = FaultEffect::StatusBefore {
            code: 403,
            retry_after: None,
        };
        let rule = FaultRule::new(no).on("POST /templates/{id}/install");
        bench.sandbox.set_faults(vec![rule]);
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = bench.command(&["apply", "--auto-approve", "manifest.yaml"]);
        let command = if is_stderr {
            command.stdout(Stdio::piped()).stderr(writer)
        } else {
            command.stdout(writer).stderr(Stdio::piped())
        };
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{output:?}");
        let heard = if is_stderr {
            output.stdout
        } else {
            output.stderr
        };
        let heard = String::from_utf8(heard).unwrap();
        assert!(heard.contains("install template (refused)"), "{heard}");
        assert!(heard.contains("Applied: "), "{heard}");
        let refused = records(&bench);
        let refused = refused
            .iter()
            .filter(|it| it["outcome"] == "refused")
            .count();
        assert_eq!(refused, 2);
        expect_recovery(&bench);
    }
}

/// Somebody is asked on a terminal, and a signal comes instead of an answer.
#[test]
fn f24_while_the_question_is_open_nothing_is_written() {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    use std::io::Read as _;
    let bench = scene::bench();
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let mut options = std::fs::OpenOptions::new();
    let terminal = options
        .read(true)
        .write(true)
        .open(name.to_str().unwrap())
        .unwrap();
    let mut child = bench
        .command(&["apply", "manifest.yaml"])
        .stdin(terminal.try_clone().unwrap())
        .stdout(Stdio::null())
        .stderr(terminal)
        .spawn()
        .unwrap();
    let mut master = std::fs::File::from(master);
    let mut said = String::new();
    let mut until = |text: &str| {
        while !said.contains(text) {
            let mut some = [0; 512];
            let count = master.read(&mut some).expect(text);
            said.push_str(&String::from_utf8_lossy(&some[..count]));
        }
    };
    until("Only `yes` is taken");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, Signal::INT).unwrap();
    until("no call that writes was under way");
    until("gangplank apply manifest.yaml");
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}
