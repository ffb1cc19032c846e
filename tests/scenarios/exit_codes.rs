//! The exit codes are a contract.

use crate::support::scene;
use std::process::Stdio;

#[test]
fn each_end_has_its_code() {
    let mut bench = scene::bench();
    bench.run(&["plan", "manifest.yaml"]).expect(0);
    bench
        .run(&["plan", "--detailed-exitcode", "manifest.yaml"])
        .expect(2);
    bench.run(&["plan"]).expect(5);
    bench
        .run(&["plan", "--no-such-flag", "manifest.yaml"])
        .expect(5);
    bench
        .run(&["plan", "--instance", "nowhere", "manifest.yaml"])
        .expect(5);
    bench.run(&["--version"]).expect(0);
    bench.run(&["--help"]).expect(0);

    // Nobody can be asked: an apply needs to be told, and sends no write.
    let refused = bench.run(&["apply", "manifest.yaml"]).expect(4);
    assert!(
        refused.stderr.contains("--auto-approve"),
        "{}",
        refused.stderr
    );
    // A plan in JSON is for tools: nobody is asked about it, not even on a terminal.
    let refused = bench.run(&["apply", "--format", "json", "manifest.yaml"]);
    assert_eq!(refused.expect(4).stdout, "");
    assert_eq!(bench.write_routes(), Vec::<String>::new());

    bench.apply().expect(0);
    bench
        .run(&["plan", "--detailed-exitcode", "manifest.yaml"])
        .expect(0);

    bench.set("CLIENT_SECRET", "wrong");
    bench.run(&["plan", "manifest.yaml"]).expect(6);
}

#[test]
fn an_instance_that_cannot_be_reached_is_a_failure() {
    let bench = scene::bench();
    let text = std::fs::read_to_string(bench.folder.path().join("manifest.yaml")).unwrap();
    let (before, after) = text.split_once("api_url: ").unwrap();
    let (_, after) = after.split_once('\n').unwrap();
    bench.write(
        "manifest.yaml",
        &format!("{before}api_url: http://127.0.0.1:9\n{after}"),
    );
    let ended = bench.run(&["plan", "manifest.yaml"]).expect(1);
    assert!(ended.stderr.contains("127.0.0.1:9"), "{}", ended.stderr);
}

/// Whoever read standard output or standard error may have gone: what was begun is still done.
#[test]
fn nobody_needs_to_listen() {
    for verbose in ["-v", "-vvv"] {
        for is_stderr in [true, false] {
            let bench = scene::bench();
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            let mut command = bench.command(&[verbose, "apply", "--auto-approve", "manifest.yaml"]);
            let command = if is_stderr {
                command.stdout(Stdio::piped()).stderr(writer)
            } else {
                command.stdout(writer).stderr(Stdio::piped())
            };
            let output = command.output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            scene::expect_complete(&bench);
        }
    }
}

#[test]
fn completions_and_schemas_are_printed() {
    let bench = scene::bench();
    for shell in ["bash", "zsh", "fish"] {
        let script = bench.run(&["completions", shell]).expect(0).stdout;
        assert!(script.contains("gangplank"), "{shell}");
    }
    for name in ["manifest", "plan", "problems", "world", "faults", "ledger"] {
        assert!(
            bench.run(&["schema", name]).expect(0).json().is_object(),
            "{name}"
        );
    }
}
