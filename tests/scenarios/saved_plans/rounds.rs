//! What makes a plan more than a list of calls: rounds, removals, protection, new names, what waits.

use super::{apply_saved, planned, save, saved, seen};
use crate::support::{Bench, scene};
use gangplank_sandbox::SandboxOptions;

/// The library is shown to accounts only: a plan of a fresh instance makes these, and the rest is
/// another plan, which nobody has approved yet.
#[test]
fn the_second_round_is_a_plan_of_its_own() {
    let bench = scene::with(Bench::with(SandboxOptions {
        variants: vec![("LIBRARY_HEADER".to_owned(), "required".to_owned())],
        ..SandboxOptions::default()
    }));
    let digest = save(&bench, &[]);
    assert_eq!(saved(&bench)["unplanned"], true);
    let told = apply_saved(&bench, &["--approve-digest", &digest]).expect(3);
    assert!(told.stderr.contains("plan again"), "{}", told.stderr);
    assert_eq!(bench.write_routes(), ["POST /accounts", "POST /accounts"]);
    save(&bench, &[]);
    assert_eq!(saved(&bench)["unplanned"], serde_json::Value::Null);
    apply_saved(&bench, &[]).expect(0);
    bench.expect_converged();
    scene::expect_complete(&bench);
}

const GONE: (&str, &str) = ("description: first customer", "state: absent");

/// Nobody is asked when it is applied, so that removals are approved when it is made.
#[test]
fn removals_are_approved_when_the_plan_is_made() {
    let bench = scene::bench();
    bench.apply().expect(0);
    scene::edit(&bench, GONE.0, GONE.1);
    let out = ["plan", "--out", "plan.json", "manifest.yaml"];
    let told = bench.run(&out).expect(4);
    for part in ["since it would be refused", "--max-removals 6"] {
        assert!(
            told.stderr.contains(part),
            "no {part:?} in\n{}",
            told.stderr
        );
    }
    assert!(!super::file(&bench).exists());
    save(&bench, &["--max-removals", "10"]);
    assert_eq!(saved(&bench)["saved"]["approved_removals"], 6);
    let plan = planned(&saved(&bench));
    apply_saved(&bench, &[]).expect(0);
    assert_eq!(seen(&bench), plan);
    assert!(
        bench
            .sandbox
            .world()
            .accounts
            .iter()
            .all(|it| it.id != "acme-001")
    );
}

#[test]
fn a_plan_that_removes_what_is_protected_is_not_saved() {
    let bench = scene::bench();
    scene::edit(
        &bench,
        "name: Acme Ltd",
        "name: Acme Ltd\n    protect: true",
    );
    bench.apply().expect(0);
    scene::edit(&bench, GONE.0, GONE.1);
    let out = [
        "plan",
        "--max-removals",
        "9",
        "--out",
        "plan.json",
        "manifest.yaml",
    ];
    let told = bench.run(&out).expect(4);
    assert!(told.stderr.contains("error[protected]"), "{}", told.stderr);
    assert!(
        told.stderr.contains("is not saved to plan.json"),
        "{}",
        told.stderr
    );
    assert!(!super::file(&bench).exists());
}

/// Protected after the plan was made: that is kept in the account, which has moved by it.
#[test]
fn what_is_protected_later_is_not_removed() {
    let bench = scene::bench();
    bench.apply().expect(0);
    scene::edit(&bench, GONE.0, GONE.1);
    save(&bench, &["--max-removals", "9"]);
    scene::edit(
        &bench,
        "name: Acme Ltd",
        "name: Acme Ltd\n    protect: true",
    );
    bench.apply().expect(0);
    bench.sandbox.reset_ledger();
    apply_saved(&bench, &[]).expect(3);
    assert_eq!(bench.write_routes(), Vec::<String>::new());
    scene::expect_complete(&bench);
}

#[test]
fn entries_that_were_moved_are_renamed() {
    let bench = scene::bench();
    bench.apply().expect(0);
    let connector = "name: Freshdesk (desk)";
    scene::edit(
        &bench,
        connector,
        "name: Service desk\n        moved: { from: Freshdesk (desk) }",
    );
    save(&bench, &[]);
    let plan = planned(&saved(&bench));
    assert_eq!(
        plan["bolt-002"],
        ["PUT /account/connectors/{id}", "PUT /accounts/{id}"]
    );
    apply_saved(&bench, &[]).expect(0);
    assert_eq!(seen(&bench), plan);
    bench.expect_converged();
}

/// Sub-accounts come after their parents, in a plan from a file as well.
#[test]
fn parents_come_first() {
    let bench = Bench::new();
    bench.manifest(
        "accounts:\n  - { id: below, name: Below, parent: top }\n  - { id: top, name: Top }\n",
    );
    save(&bench, &[]);
    apply_saved(&bench, &[]).expect(0);
    let order: Vec<String> = bench.writes().into_iter().map(|(id, _)| id).collect();
    assert_eq!(order, ["top", "below"]);
    bench.expect_converged();
}

/// Accounts that could not be read are not in the plan, and its end says so.
#[test]
fn what_was_left_out_is_still_left_out() {
    let bench = super::changed();
    let broken = gangplank_sandbox::FaultRule::new(gangplank_sandbox::FaultEffect::StatusBefore {
        code: 403,
        retry_after: None,
    });
    bench.sandbox.set_faults(vec![broken.on("GET /cycles")]);
    let out = [
        "plan",
        "--with-secrets",
        "--out",
        "plan.json",
        "manifest.yaml",
    ];
    bench.run(&out).expect(3);
    bench.sandbox.set_faults(Vec::new());
    assert_eq!(saved(&bench)["unread"], serde_json::json!(["acme-001"]));
    bench.sandbox.reset_ledger();
    apply_saved(&bench, &[]).expect(3);
    assert_eq!(seen(&bench).keys().collect::<Vec<_>>(), ["bolt-002"]);
}
