//! What nobody declares goes, where that was said.

use crate::support::{Bench, scene};
use gangplank_sandbox::{FaultEffect, FaultRule};

const APPLY: [&str; 5] = [
    "apply",
    "--auto-approve",
    "--max-removals",
    "99",
    "manifest.yaml",
];

/// The scene with one text replaced.
fn edited(from: &str, to: &str) -> String {
    assert!(scene::MANIFEST.contains(from), "the scene has no {from:?}");
    scene::MANIFEST.replacen(from, to, 1)
}

#[track_caller]
fn names(bench: &Bench, account: &str) -> Vec<String> {
    let world = bench.sandbox.world();
    let account = world.accounts.iter().find(|it| it.id == account).unwrap();
    let connectors = account.connectors.iter().map(|it| it.name.clone());
    // Deleted ones are listed for a while.
    let is_there = |status: &dyn std::fmt::Debug| format!("{status:?}") != "DeleteScheduled";
    let cycles = account.cycles.iter().filter(|it| is_there(&it.status));
    let cycles = cycles.map(|it| it.name.clone());
    connectors.chain(cycles).collect()
}

#[test]
fn an_account_keeps_what_its_entries_name_and_need() {
    let bench = scene::bench();
    bench.apply().expect(0);
    // One entry is left: the connectors that its cycle runs on are not named any more.
    let exclusive = edited("name: Acme Ltd", "name: Acme Ltd\n    exclusive: true");
    let (head, rest) = exclusive.split_once("    connectors:\n").unwrap();
    let (_, rest) = rest.split_once("    templates:\n").unwrap();
    let (template, _) = rest
        .split_once("      - template: Harbour CRM > Mailchimp")
        .unwrap();
    let (_, bolt) = rest.split_once("  - id: bolt-002").unwrap();
    let text = format!("{head}    templates:\n{template}  - id: bolt-002{bolt}");
    bench.manifest(&text);
    bench.sandbox.reset_ledger();
    let told = bench.apply().expect(4).stderr;
    assert!(
        told.contains("error[too-many-removals]: the plan removes 2 objects"),
        "{told}"
    );
    assert!(told.contains("`exclusive: true`"), "{told}");
    let plan = bench
        .run(&["plan", "--max-removals", "2", "manifest.yaml"])
        .expect(0);
    let position = text
        .lines()
        .position(|line| line.contains("exclusive"))
        .unwrap();
    // The manifest's own head comes before it.
    let position = format!("(manifest.yaml:{}:16)", position + 7);
    for text in [
        "- template \"Harbour CRM > Mailchimp\"",
        "- connector \"Mailchimp\"",
        "not in the manifest, and the account is exclusive",
        &position,
        "note: account acme-001 is exclusive",
    ] {
        assert!(
            plan.stdout.contains(text),
            "no {text:?} in\n{}",
            plan.stdout
        );
    }
    bench.run(&APPLY).expect(0);
    assert_eq!(
        bench.write_routes(),
        ["DELETE /cycles/{id}", "DELETE /account/connectors/{id}"]
    );
    let kept = ["Harbour CRM", "Pipedrive", "Pipedrive > Harbour CRM"];
    assert_eq!(names(&bench, "acme-001"), kept);
    assert_eq!(names(&bench, "bolt-002"), ["Freshdesk (desk)"]);
    bench.expect_converged();
}

/// An instance whose manifest declares one of its accounts.
fn instance(bench: &Bench, accounts: &str) {
    bench.manifest(accounts);
    let path = bench.folder.path().join("manifest.yaml");
    let whole = std::fs::read_to_string(&path).unwrap();
    let text = whole.replacen("    client_id:", "    exclusive: true\n    client_id:", 1);
    bench.write("manifest.yaml", &text);
}

#[test]
fn an_instance_keeps_the_accounts_that_are_declared() {
    let bench = scene::bench();
    let kid = "  - id: a-kid\n    name: Kid\n    parent: zoo\n  - id: zoo\n    name: Zoo\n";
    bench.manifest(&format!("{}{kid}", scene::MANIFEST));
    bench.apply().expect(0);
    instance(&bench, "accounts:\n  - id: BOLT-002\n    name: Bolt GmbH\n");
    bench.sandbox.reset_ledger();
    let plan = bench
        .run(&["plan", "--max-removals", "99", "manifest.yaml"])
        .expect(0);
    for text in [
        "- account  not in the manifest, and the instance is exclusive (manifest.yaml:",
        "- connector \"Pipedrive\"  goes with its account",
        "note: instance \"test\" is exclusive",
        " 8 to remove, ",
    ] {
        assert!(
            plan.stdout.contains(text),
            "no {text:?} in\n{}",
            plan.stdout
        );
    }
    bench.sandbox.reset_ledger();
    bench.run(&APPLY).expect(0);
    let deleted: Vec<String> = bench
        .writes()
        .into_iter()
        .filter(|(_, route)| route == "DELETE /accounts/{id}")
        .map(|(account, _)| account)
        .collect();
    let place = |id: &str| deleted.iter().position(|it| it == id).unwrap();
    assert_eq!(deleted.len(), 3, "{deleted:?}");
    assert!(place("a-kid") < place("zoo"), "{deleted:?}");
    let world = bench.sandbox.world();
    let left: Vec<&str> = world.accounts.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(left, ["bolt-002"]);
    bench.expect_converged();
}

/// A manifest that lost its accounts must not empty the instance.
#[test]
fn an_instance_without_a_declared_account_is_refused() {
    let bench = scene::bench();
    bench.apply().expect(0);
    instance(&bench, "accounts: []\n");
    bench.sandbox.reset_ledger();
    let told = bench.run(&APPLY).expect(4);
    let error = "error[exclusive-empty]";
    assert!(told.stderr.contains(error), "{}", told.stderr);
    let account = "- account  not in the manifest, and the instance is exclusive";
    assert!(told.stdout.contains(account), "{}", told.stdout);
    let plan = bench.run(&["plan", "manifest.yaml"]).expect(4);
    assert!(plan.stderr.contains(error), "{}", plan.stderr);
    assert_eq!(plan.stdout, told.stdout);
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}

/// What is protected stays, and what cannot be read is left alone.
#[test]
fn accounts_that_are_protected_or_unread_stay() {
    let bench = scene::bench();
    bench.manifest(&edited(
        "name: Acme Ltd",
        "name: Acme Ltd\n    protect: true",
    ));
    bench.apply().expect(0);
    let other = "accounts:\n  - id: other\n    name: Other\n";
    instance(&bench, other);
    bench.sandbox.reset_ledger();
    let told = bench.run(&APPLY).expect(4).stderr;
    assert!(
        told.contains("account[\"acme-001\"] is protected"),
        "{told}"
    );
    assert_eq!(bench.write_routes(), Vec::<String>::new());
    let refuse = FaultEffect::StatusBefore {
        code: 403,
        retry_after: None,
    };
    let rule = FaultRule::new(refuse).on("GET /cycles").of("acme-001");
    bench.sandbox.set_faults(vec![rule]);
    bench.run(&APPLY).expect(3);
    bench.sandbox.set_faults(Vec::new());
    let world = bench.sandbox.world();
    let left: Vec<&str> = world.accounts.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(left, ["acme-001", "other"]);
}
