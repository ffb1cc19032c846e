//! The README's first command, twice.

use crate::support::{gangplank, root};
use gangplank_sandbox::{Sandbox, SandboxOptions};
use std::collections::BTreeMap;

#[test]
fn three_customers_are_onboarded_and_then_nothing_differs() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = root().join("manifests/quickstart.yaml");
    let manifest = manifest.to_str().unwrap();
    let apply = || {
        let args = ["apply", "--sandbox", "--auto-approve", manifest];
        gangplank(folder.path(), &BTreeMap::new(), &args).expect(0)
    };
    let ledger = || {
        let database = Some(folder.path().join(".gangplank/sandbox.db"));
        Sandbox::open(SandboxOptions {
            database,
            ..SandboxOptions::default()
        })
        .unwrap()
        .ledger()
    };
    let first = apply();
    for text in [
        "Brightwater Books",
        "Cedar Lane Dental",
        "Solstice Outdoor",
        "sign in to Mailchimp",
    ] {
        assert!(
            first.stdout.contains(text),
            "no {text:?} in\n{}",
            first.stdout
        );
    }
    let before = ledger();
    assert!(
        before
            .requests
            .iter()
            .filter(|request| request.write)
            .count()
            > 20
    );
    assert!(before.duplicates.is_empty());

    let second = apply();
    assert!(
        second
            .stdout
            .contains("Plan: 0 to add, 0 to change, 0 to remove, "),
        "{}",
        second.stdout
    );
    let after = ledger();
    let later = &after.requests[before.requests.len()..];
    assert!(!later.is_empty(), "the second run read nothing");
    assert!(later.iter().all(|request| !request.write), "{later:?}");
}

#[test]
fn the_readme_shows_the_commands_that_are_tested() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let first = "cargo run --release -- apply --sandbox --auto-approve manifests/quickstart.yaml";
    assert!(readme.contains(first));
    assert!(readme.contains("cargo test --workspace"));
    assert!(readme.contains("gangplank validate manifests/"));
    let bench = crate::support::Bench::new();
    let all = root().join("manifests");
    bench.run(&["validate", all.to_str().unwrap()]).expect(0);
}
