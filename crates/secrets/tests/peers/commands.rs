//! Secrets that programs print.

use crate::outcome;
use gangplank_model::SecretRef;
use gangplank_secrets::Options;

fn command(words: &[&str]) -> SecretRef {
    SecretRef::Command {
        folder: String::new(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
    }
}

#[tokio::test]
async fn what_a_program_prints_is_the_secret_and_nothing_else_is_told() {
    let mut options = Options {
        allow_commands: true,
        ..Options::default()
    };
    options.spec.command_timeout = Some(2);
    for (words, expected) in [
        (&["printf", "a b\\n\\n"][..], "a b\n"),
        (&["printf", "%s", "$HOME; `id`"], "$HOME; `id`"),
        (&["sh", "-c", "read line; echo \"[$line]\""], "[]"),
        (
            &["sh", "-c", "echo q7RzKx2m >&2; echo q7RzKx2m; exit 3"],
            "the program ended with exit status: 3; run it by hand to see why",
        ),
        (
            &["sh", "-c", "kill -9 $$"],
            "the program ended with signal: 9 (SIGKILL); run it by hand to see why",
        ),
        (
            &["sleep", "60"],
            "the program, or one that it started, did not end within 2 s; all were stopped",
        ),
        (
            &["yes"],
            "the program printed more than 65536 bytes and was stopped; is it the right one?",
        ),
        (&["true"], "the program printed nothing"),
        (
            &["printf", "\\377"],
            "the program printed what is not valid UTF-8",
        ),
        (
            &["gangplank-has-no-such-program"],
            "the program cannot be started: entity not found",
        ),
    ] {
        assert_eq!(
            outcome(&command(words), &options).await,
            expected,
            "{words:?}"
        );
    }
}

#[tokio::test]
async fn a_program_sees_only_what_the_manifest_lets_it_see() {
    let mut options = Options {
        allow_commands: true,
        ..Options::default()
    };
    let names = async |options: &Options| {
        let printed = outcome(&command(&["env"]), options).await;
        let mut names: Vec<String> = printed
            .lines()
            .filter_map(|line| Some(line.split_once('=')?.0.to_owned()))
            .collect();
        names.sort();
        names
    };
    let usual = names(&options).await;
    assert!(usual.contains(&"PATH".to_owned()));
    assert!(
        usual
            .iter()
            .all(|name| ["HOME", "LANG", "PATH"].contains(&&**name)),
        "{usual:?}"
    );
    // Cargo sets this one for every test.
    options.spec.command_env = vec!["CARGO_MANIFEST_DIR".to_owned()];
    assert!(
        names(&options)
            .await
            .contains(&"CARGO_MANIFEST_DIR".to_owned())
    );
}

#[tokio::test]
async fn nothing_runs_that_was_not_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("ran");
    let reference = command(&["touch", trace.to_str().unwrap()]);
    assert_eq!(
        outcome(&reference, &Options::default()).await,
        "commands are not run unless --allow-commands says so"
    );
    assert!(!trace.exists());
}

/// Whether a process is there and runs; one that has ended and was not waited for does not.
fn runs(id: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", id.trim()));
    stat.is_ok_and(|stat| !stat.contains(") Z "))
}

#[tokio::test]
async fn nothing_that_a_program_started_goes_on_when_it_is_stopped() {
    let mut options = Options {
        allow_commands: true,
        ..Options::default()
    };
    options.spec.command_timeout = Some(1);
    let folder = tempfile::tempdir().unwrap();
    for (name, script, expected) in [
        (
            "waits",
            "sleep 300 & echo $! > $0; sleep 300",
            "did not end within 1 s",
        ),
        // The program itself has ended; what it started holds its standard output.
        (
            "leaves",
            "sleep 300 & echo $! > $0; echo q7RzKx2m",
            "did not end within 1 s",
        ),
        (
            "stubborn",
            "trap '' TERM INT HUP; sh -c 'trap \"\" TERM; sleep 300' & echo $! > $0; wait",
            "did not end within 1 s",
        ),
        (
            "floods",
            "sleep 300 & echo $! > $0; yes",
            "more than 65536 bytes",
        ),
    ] {
        let trace = folder.path().join(name);
        let words = ["sh", "-c", script, trace.to_str().unwrap()];
        let told = outcome(&command(&words), &options).await;
        assert!(told.contains(expected), "{name}: {told}");
        let id = std::fs::read_to_string(&trace).unwrap();
        for _ in 0..100 {
            if runs(&id) {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
        assert!(!runs(&id), "{name}: {id} still runs");
    }
    let other = std::fs::read_to_string(format!("/proc/{}/stat", std::process::id()));
    assert!(
        other.is_ok(),
        "this very process was not among those killed"
    );
}

#[tokio::test]
async fn a_program_below_the_folder_is_named_by_its_path() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let tools = folder.path().join("tools");
    std::fs::create_dir(&tools).unwrap();
    let script = tools.join("key");
    std::fs::write(&script, "#!/bin/sh\npwd\n").unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let options = Options {
        allow_commands: true,
        ..Options::default()
    };
    let real = folder.path().canonicalize().unwrap();
    for (program, expected) in [
        ("tools/key", real.to_str().unwrap()),
        ("./tools/key", real.to_str().unwrap()),
        (script.to_str().unwrap(), real.to_str().unwrap()),
        // No name is looked for in the folder: only PATH counts.
        ("key", "the program cannot be started: entity not found"),
        (
            "tools/none",
            "the program cannot be started: entity not found",
        ),
        ("tools", "the program cannot be started: entity not found"),
        (
            "./tools",
            "the program cannot be started: permission denied",
        ),
    ] {
        let reference = SecretRef::Command {
            folder: folder.path().to_str().unwrap().to_owned(),
            words: vec![program.to_owned()],
        };
        assert_eq!(outcome(&reference, &options).await, expected, "{program}");
    }
}
