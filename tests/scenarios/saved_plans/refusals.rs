//! A file that is not what was saved, not for here, or not any more: refused before anything is sent.

use super::{apply_saved, changed, file, save};
use crate::support::{Bench, Ended, scene};
use std::fs;

/// Asserts that nothing was asked or sent, and that reason and remedy are told.
#[track_caller]
fn expect_refused(bench: &Bench, ended: &Ended, code: i32, parts: &[&str]) {
    assert_eq!(ended.code, code, "{ended:?}");
    assert!(ended.stderr.contains("hint: "), "{}", ended.stderr);
    for part in parts {
        assert!(
            ended.stderr.contains(part),
            "no {part:?} in\n{}",
            ended.stderr
        );
    }
    assert_eq!(ended.stdout, "");
    assert_eq!(bench.ledger().requests.len(), 0, "{ended:?}");
}

/// Rewrites the file.
fn tamper(bench: &Bench, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(file(bench)).unwrap();
    change(&mut bytes);
    fs::write(file(bench), bytes).unwrap();
}

/// Every byte is tried in the planner's tests; here are some of each part of the file.
#[test]
fn a_plan_that_was_tampered_with() {
    let bench = changed();
    save(&bench, &[]);
    let bytes = fs::read(file(&bench)).unwrap();
    let step = bytes.len() / 24;
    for at in (0..bytes.len()).step_by(step).chain([bytes.len() - 1]) {
        tamper(&bench, |bytes| bytes[at] ^= 1);
        let ended = apply_saved(&bench, &[]);
        assert!([4, 5].contains(&ended.code), "byte {at}: {ended:?}");
        expect_refused(&bench, &ended, ended.code, &["plan.json"]);
        fs::write(file(&bench), &bytes).unwrap();
    }
    let text = String::from_utf8(bytes.clone()).unwrap();
    let changed = "was changed after it was saved";
    for (from, to) in [
        ("Old business", "Bad business"),
        ("\"approved_removals\":0", "\"approved_removals\":9"),
        ("CLIENT_SECRET", "ANOTHER_NAME_"),
        ("\"lanes\"", " \"lanes\""),
    ] {
        assert!(text.contains(from), "{from}");
        fs::write(file(&bench), text.replacen(from, to, 1)).unwrap();
        expect_refused(&bench, &apply_saved(&bench, &[]), 4, &[changed]);
    }
    fs::write(file(&bench), bytes).unwrap();
    apply_saved(&bench, &[]).expect(0);
}

#[test]
fn what_is_no_plan() {
    let bench = changed();
    save(&bench, &[]);
    let whole = fs::read(file(&bench)).unwrap();
    let form = "it is no whole plan";
    let deep = "[".repeat(100_000);
    let schema = bench.run(&["schema", "plan"]).expect(0).stdout;
    let shown = bench.run(&["plan", "--format", "json", "manifest.yaml"]);
    let shown = shown.expect(0).stdout;
    bench.sandbox.reset_ledger();
    let cases: [(&[u8], &str); 7] = [
        (&whole[..whole.len() / 2], form),
        (b"", form),
        (b"\xff\xfe", form),
        (deep.as_bytes(), form),
        (
            b"{\"format_version\":\"2.0\"}",
            "its format is version \"2.0\"",
        ),
        (schema.as_bytes(), "it has no format version"),
        (shown.as_bytes(), "was changed after it was saved"),
    ];
    for (bytes, told) in cases {
        fs::write(file(&bench), bytes).unwrap();
        let ended = apply_saved(&bench, &[]);
        let code = if told.contains("changed") { 4 } else { 5 };
        expect_refused(&bench, &ended, code, &[told]);
    }
    fs::remove_file(file(&bench)).unwrap();
    expect_refused(&bench, &apply_saved(&bench, &[]), 5, &["cannot be read"]);
}

#[test]
fn a_plan_that_is_too_old() {
    let bench = changed();
    save(&bench, &["--valid-for", "1s"]);
    bench.rest(std::time::Duration::from_millis(1_100));
    let ended = apply_saved(&bench, &[]);
    expect_refused(&bench, &ended, 4, &["was valid until", "plan again"]);
    for wrong in ["0s", "91d", "soon", "1"] {
        let args = [
            "plan",
            "--out",
            "other.json",
            "--valid-for",
            wrong,
            "manifest.yaml",
        ];
        bench.run(&args).expect(5);
    }
    bench
        .run(&["plan", "--valid-for", "1h", "manifest.yaml"])
        .expect(5);
}

#[test]
fn a_plan_of_another_version() {
    let bench = changed();
    save(&bench, &[]);
    let text = fs::read_to_string(file(&bench)).unwrap();
    let own = format!("\"engine_version\":\"{}\"", env!("CARGO_PKG_VERSION"));
    assert!(text.contains(&own));
    fs::write(
        file(&bench),
        text.replacen(&own, "\"engine_version\":\"0.0.9\"", 1),
    )
    .unwrap();
    let told = ["version 0.0.9 of Gangplank made it", "plan again"];
    expect_refused(&bench, &apply_saved(&bench, &[]), 4, &told);
}

#[test]
fn a_plan_for_another_instance() {
    let bench = changed();
    save(&bench, &[]);
    let told = ["was made for the instance \"test\"", "--instance"];
    let ended = apply_saved(&bench, &["--instance", "production"]);
    expect_refused(&bench, &ended, 4, &told);
    let ended = apply_saved(&bench, &["--sandbox"]);
    expect_refused(&bench, &ended, 4, &["and not for the embedded sandbox"]);
    // The manifests of the same name say another address.
    let manifest = bench.folder.path().join("manifest.yaml");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(
        &manifest,
        text.replacen(&bench.url(), "http://127.0.0.1:9", 1),
    )
    .unwrap();
    let ended = apply_saved(&bench, &["manifest.yaml"]);
    expect_refused(
        &bench,
        &ended,
        4,
        &["http://127.0.0.1:9, as the manifests say"],
    );
    // Made for the embedded sandbox.
    fs::write(&manifest, text).unwrap();
    fs::remove_file(file(&bench)).unwrap();
    let args = ["plan", "--sandbox", "--out", "plan.json", "manifest.yaml"];
    bench.run(&args).expect(0);
    let ended = apply_saved(&bench, &[]);
    expect_refused(&bench, &ended, 4, &["embedded sandbox", "add --sandbox"]);
}

/// A second time nothing of it is written: all that it would change has moved by the first.
#[test]
fn a_plan_that_was_applied_already() {
    for bench in [scene::bench(), changed()] {
        let digest = save(&bench, &[]);
        apply_saved(&bench, &["--approve-digest", &digest]).expect(0);
        bench.sandbox.reset_ledger();
        let again = apply_saved(&bench, &["--approve-digest", &digest]).expect(3);
        assert_eq!(bench.ledger().commits.len(), 0, "{again:?}");
        assert!(
            again.last_line().starts_with("Applied: 0 done, 2 failed"),
            "{again:?}"
        );
        bench.expect_converged();
        scene::expect_complete(&bench);
    }
}

#[test]
fn planning_options_are_for_plans() {
    let bench = changed();
    save(&bench, &[]);
    for options in [
        &["--max-removals", "3"][..],
        &["-W", "all"],
        &["-E", "all"],
        &["-A", "all"],
    ] {
        let ended = apply_saved(&bench, options).expect(5);
        assert!(
            ended.stderr.contains("cannot be used with"),
            "{}",
            ended.stderr
        );
    }
    let ended = bench.run(&["apply"]).expect(5);
    assert!(ended.stderr.contains("PATH"), "{}", ended.stderr);
    assert_eq!(bench.ledger().requests.len(), 0);
}

/// What commands are given may be a secret itself: it stands in the manifests alone.
#[test]
fn secrets_of_commands_need_the_manifests() {
    let bench = scene::bench();
    let text = scene::MANIFEST.replacen(
        "{ env: HARBOUR_KEY }",
        "{ command: [printf, hunter2-hunter2] }",
        1,
    );
    bench.manifest(&text);
    let out = ["plan", "--out", "plan.json", "manifest.yaml"];
    let said = bench.run(&out).expect(0);
    assert!(!said.stdout.contains("hunter2") && !said.stderr.contains("hunter2"));
    assert!(
        !fs::read_to_string(file(&bench))
            .unwrap()
            .contains("hunter2")
    );
    bench.sandbox.reset_ledger();
    let ended = apply_saved(&bench, &[]);
    expect_refused(
        &bench,
        &ended,
        5,
        &["the command \"printf\"", "name the manifests too"],
    );
    let ended = apply_saved(&bench, &["manifest.yaml"]);
    assert!(ended.expect(5).stderr.contains("--allow-commands"));
    assert_eq!(bench.ledger().requests.len(), 0);
    apply_saved(&bench, &["--allow-commands", "manifest.yaml"]).expect(0);
    scene::expect_complete(&bench);
}
