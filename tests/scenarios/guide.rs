//! docs/guide.md, run from top to bottom: the files as they stand there, and the commands in their order.

use crate::support::root;
use gangplank_sandbox::{Sandbox, SandboxOptions};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A fenced block: its words after the fence, its text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut blocks = Vec::new();
    for part in page.split("\n```").skip(1).step_by(2) {
        let (words, text) = part.split_once('\n').unwrap();
        blocks.push((words, text));
    }
    blocks
}

/// Runs the commands of a block in one shell with all that was exported before; each has to succeed.
fn run(folder: &Path, exported: &str, commands: &str) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_gangplank"));
    let output = Command::new("bash")
        .args(["-euc", &format!("{exported}\n{commands}")])
        .current_dir(folder)
        .env_clear()
        .env(
            "PATH",
            format!("{}:/usr/bin:/bin", binary.parent().unwrap().display()),
        )
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{commands}\n{said}\n{error}");
    said
}

#[test]
fn every_step_of_the_guide_does_what_it_says() {
    let page = fs::read_to_string(root().join("docs/guide.md")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut exported = String::new();
    let mut said = Vec::new();
    for (words, text) in blocks(&page) {
        if let Some((_, name)) = words.split_once(' ') {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("{text}\n")).unwrap();
            continue;
        }
        assert_eq!(words, "sh", "{text}");
        said.push(run(folder.path(), &exported, text));
        let exports = text.lines().filter(|line| line.starts_with("export "));
        exported.extend(exports.map(|line| format!("{line}\n")));
    }
    let all = said.join("\n");
    for text in [
        "timezone = Europe/Berlin",
        "properties.Subdomain = bolt",
        "(overridden)",
        "name = Dune Inc",
        "column \"company\"",
        "run = every 15 minutes",
    ] {
        assert!(all.contains(text), "nobody said {text:?}:\n{all}");
    }
    let sandbox = Sandbox::open(SandboxOptions {
        database: Some(folder.path().join(".gangplank/sandbox.db")),
        ..SandboxOptions::default()
    });
    let sandbox = sandbox.unwrap();
    let world = sandbox.world();
    let accounts: Vec<&str> = world
        .accounts
        .iter()
        .map(|account| account.id.as_str())
        .collect();
    assert_eq!(accounts, ["acme", "cord", "dune"]);
    for account in &world.accounts {
        assert_eq!(
            (account.connectors.len(), account.cycles.len()),
            (2, 1),
            "{}",
            account.id
        );
    }
    assert!(sandbox.ledger().duplicates.is_empty());
}

#[test]
fn the_guide_and_the_reference_are_led_to() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for page in ["docs/guide.md", "docs/reference.md"] {
        assert!(readme.contains(&format!("({page})")), "no link to {page}");
        assert!(root().join(page).is_file(), "{page}");
    }
}
