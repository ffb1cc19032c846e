//! The command that goes on after an apply: the one that was given, with what it needs besides.

use std::path::Path;

/// Options that name a file of the run that is over, each followed by its value.
const OF_THIS_RUN: [&str; 3] = ["--receipts", "--only-failed", "--resume"];

/// The command line that was given, ready to be copied, without the files of this run and with these
/// arguments.
pub(super) fn command(more: &[&str]) -> String {
    rewritten(
        std::env::args_os().map(|it| it.to_string_lossy().into_owned()),
        more,
    )
}

/// The command that goes on from the receipts of this run.
pub(super) fn resume(receipts: &Path) -> String {
    command(&["--resume", &receipts.to_string_lossy()])
}

/// The command that works on the accounts alone that went wrong in this run.
pub(super) fn only_failed(receipts: &Path) -> String {
    command(&["--only-failed", &receipts.to_string_lossy()])
}

fn rewritten(given: impl IntoIterator<Item = String>, more: &[&str]) -> String {
    let mut words = vec!["gangplank".to_owned()];
    let mut given = given.into_iter().skip(1);
    while let Some(word) = given.next() {
        if OF_THIS_RUN.contains(&word.as_str()) {
            given.next();
            continue;
        }
        let named = |option: &str| {
            word.strip_prefix(option)
                .is_some_and(|it| it.starts_with('='))
        };
        if !OF_THIS_RUN.iter().any(|option| named(option)) {
            words.push(word);
        }
    }
    words.extend(more.iter().map(|word| (*word).to_owned()));
    let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./:=%,@+".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_given_is_kept_but_for_the_files_of_this_run() {
        let check = |given: &[&str], expected: &str| {
            let given = given.iter().map(|it| (*it).to_owned());
            assert_eq!(rewritten(given, &["--only-failed", "r.jsonl"]), expected);
        };
        check(
            &[
                "/bin/gangplank",
                "apply",
                "--auto-approve",
                "my manifests",
                "--wave",
                "10%",
            ],
            "gangplank apply --auto-approve 'my manifests' --wave 10% --only-failed r.jsonl",
        );
        check(
            &[
                "gangplank",
                "apply",
                "--receipts",
                "old",
                "--only-failed=older",
                "it's",
                "",
            ],
            r"gangplank apply 'it'\''s' '' --only-failed r.jsonl",
        );
    }
}
