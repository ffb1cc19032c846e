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
            "the program did not end within 2 s and was stopped",
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
