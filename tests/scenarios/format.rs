//! `gangplank fmt` changes the layout and nothing else, and only where it may.

use crate::support::{Ended, gangplank, root};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const MESSY: &str = "# customers\nversion:   1\naccounts:\n- id: acme   # first\n  labels: {tier: gold,wave: '1'}\n";
const NEAT: &str = "# customers\nversion: 1\naccounts:\n  - id: acme # first\n    labels: { tier: gold, wave: \"1\" }\n";
const CANARY: &str = "q7RzKx2mVw9LbT4nYc8HdJ3sGf6PaE5u";

fn run(folder: &Path, args: &[&str]) -> Ended {
    gangplank(folder, &BTreeMap::new(), args)
}

/// A folder with a messy manifest, a neat one, a roster and a broken file.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("messy.yaml", MESSY),
        ("neat.yml", NEAT),
        ("rows.yaml", "- {id: a}\n-   id: b # last\n"),
        ("notes.txt", "a:   1\n"),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn text(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

#[test]
fn files_are_laid_out_once() {
    let folder = folder();
    let messy = folder.path().join("messy.yaml");
    fs::set_permissions(&messy, fs::Permissions::from_mode(0o640)).unwrap();
    let ended = run(folder.path(), &["fmt", "."]).expect(0);
    assert_eq!(ended.stdout, "./messy.yaml\n./rows.yaml\n");
    assert_eq!(ended.stderr, "");
    assert_eq!(text(&folder, "messy.yaml"), NEAT);
    assert_eq!(text(&folder, "rows.yaml"), "- { id: a }\n- id: b # last\n");
    assert_eq!(text(&folder, "notes.txt"), "a:   1\n");
    let mode = fs::metadata(&messy).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    let again = run(folder.path(), &["fmt", ".", "messy.yaml"]).expect(0);
    assert_eq!((again.stdout.as_str(), again.stderr.as_str()), ("", ""));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
}

#[test]
fn a_check_lists_and_writes_nothing() {
    let folder = folder();
    let ended = run(folder.path(), &["fmt", "--check", "."]).expect(1);
    assert_eq!(ended.stdout, "./messy.yaml\n./rows.yaml\n");
    assert_eq!(text(&folder, "messy.yaml"), MESSY);
    let ended = run(folder.path(), &["fmt", "--check", "neat.yml"]).expect(0);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("", ""));
}

#[test]
fn broken_files_are_told_of_and_left_alone() {
    let folder = folder();
    let broken = format!("version: 1\naccounts:\n  - id: a\n    auth: {{ api_key: {CANARY}\n");
    fs::write(folder.path().join("broken.yaml"), &broken).unwrap();
    let ended = run(folder.path(), &["fmt", "."]).expect(5);
    assert_eq!(ended.stdout, "./messy.yaml\n./rows.yaml\n");
    assert!(ended.stderr.contains("yaml-syntax"), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("./broken.yaml:4:"),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains(CANARY), "{}", ended.stderr);
    assert_eq!(text(&folder, "broken.yaml"), broken);
    let ended = run(folder.path(), &["fmt", "nowhere.yaml"]).expect(5);
    assert!(ended.stderr.contains("nowhere.yaml"), "{}", ended.stderr);
}

#[test]
fn a_link_stays_and_a_read_only_file_too() {
    let folder = folder();
    symlink("messy.yaml", folder.path().join("link.yaml")).unwrap();
    run(folder.path(), &["fmt", "link.yaml"]).expect(0);
    let link = fs::symlink_metadata(folder.path().join("link.yaml")).unwrap();
    assert!(link.is_symlink());
    assert_eq!(text(&folder, "messy.yaml"), NEAT);
    let rows = folder.path().join("rows.yaml");
    fs::set_permissions(&rows, fs::Permissions::from_mode(0o444)).unwrap();
    let ended = run(folder.path(), &["fmt", "rows.yaml"]).expect(1);
    assert!(ended.stderr.contains("it is read-only"), "{}", ended.stderr);
    assert_eq!(text(&folder, "rows.yaml"), "- {id: a}\n-   id: b # last\n");
}

fn piped(folder: &TempDir, args: &[&str]) -> (i32, String) {
    let child = Command::new(env!("CARGO_BIN_EXE_gangplank"))
        .args(args)
        .stdin(fs::File::open(folder.path().join("messy.yaml")).unwrap())
        .stderr(Stdio::null())
        .output()
        .unwrap();
    let text = String::from_utf8(child.stdout).unwrap();
    (child.status.code().unwrap(), text)
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = folder();
    assert_eq!(piped(&folder, &["fmt", "-"]), (0, NEAT.to_owned()));
    assert_eq!(
        piped(&folder, &["fmt", "--check", "-"]),
        (1, "-\n".to_owned())
    );
}

/// The project's own examples are in the layout that it asks of others.
#[test]
fn the_examples_are_laid_out() {
    let ended = run(&root(), &["fmt", "--check", "manifests"]);
    assert_eq!(
        (ended.code, ended.stdout.as_str()),
        (0, ""),
        "{}",
        ended.stderr
    );
}
