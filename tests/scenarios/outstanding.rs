//! What one call or one answer holds up, and what goes on all the same.

use crate::support::{Bench, scene};
use gangplank_sandbox::{CycleStatus, FaultEffect, FaultRule, SandboxOptions};

fn refuses(code: u16) -> FaultEffect {
    FaultEffect::StatusBefore {
        code,
        retry_after: None,
    }
}

fn statuses(bench: &Bench, account: &str) -> Vec<(String, CycleStatus)> {
    let world = bench.sandbox.world();
    let account = world.accounts.iter().find(|a| a.id == account).unwrap();
    let cycles = account.cycles.iter();
    cycles.map(|it| (it.name.clone(), it.status)).collect()
}

/// A cycle that lacks a mapping is refused on every run; the next template was never installed.
#[test]
fn a_refused_activation_holds_up_no_other_template() {
    let bench = scene::bench();
    bench.manifest(
        r#"
accounts:
  - id: a1
    name: A1
    connectors:
      - { connector: Pipedrive, auth: { api_key: { env: PIPEDRIVE_KEY } } }
      - { connector: Harbour CRM, version: "2.1", properties: { Subdomain: x }, auth: { api_key: { env: HARBOUR_KEY } } }
    templates:
      - { template: Pipedrive > Harbour CRM, name: One, run: { every: 1h } }
      - { template: Pipedrive > Harbour CRM, name: Two, run: paused }
"#,
    );
    let ended = bench.apply().expect(3);
    let told = ended
        .stdout
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(told.contains("it still needs"), "{told}");
    let step = "mapping (step \"Create Opportunity\")";
    assert!(told.contains(step), "no {step:?} in {told}");
    assert!(told.contains("hint: mend what was refused"), "{told}");
    assert!(!told.contains("hint: apply again"), "{told}");
    let names: Vec<String> = statuses(&bench, "a1").into_iter().map(|it| it.0).collect();
    assert_eq!(names, ["One", "Two"]);
    assert!(bench.ledger().duplicates.is_empty());
}

/// A change that is refused between stop and start left the customer's cycle stopped.
#[test]
fn a_running_cycle_runs_on_when_a_change_is_refused() {
    for refused in [
        "PUT /steps/{id}/fieldmappings/{fieldId}",
        "PUT /account/connectors/{id}",
    ] {
        let bench = scene::bench();
        bench.apply().expect(0);
        let changed = scene::MANIFEST
            .replace("Title: Deal", "Title: Opportunity")
            .replace("Subdomain: acme", "Subdomain: acme-eu");
        bench.manifest(&changed);
        let rule = FaultRule::new(refuses(400)).on(refused);
        bench.sandbox.set_faults(vec![rule]);
        bench.sandbox.reset_ledger();
        bench.apply().expect(3);
        let ledger = bench.ledger();
        assert_eq!(ledger.count("PUT /cycles/{id}/deactivate"), 1, "{refused}");
        assert_eq!(ledger.count("PUT /cycles/{id}/activate"), 1, "{refused}");
        let running = statuses(&bench, "acme-001")
            .into_iter()
            .find(|(name, _)| name == "Pipedrive > Harbour CRM");
        assert_eq!(running.unwrap().1, CycleStatus::Active, "{refused}");
        bench.sandbox.set_faults(Vec::new());
        bench.apply().expect(0);
        bench.expect_converged();
    }
}

/// The install arrives after the window in which it is looked for: it was sent again, and the
/// second cycle stood beside the first.
#[test]
fn an_install_that_comes_late_is_left_to_a_person_and_adopted() {
    let bench = scene::bench();
    let late = FaultEffect::LateCommit {
        by: "3s".parse().unwrap(),
        code: None,
    };
    let rule = FaultRule::new(late).on("POST /templates/{id}/install");
    bench.sandbox.set_faults(vec![rule.nth(1)]);
    let ended = bench.apply().expect(7);
    assert!(
        ended.stdout.contains("may still be done late"),
        "{}",
        ended.stdout
    );
    assert_eq!(bench.ledger().count("POST /templates/{id}/install"), 1);
    bench.rest(std::time::Duration::from_secs(3));
    bench.apply().expect(0);
    bench.expect_converged();
    scene::expect_complete(&bench);
}

/// Where the library is shown to accounts only, an apply ended with the accounts alone, as done.
#[test]
fn a_library_for_accounts_only_takes_two_rounds_of_one_apply() {
    let strict = || {
        scene::with(Bench::with(SandboxOptions {
            variants: vec![("LIBRARY_HEADER".to_owned(), "required".to_owned())],
            ..SandboxOptions::default()
        }))
    };
    let bench = strict();
    let plan = bench.plan().expect(2);
    assert!(plan.stdout.contains("to accounts only"), "{}", plan.stdout);
    let ended = bench.apply().expect(0);
    let plans = ended.stdout.matches("Plan: ").count();
    assert_eq!(plans, 2, "both plans are shown: {}", ended.stdout);
    bench.expect_converged();
    scene::expect_complete(&bench);

    // One account that cannot be made does not keep the other from its second round.
    let bench = strict();
    let rule = FaultRule::new(refuses(400)).on("POST /accounts");
    bench.sandbox.set_faults(vec![rule.nth(2)]);
    bench.apply().expect(3);
    let world = bench.sandbox.world();
    assert_eq!(world.accounts.len(), 2, "it was made in the second round");
    assert_eq!(world.accounts[0].connectors.len(), 3);
}
