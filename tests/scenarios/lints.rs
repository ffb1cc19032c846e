//! Lints can be raised and lowered, errors cannot; and what is raised stops before anything is sent.

use crate::support::{Ended, gangplank, root, scene};
use std::collections::BTreeMap;
use std::fs;

/// A manifest whose one flaw is a URL without a scheme.
const WARNED: &str = "version: 1\naccounts:\n  - id: acme\n    name: Acme\n    \
    transaction_error_webhook_url: hooks.example/x\n";

fn validate(text: &str, options: &[&str]) -> Ended {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.yaml"), text).unwrap();
    let args = [&["validate"], options, &["m.yaml"]].concat();
    gangplank(folder.path(), &BTreeMap::new(), &args)
}

#[test]
fn the_last_word_on_a_lint_counts() {
    for (options, code, told) in [
        (&[][..], 0, Some("warning")),
        (&["-E", "url-scheme"], 5, Some("error")),
        (&["-A", "url-scheme"], 0, None),
        (
            &["-E", "url-scheme", "-W", "url-scheme"],
            0,
            Some("warning"),
        ),
        (&["-W", "url-scheme", "-E", "url-scheme"], 5, Some("error")),
        (&["-A", "all", "-E", "url-scheme"], 5, Some("error")),
        (&["-E", "warnings"], 5, Some("error")),
        (&["-E", "warnings", "-A", "url-scheme"], 0, None),
        (&["--error=all", "--allow=warnings"], 0, None),
        (&["-E", "same-name"], 0, Some("warning")),
    ] {
        let ended = validate(WARNED, options).expect(code);
        let shown = |severity| ended.stderr.contains(&format!("{severity}[url-scheme]"));
        for severity in ["warning", "error"] {
            assert_eq!(shown(severity), told == Some(severity), "{options:?}");
        }
        assert_eq!(ended.stdout.starts_with("Valid: 1 account"), code == 0);
    }
}

#[test]
fn what_nobody_asks_for_is_not_told() {
    let text = "version: 1\naccounts:\n  - id: acme\n    name: Acme\n    connectors:\n      \
                - { connector: Mailchimp, auth: oauth2 }\n";
    assert_eq!(validate(text, &[]).expect(0).stderr, "");
    let asked = validate(text, &["-W", "all"]).expect(0);
    assert!(
        asked.stderr.contains("warning[unpinned-version]"),
        "{}",
        asked.stderr
    );
}

#[test]
fn a_word_on_what_is_no_lint_is_refused() {
    for (code, says) in [
        ("url-shceme", "did you mean \"url-scheme\"?"),
        ("xyz", "explain --list"),
        ("unknown-key", "cannot be changed"),
    ] {
        for option in ["-W", "-E", "-A"] {
            let ended = validate(WARNED, &[option, code]).expect(5);
            assert!(ended.stderr.contains(says), "{}", ended.stderr);
            assert_eq!(ended.stdout, "");
        }
    }
}

#[test]
fn a_lint_that_is_an_error_stops_a_plan_and_an_apply() {
    let bench = scene::bench();
    scene::edit(&bench, "        run: { every: 1h }\n", "");
    for args in [
        &["plan", "-E", "never-run", "manifest.yaml"][..],
        &[
            "apply",
            "--auto-approve",
            "-E",
            "never-run",
            "manifest.yaml",
        ],
    ] {
        let ended = bench.run(args).expect(5);
        assert!(
            ended.stderr.contains("error[never-run]"),
            "{}",
            ended.stderr
        );
        assert_eq!(ended.stdout, "");
    }
    assert_eq!(bench.ledger().requests.len(), 0);
    let warned = bench.run(&["plan", "manifest.yaml"]).expect(0);
    assert!(
        warned.stderr.contains("warning[never-run]"),
        "{}",
        warned.stderr
    );
    let allowed = bench.run(&["plan", "-A", "never-run", "manifest.yaml"]);
    assert_eq!(allowed.expect(0).stderr, "");
}

#[test]
fn our_own_examples_are_clean() {
    let folder = root().join("manifests");
    let check = |path: &str| {
        let ended = gangplank(
            &root(),
            &BTreeMap::new(),
            &["validate", "-E", "warnings", path],
        );
        assert_eq!(ended.expect(0).stderr, "", "{path}");
    };
    check("manifests/");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "yaml") {
            check(path.to_str().unwrap());
        }
    }
}

#[test]
fn a_code_is_explained_and_a_wrong_one_is_told_with_the_right_one() {
    let run = |args: &[&str]| gangplank(&root(), &BTreeMap::new(), args);
    for written in [
        "unknown-key",
        "error[unknown-key]",
        "[unknown-key]",
        "Unknown-Key",
    ] {
        let page = run(&["explain", written]).expect(0).stdout;
        assert!(page.starts_with("unknown-key\n\nA key that"), "{page}");
    }
    let wrong = run(&["explain", "unknwon-key"]).expect(5);
    assert!(
        wrong.stderr.contains("did you mean \"unknown-key\"?"),
        "{}",
        wrong.stderr
    );
    let unlike = run(&["explain", "xyz"]).expect(5);
    assert!(
        unlike
            .stderr
            .contains("`gangplank explain --list` lists the codes"),
        "{}",
        unlike.stderr
    );
    assert_eq!(unlike.stdout, "");
    let list = run(&["explain", "--list"]).expect(0).stdout;
    assert_eq!(list, run(&["explain"]).expect(0).stdout);
    let names: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    for known in gangplank_model::code::ALL {
        assert!(names.contains(&known.name), "{}", known.name);
    }
}
