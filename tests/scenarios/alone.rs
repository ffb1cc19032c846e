//! F12: what goes wrong in one account stays in that account.

use crate::support::{Bench, Ended, scene};
use gangplank_sandbox::{FaultEffect, FaultRule};
use std::collections::BTreeSet;

pub(super) fn status(code: u16) -> FaultEffect {
    FaultEffect::StatusBefore {
        code,
        retry_after: None,
    }
}

/// Every route that an apply of the scene writes to in the first account.
pub(super) const STEPS: [&str; 8] = [
    "POST /accounts",
    "POST /connectors/{id}/install",
    "POST /templates/{id}/install",
    "PUT /cycles/{id}",
    "PATCH /cycles/{id}/variables",
    "PUT /steps/{id}/parameters/{parameterId}",
    "PUT /steps/{id}/fieldmappings/{fieldId}",
    "PUT /cycles/{id}/activate",
];

#[track_caller]
fn expect_whole(bench: &Bench, account: &str, case: &str) {
    let world = bench.sandbox.world();
    let mut accounts = world.accounts.iter().filter(|it| it.id == account);
    let account = accounts
        .next()
        .unwrap_or_else(|| panic!("{case}: no {account}"));
    assert_eq!(account.connectors.len(), 1, "{case}");
}

#[test]
fn f12_a_refusal_at_any_step_touches_that_account_only() {
    for step in STEPS {
        for code in [403, 404] {
            let case = format!("{code} at {step}");
            let bench = scene::bench();
            let rule = FaultRule::new(status(code)).on(step);
            // A partner call names its account in the body; the first account is the first lane.
            bench.sandbox.set_faults(vec![if step == "POST /accounts" {
                FaultRule {
                    to: Some(1),
                    ..rule
                }
            } else {
                rule.of("acme-001")
            }]);
            let first = bench.run(&[
                "apply",
                "--auto-approve",
                "--concurrency",
                "1",
                "manifest.yaml",
            ]);
            assert_eq!(first.code, 3, "{case}: {first:?}");
            expect_whole(&bench, "bolt-002", &case);
            assert!(
                first.stdout.contains("acme-001"),
                "{case}: {}",
                first.stdout
            );
            assert!(
                !first.stdout.contains("! account[\"bolt"),
                "{case}: {}",
                first.stdout
            );
            bench.sandbox.set_faults(Vec::new());
            let again = bench.apply();
            assert_eq!(again.code, 0, "{case}: {again:?}");
            scene::expect_complete(&bench);
            bench.expect_converged();
        }
    }
}

#[test]
fn f12_an_account_that_cannot_be_read_is_left_out_alone() {
    let bench = scene::bench();
    bench.apply().expect(0);
    let both = scene::MANIFEST
        .replace("name: Acme Ltd", "name: Acme Limited")
        .replace("name: Bolt GmbH", "name: Bolt AG");
    bench.manifest(&both);
    for code in [403, 404] {
        bench.sandbox.reset_ledger();
        let rule = FaultRule::new(status(code)).on("GET /account/connectors");
        bench.sandbox.set_faults(vec![rule.of("acme-001")]);
        let ended = bench.apply().expect(3);
        assert!(
            ended.stderr.contains("account acme-001 could not be read"),
            "{ended:?}"
        );
        assert!(
            bench
                .writes()
                .iter()
                .all(|(account, _)| account == "bolt-002")
        );
    }
    bench.sandbox.set_faults(Vec::new());
    bench.apply().expect(0);
    bench.expect_converged();
}

/// So many accounts, each with one connector of the partner's own.
pub(super) fn fleet(bench: &mut Bench, count: usize) {
    bench.set("PIPEDRIVE_KEY", "key");
    let accounts: String = (0..count)
        .map(|number| {
            format!(
                "  - id: acme-{number:03}\n    name: Acme {number}\n    connectors: [{{ connector: Pipedrive, \
                 partner: true, auth: {{ api_key: {{ env: PIPEDRIVE_KEY }} }} }}]\n"
            )
        })
        .collect();
    bench.manifest(&format!("accounts:\n{accounts}"));
}

/// The accounts that the world holds with their connector.
pub(super) fn converged(bench: &Bench) -> BTreeSet<String> {
    let accounts = bench.sandbox.world().accounts;
    let whole = accounts.iter().filter(|it| it.connectors.len() == 1);
    whole.map(|it| it.id.clone()).collect()
}

pub(super) fn some(random: &mut fastrand::Rng, of: usize, count: usize) -> BTreeSet<String> {
    let mut all: Vec<usize> = (0..of).collect();
    random.shuffle(&mut all);
    all.iter()
        .take(count)
        .map(|it| format!("acme-{it:03}"))
        .collect()
}

#[track_caller]
fn expect_quarantined(ended: &Ended, expected: &BTreeSet<String>) {
    let report = ended.json();
    let list = report["quarantine"].as_array().unwrap();
    let accounts: BTreeSet<String> = list
        .iter()
        .map(|it| it["account"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(&accounts, expected);
    for one in list {
        let cause = one["cause"].as_str().unwrap();
        assert!(cause.contains("install Pipedrive"), "{one}");
        let next = one["next"].as_str().unwrap();
        assert!(next.contains("--only-failed .gangplank/receipts/"), "{one}");
    }
}

#[test]
fn f12_of_two_hundred_accounts_five_percent_fail_and_the_others_converge() {
    for seed in 1..=3 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut bench = Bench::new();
        fleet(&mut bench, 200);
        let bad = some(&mut random, 200, 10);
        let rules = bad.iter().map(|account| {
            let code = [400, 403, 404, 409, 422][random.usize(..5)];
            FaultRule::new(status(code))
                .on("POST /connectors/{id}/install")
                .of(account)
        });
        bench.sandbox.set_faults(rules.collect());
        let ended = bench
            .run(&[
                "apply",
                "--auto-approve",
                "--format",
                "json",
                "manifest.yaml",
            ])
            .expect(3);
        expect_quarantined(&ended, &bad);
        let good = converged(&bench);
        assert_eq!(good.len(), 190);
        assert!(good.is_disjoint(&bad));
        assert!(bench.ledger().duplicates.is_empty());
    }
}

/// For people: each with its cause, the list, and the command.
#[test]
fn f12_the_report_names_each_account_with_its_cause_and_the_command() {
    let mut bench = Bench::new();
    fleet(&mut bench, 30);
    let bad = some(&mut fastrand::Rng::with_seed(7), 30, 3);
    let rules = bad.iter().map(|account| {
        FaultRule::new(status(403))
            .on("POST /connectors/{id}/install")
            .of(account)
    });
    bench.sandbox.set_faults(rules.collect());
    let ended = bench
        .run(&["apply", "--auto-approve", "manifest.yaml"])
        .expect(3);
    for account in &bad {
        let cause = format!(
            "! account[\"{account}\"].connector[\"Pipedrive\"]: install Pipedrive (refused)"
        );
        assert!(ended.stdout.contains(&cause), "{}", ended.stdout);
    }
    let names: Vec<&str> = bad.iter().map(String::as_str).collect();
    let list = format!(
        "Quarantined, 3 accounts that went wrong:\n    {}",
        names.join(", ")
    );
    assert!(ended.stdout.contains(&list), "{}", ended.stdout);
    let command =
        "    gangplank apply --auto-approve manifest.yaml --only-failed .gangplank/receipts/";
    assert!(ended.stdout.contains(command), "{}", ended.stdout);
    assert_eq!(converged(&bench).len(), 27);
}

#[test]
fn f12_the_budget_of_failures_bounds_what_is_begun() {
    for (budget, begun) in [
        ("--max-failures=3", 3),
        ("--max-failures=10%", 4),
        ("--fail-fast", 1),
    ] {
        let mut bench = Bench::new();
        fleet(&mut bench, 40);
        let install = "POST /connectors/{id}/install";
        bench
            .sandbox
            .set_faults(vec![FaultRule::new(status(403)).on(install)]);
        let one_by_one = ["--concurrency", "1", "manifest.yaml"];
        let args = [&["apply", "--auto-approve", budget], &one_by_one[..]].concat();
        let ended = bench.run(&args).expect(3);
        assert_eq!(bench.ledger().count(install), begun, "{budget}");
        assert_eq!(
            bench.sandbox.world().accounts.len() as u64,
            begun,
            "{budget}"
        );
        let left = 40 - begun;
        let said = format!("! {left} accounts, not begun: ");
        assert!(ended.stdout.contains(&said), "{}", ended.stdout);
        bench.sandbox.set_faults(Vec::new());
        bench.apply().expect(0);
        bench.expect_converged();
    }
}

#[test]
fn f12_an_account_that_takes_too_long_is_put_aside() {
    let mut bench = Bench::new();
    fleet(&mut bench, 10);
    let slow = FaultEffect::Delay { milliseconds: 2000 };
    let install = "POST /connectors/{id}/install";
    let rules = vec![FaultRule::new(slow).on(install).of("acme-004")];
    bench.sandbox.set_faults(rules);
    let ended = bench
        .run(&[
            "apply",
            "--auto-approve",
            "--account-timeout",
            "1s",
            "manifest.yaml",
        ])
        .expect(0);
    // Its last call was in flight when the time was over: it is finished.
    assert_eq!(converged(&bench).len(), 10, "{ended:?}");
    // Further calls of an account whose time is over are not begun.
    let bench = scene::bench();
    let slow = FaultEffect::Delay { milliseconds: 2000 };
    let rules = vec![FaultRule::new(slow).on(install).of("acme-001")];
    bench.sandbox.set_faults(rules);
    let ended = bench
        .run(&[
            "apply",
            "--auto-approve",
            "--account-timeout",
            "1s",
            "manifest.yaml",
        ])
        .expect(3);
    assert!(
        ended.stdout.contains("the account took longer than 1s"),
        "{}",
        ended.stdout
    );
    assert_eq!(
        bench.ledger().count(install),
        2,
        "one of acme-001, one of bolt-002"
    );
    bench.sandbox.set_faults(Vec::new());
    bench.apply().expect(0);
    scene::expect_complete(&bench);
}
