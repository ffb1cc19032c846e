//! What is protected is not removed, whatever asks for it.

use crate::support::{Bench, scene};

const PROTECTED: [(&str, &str); 3] = [
    ("name: Acme Ltd", "name: Acme Ltd\n    protect: true"),
    (
        "- connector: Pipedrive\n",
        "- connector: Pipedrive\n        protect: true\n",
    ),
    (
        "- template: Pipedrive > Harbour CRM\n",
        "- template: Pipedrive > Harbour CRM\n        protect: true\n",
    ),
];

fn edited(edits: &[(&str, &str)]) -> String {
    let mut text = scene::MANIFEST.to_owned();
    for (from, to) in edits {
        assert!(text.contains(from), "the scene has no {from:?}");
        text = text.replacen(from, to, 1);
    }
    text
}

/// Everything in it, one object of each kind protected.
fn bench() -> Bench {
    let bench = scene::bench();
    bench.manifest(&edited(&PROTECTED));
    bench.apply().expect(0);
    bench.expect_converged();
    bench.sandbox.reset_ledger();
    bench
}

/// Asserts that a removal is refused, at all places at once, and that nothing is sent.
#[track_caller]
fn expect_refused(bench: &Bench, text: &str, objects: &[&str]) {
    bench.manifest(text);
    bench.sandbox.reset_ledger();
    let apply = [
        "apply",
        "--auto-approve",
        "--max-removals",
        "99",
        "manifest.yaml",
    ];
    let told = bench.run(&apply).expect(4);
    for object in objects {
        let line = format!("error[protected]: account[\"acme-001\"]{object} is protected");
        assert!(
            told.stderr.contains(&line),
            "no {line:?} in\n{}",
            told.stderr
        );
    }
    let refused = told.stderr.matches("error[protected]").count();
    assert_eq!(refused, objects.len(), "{}", told.stderr);
    assert!(told.stderr.contains("`protect: false`"), "{}", told.stderr);
    // What would go is shown, by both.
    let plan = ["plan", "--max-removals", "99", "manifest.yaml"];
    let plan = bench.run(&plan).expect(4);
    let removals = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("  - "));
        lines.map(str::to_owned).collect()
    };
    assert!(!removals(&plan.stdout).is_empty(), "{}", plan.stdout);
    assert_eq!(removals(&plan.stdout), removals(&told.stdout));
    assert_eq!(plan.stderr, told.stderr);
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}

const ALL: [&str; 3] = [
    "",
    ".connector[\"Pipedrive\"]",
    ".template[\"Pipedrive > Harbour CRM\"]",
];

#[test]
fn neither_by_its_own_entry_nor_with_its_account() {
    let bench = bench();
    let absent = ("name: Acme Ltd", "name: Acme Ltd\n    state: absent");
    let mut edits = PROTECTED.to_vec();
    edits.push(absent);
    expect_refused(&bench, &edited(&edits), &ALL);
    // The lines are gone, and the protection is not: neither for what is named nor for what is not.
    expect_refused(&bench, &edited(&[absent]), &ALL);
    let (head, _) = scene::MANIFEST
        .split_once("    description: first")
        .unwrap();
    expect_refused(&bench, &format!("{head}    state: absent\n"), &ALL);
    let connector = (
        "- connector: Pipedrive\n",
        "- connector: Pipedrive\n        state: absent\n",
    );
    // The cycle that runs on it may go along.
    expect_refused(&bench, &edited(&[connector]), &ALL[1..]);
    expect_refused(&bench, &format!("{head}    exclusive: true\n"), &ALL[1..]);
}

#[test]
fn what_is_lifted_goes() {
    let bench = bench();
    // As long as nothing is said, nothing changes.
    bench.manifest(scene::MANIFEST);
    bench.expect_converged();
    let lift: Vec<(&str, String)> = PROTECTED
        .iter()
        .map(|(from, to)| (*from, to.replace("protect: true", "protect: false")))
        .collect();
    let mut lift: Vec<(&str, &str)> = lift.iter().map(|(from, to)| (*from, to.as_str())).collect();
    bench.manifest(&edited(&lift));
    bench.sandbox.reset_ledger();
    let plan = bench.plan().expect(2);
    assert_eq!(
        plan.stdout.matches("protect  true -> false").count(),
        3,
        "{}",
        plan.stdout
    );
    bench.apply().expect(0);
    assert_eq!(bench.write_routes(), ["PUT /accounts/{id}"]);
    bench.expect_converged();
    lift.push(("description: first customer", "state: absent"));
    bench.manifest(&edited(&lift));
    let apply = [
        "apply",
        "--auto-approve",
        "--max-removals",
        "99",
        "manifest.yaml",
    ];
    bench.run(&apply).expect(0);
    let world = bench.sandbox.world();
    assert!(world.accounts.iter().all(|it| it.id != "acme-001"));
}

/// A new account remembers it with the call that makes it; an old one with one call for all.
#[test]
fn it_costs_one_call_at_most() {
    let fresh = scene::bench();
    fresh.manifest(&edited(&PROTECTED));
    fresh.apply().expect(0);
    let with = fresh.write_routes();
    let plain = scene::bench();
    plain.apply().expect(0);
    assert_eq!(with.len(), plain.write_routes().len());
    plain.manifest(&edited(&PROTECTED));
    plain.sandbox.reset_ledger();
    plain.apply().expect(0);
    assert_eq!(plain.write_routes(), ["PUT /accounts/{id}"]);
    plain.expect_converged();
}

#[test]
fn without_marks_the_line_alone_protects() {
    let bench = scene::bench();
    let off = |text: &str| {
        bench.manifest(text);
        let path = bench.folder.path().join("manifest.yaml");
        let whole = std::fs::read_to_string(&path).unwrap();
        let off = whole.replacen("    client_id:", "    marks: off\n    client_id:", 1);
        bench.write("manifest.yaml", &off);
    };
    off(&edited(&PROTECTED));
    bench.apply().expect(0);
    let plan = bench.run(&["plan", "manifest.yaml"]).expect(0);
    assert_eq!(
        plan.stdout.matches("is not kept in the instance").count(),
        1,
        "{}",
        plan.stdout
    );
    let absent = ("name: Acme Ltd", "name: Acme Ltd\n    state: absent");
    let mut edits = PROTECTED.to_vec();
    edits.push(absent);
    off(&edited(&edits));
    let remove = [
        "apply",
        "--auto-approve",
        "--max-removals",
        "99",
        "manifest.yaml",
    ];
    let told = bench.run(&remove).expect(4);
    assert_eq!(
        told.stderr.matches("error[protected]").count(),
        3,
        "{}",
        told.stderr
    );
    off(&edited(&[absent]));
    bench.run(&remove).expect(0);
}
