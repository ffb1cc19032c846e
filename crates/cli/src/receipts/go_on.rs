//! The command that goes on from a run.

use std::ffi::OsString;
use std::path::Path;

/// Options with a value of their own that belong to the run that ends.
const OVER: [&str; 2] = ["--resume", "--receipts"];

/// How to go on from the receipts in a file, ready to be copied: the same command as this one.
pub(super) fn command(receipts: &Path) -> String {
    from(std::env::args_os().skip(1), receipts)
}

fn from(arguments: impl Iterator<Item = OsString>, receipts: &Path) -> String {
    let mut words = vec!["gangplank".to_owned()];
    let mut arguments = arguments.map(|it| it.to_string_lossy().into_owned());
    while let Some(argument) = arguments.next() {
        if OVER.contains(&argument.as_str()) {
            arguments.next();
        } else if !OVER.iter().any(|it| is_given_with_value(&argument, it)) {
            words.push(quoted(&argument));
        }
    }
    words.push("--resume".to_owned());
    words.push(quoted(&receipts.to_string_lossy()));
    words.join(" ")
}

fn is_given_with_value(argument: &str, option: &str) -> bool {
    let value = argument.strip_prefix(option);
    value.is_some_and(|value| value.starts_with('='))
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "-_./=:,@%+".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_the_same_with_the_new_receipts() {
        let check = |given: &[&str], expected: &str| {
            let given = given.iter().map(OsString::from);
            let command = from(given, Path::new(".gangplank/receipts/a.jsonl"));
            assert_eq!(
                command,
                format!("gangplank {expected} --resume .gangplank/receipts/a.jsonl")
            );
        };
        check(&["apply", "m.yaml"], "apply m.yaml");
        check(
            &[
                "apply",
                "--resume",
                "last",
                "my file.yaml",
                "--sandbox=x.db",
            ],
            "apply 'my file.yaml' --sandbox=x.db",
        );
        check(
            &[
                "apply",
                "--receipts=a",
                "it's",
                "--resume=b",
                "--settle",
                "5",
            ],
            "apply 'it'\\''s' --settle 5",
        );
    }
}
