//! What was approved is what runs: by digest, with the file and without.

use super::{apply_saved, changed, save, saved, seen};
use crate::support::{Bench, Ended, scene};

/// Applies the manifest under an approval.
fn apply_approved(bench: &Bench, digest: &str) -> Ended {
    let args = [
        "apply",
        "--settle",
        "1",
        "--approve-digest",
        digest,
        "manifest.yaml",
    ];
    bench.run(&args)
}

#[track_caller]
fn expect_refused(ended: &Ended, bench: &Bench, parts: &[&str]) {
    assert_eq!(ended.code, 4, "{ended:?}");
    for part in parts {
        assert!(
            ended.stderr.contains(part),
            "no {part:?} in\n{}",
            ended.stderr
        );
    }
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}

#[test]
fn the_same_state_has_the_same_digest_at_any_time() {
    let bench = changed();
    let first = save(&bench, &[]);
    let second = save(&bench, &["--valid-for", "7d"]);
    assert_eq!(first, second);
    // Secrets that did not change do not count, compared or not.
    let args = ["plan", "--format", "json", "manifest.yaml"];
    assert_eq!(bench.run(&args).expect(0).json()["digest"], *first);
    bench.sandbox.reset_ledger();
    apply_approved(&bench, &first).expect(0);
    assert!(!seen(&bench).is_empty());
    bench.expect_converged();
}

#[test]
fn another_plan_than_the_approved_one_is_refused_with_its_numbers() {
    let bench = changed();
    let digest = save(&bench, &[]);
    let calls = saved(&bench)["lanes"].as_array().unwrap().len();
    assert_eq!(calls, 2);
    // The manifest changed.
    let manifest = bench.folder.path().join("manifest.yaml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("Bolt GmbH", "Bolt AG")).unwrap();
    let told = apply_approved(&bench, &digest);
    let numbers = "calls in 2 accounts: 0 to add, 4 to change, 0 to remove";
    expect_refused(
        &told,
        &bench,
        &[&digest, numbers, "not the one that was approved"],
    );
    std::fs::write(&manifest, text).unwrap();
    // The instance changed.
    bench
        .sandbox
        .edit_account("bolt-002", |it| it.name = "Theirs".into())
        .unwrap();
    let told = apply_approved(&bench, &digest);
    expect_refused(&told, &bench, &[&digest, numbers]);
}

/// A secret was rotated since: its credential would be sent, which nobody approved.
#[test]
fn a_rotated_secret_needs_another_approval() {
    let mut bench = changed();
    let digest = save(&bench, &[]);
    bench.set("PIPEDRIVE_KEY", "another-value");
    let told = apply_approved(&bench, &digest);
    expect_refused(&told, &bench, &[&digest]);
}

#[test]
fn a_file_is_held_against_the_digest_too() {
    let bench = changed();
    let digest = save(&bench, &[]);
    let other = "0123456789abcdef".repeat(4);
    let told = apply_saved(&bench, &["--approve-digest", &other]);
    expect_refused(
        &told,
        &bench,
        &[
            &digest,
            &other,
            "calls in 2 accounts",
            "is not the plan that was approved",
        ],
    );
    assert_eq!(bench.ledger().requests.len(), 0);
    apply_saved(&bench, &["--approve-digest", &digest.to_uppercase()]).expect(0);
    bench.expect_converged();
}

#[test]
fn nobody_is_asked_and_what_is_no_digest_is_told() {
    let bench = scene::bench();
    for wrong in ["", "abc", &"g".repeat(64)] {
        let ended = bench.run(&["apply", "--approve-digest", wrong, "manifest.yaml"]);
        assert!(ended.expect(5).stderr.contains("64 hexadecimal digits"));
    }
    let digest = save(&bench, &[]);
    let args = [
        "apply",
        "--format",
        "json",
        "--approve-digest",
        &digest,
        "manifest.yaml",
    ];
    bench.run(&args).expect(0);
    scene::expect_complete(&bench);
}
