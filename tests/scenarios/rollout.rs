//! Waves: a template that breaks is stopped at the first one, and the position survives a kill.

use crate::support::Bench;
use crate::support::running::{Running, receipts};
use gangplank_sandbox::{FaultEffect, FaultRule};
use rustix::process::Signal;
use std::collections::BTreeSet;
use std::time::Duration;

/// So many accounts with one cycle each; the first two are canaries.
fn fleet(count: usize) -> Bench {
    let mut bench = Bench::new();
    bench.set("HARBOUR_KEY", "key-1");
    bench.set("PIPEDRIVE_KEY", "key-2");
    let accounts: String = (0..count)
        .map(|number| {
            let labels = if number < 2 {
                "\n    labels: { wave: canary }"
            } else {
                ""
            };
            format!(
                "  - id: acme-{number:03}\n    name: Acme {number}\n    profile: standard{labels}\n"
            )
        })
        .collect();
    bench.manifest(&format!(
        r#"
profiles:
  standard:
    connectors:
      - {{ connector: Harbour CRM, version: "2.1", partner: true, properties: {{ Region: eu, Subdomain: acme }}, auth: {{ api_key: {{ env: HARBOUR_KEY }} }} }}
      - {{ connector: Pipedrive, partner: true, auth: {{ api_key: {{ env: PIPEDRIVE_KEY }} }} }}
    templates:
      - template: Pipedrive > Harbour CRM
        parameters: {{ Create Opportunity: {{ Pipeline: New business }} }}
        mappings: {{ Create Opportunity: {{ Title: Deal }} }}
        run: {{ every: 1h }}
accounts:
{accounts}"#
    ));
    bench
}

fn accounts(bench: &Bench) -> BTreeSet<String> {
    bench
        .sandbox
        .world()
        .accounts
        .into_iter()
        .map(|it| it.id)
        .collect()
}

const WAVES: [&str; 6] = ["--wave", "wave=canary", "--then", "10%", "--then", "100%"];

fn apply<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let base = ["apply", "--auto-approve", "manifest.yaml"];
    [&base, &WAVES[..], more].concat()
}

#[test]
fn the_plan_shows_who_goes_when() {
    let bench = fleet(30);
    let plan = [&["plan", "manifest.yaml", "--soak", "5m"], &WAVES[..]].concat();
    let shown = bench.run(&plan).expect(0).stdout;
    for line in [
        "Waves, each looked at, left to itself for 5 min, and looked at again:",
        "  1  wave=canary  2 accounts",
        "acme-000 (Acme 0)  8 calls, wave 1",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    let json = bench
        .run(&[&plan[..], &["--format", "json"]].concat())
        .expect(0)
        .json();
    assert_eq!(json["rollout"]["waves"][1], "10%");
    assert_eq!(json["rollout"]["soak_milliseconds"], 300_000);
    let waves = json["lanes"].as_array().unwrap().iter();
    let first = waves.filter(|lane| lane["wave"] == 1).count();
    assert_eq!(first, 2);
    // A slip in the label would leave no canary: refused before anything is read.
    bench.sandbox.reset_ledger();
    let slip = bench.run(&[
        "apply",
        "--auto-approve",
        "manifest.yaml",
        "--wave",
        "wave=canry",
    ]);
    let slip = slip.expect(5);
    assert!(
        slip.stderr.contains("did you mean wave=canary?"),
        "{slip:?}"
    );
    assert_eq!(bench.ledger().requests.len(), 0);
    bench
        .run(&["plan", "manifest.yaml", "--then", "10%"])
        .expect(5);
}

#[test]
fn all_waves_in_order_converge() {
    let bench = fleet(30);
    let ended = bench.run(&apply(&[])).expect(0);
    assert!(ended.stderr.contains("wave 1: passed"), "{}", ended.stderr);
    let creates: Vec<String> = bench
        .writes()
        .into_iter()
        .filter(|(_, route)| route == "POST /accounts")
        .map(|(account, _)| account)
        .collect();
    let first: BTreeSet<&str> = creates.iter().take(2).map(String::as_str).collect();
    assert_eq!(first, BTreeSet::from(["acme-000", "acme-001"]));
    assert_eq!(creates.len(), 30);
    // Two looks at a wave without a soak are one, at each cycle of each wave but the last.
    let before_last = bench.ledger().count("GET /cycles/{id}/prerequisites");
    assert!((4..=5).contains(&before_last), "{before_last}");
    bench.expect_converged();
}

/// Every route on which the template may break, in one canary alone.
#[test]
fn f12_a_template_that_breaks_on_one_account_is_stopped_at_wave_1() {
    for route in [
        "POST /templates/{id}/install",
        "PUT /steps/{id}/parameters/{parameterId}",
        "PUT /cycles/{id}/activate",
        "GET /cycles/{id}/prerequisites",
    ] {
        let bench = fleet(20);
        let no = FaultEffect::StatusBefore {
            code: 403,
            retry_after: None,
        };
        let rule = FaultRule::new(no).on(route).of("acme-001");
        bench.sandbox.set_faults(vec![rule]);
        let ended = bench.run(&apply(&[])).expect(3);
        let canaries = ["acme-000", "acme-001"].map(str::to_owned);
        assert_eq!(accounts(&bench), BTreeSet::from(canaries), "{route}");
        let said = "wave 1 (wave=canary)  2 accounts: not passed";
        assert!(ended.stdout.contains(said), "{route}: {}", ended.stdout);
        let left = "! 18 accounts, not begun: wave 1 was not passed";
        assert!(ended.stdout.contains(left), "{route}: {}", ended.stdout);
        bench.sandbox.set_faults(Vec::new());
        bench.run(&apply(&[])).expect(0);
        bench.expect_converged();
    }
}

#[test]
fn f24_a_signal_ends_the_soak() {
    let bench = fleet(20);
    let mut running = Running::apply(&bench, &[&WAVES[..], &["--soak", "10m"]].concat());
    running.until_said(&bench, "nothing is written for 600 s");
    bench.sandbox.reset_ledger();
    running.signal(Signal::TERM);
    let (ended, took) = running.end(&bench);
    let ended = ended.expect(143);
    assert!(took < Duration::from_secs(4), "{took:?}");
    let said = "wave 1 (wave=canary)  2 accounts: stopped before the next wave, with ";
    assert!(ended.stdout.contains(said), "{}", ended.stdout);
    assert_eq!(
        bench.write_routes(),
        Vec::<String>::new(),
        "nothing while it soaks"
    );
    assert_eq!(accounts(&bench).len(), 2);
}

#[test]
fn the_deadline_ends_the_soak_as_well() {
    let bench = fleet(5);
    let ended = bench
        .run(&apply(&["--soak", "10m", "--deadline", "5s"]))
        .expect(3);
    assert!(
        ended.stderr.contains("The deadline of 5 s is over"),
        "{}",
        ended.stderr
    );
    assert_eq!(accounts(&bench).len(), 2);
}

/// Killed while a wave was left to itself: the time that is left is known from the receipts, through any
/// number of jobs, and is waited for in full without them.
#[test]
fn the_position_survives_a_kill() {
    let bench = fleet(20);
    let long = [&WAVES[..], &["--soak", "10m"]].concat();
    let mut running = Running::apply(&bench, &long);
    running.until_said(&bench, "wave 1: nothing is written for 600 s");
    running.kill();
    let mut file = receipts(&bench);
    bench.rest(Duration::from_millis(1100));
    let mut left = 600;
    for _ in 0..2 {
        let mut running = Running::apply(&bench, &[&long[..], &["--resume", &file]].concat());
        running.until_said(&bench, "wave 1: nothing is written for ");
        let said = running.said();
        let (_, after) = said.split_once("nothing is written for ").unwrap();
        let seconds: u32 = after.split(' ').next().unwrap().parse().unwrap();
        assert!(seconds < left && seconds > 500, "{said}");
        left = seconds;
        running.kill();
        file = receipts(&bench);
        bench.rest(Duration::from_millis(1100));
    }
    let mut running = Running::apply(&bench, &long);
    running.until_said(&bench, "wave 1: nothing is written for 600 s");
    running.kill();
    assert_eq!(accounts(&bench).len(), 2, "nothing but the canaries so far");

    // The time is over by now: it is looked at once more, and the next waves follow.
    let short = [&WAVES[..], &["--soak", "1s", "--resume", &file]].concat();
    bench.sandbox.reset_ledger();
    let ended = Running::apply(&bench, &short).end(&bench).0.expect(0);
    assert!(
        ended.stderr.contains("wave 1: looking at 2 cycles"),
        "{ended:?}"
    );
    assert!(
        !ended.stderr.contains("wave 1: nothing is written"),
        "{ended:?}"
    );
    assert!(ended.stderr.contains("wave 2: passed"), "{ended:?}");
    bench.expect_converged();
}

/// A canary that stopped while nobody looked holds the next wave back, in the next job too.
#[test]
fn f12_a_canary_that_breaks_while_it_soaks_is_seen_by_the_next_job() {
    let bench = fleet(20);
    let long = [&WAVES[..], &["--soak", "10m"]].concat();
    let mut running = Running::apply(&bench, &long);
    running.until_said(&bench, "wave 1: nothing is written for 600 s");
    running.kill();
    let file = receipts(&bench);
    let no = FaultEffect::StatusBefore {
        code: 404,
        retry_after: None,
    };
    let rule = FaultRule::new(no).on("GET /cycles/{id}").of("acme-001");
    bench.sandbox.set_faults(vec![rule]);
    bench.rest(Duration::from_millis(1100));
    let short = [&WAVES[..], &["--soak", "1s", "--resume", &file]].concat();
    let ended = Running::apply(&bench, &short).end(&bench).0.expect(1);
    assert!(ended.stdout.contains("wave 1 (wave=canary)"), "{ended:?}");
    assert!(
        ended.stdout.contains("the cycle is not there any more"),
        "{ended:?}"
    );
    assert_eq!(accounts(&bench).len(), 2);
}

/// A plan that was saved has its waves with it.
#[test]
fn a_saved_plan_keeps_its_waves() {
    let bench = fleet(12);
    let plan = [&["plan", "manifest.yaml", "--out", "plan.json"], &WAVES[..]].concat();
    bench.run(&plan).expect(0);
    bench
        .run(&["apply", "--plan", "plan.json", "--wave", "10%"])
        .expect(5);
    let ended = bench.run(&["apply", "--plan", "plan.json"]).expect(0);
    assert!(ended.stderr.contains("wave 1: passed"), "{ended:?}");
    assert!(ended.stdout.contains("wave 3 (100%)"), "{ended:?}");
    bench.expect_converged();
}
