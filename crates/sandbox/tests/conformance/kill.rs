//! A process that is killed in the middle of its commits: what it acknowledged is there.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use gangplank_sandbox::{Sandbox, SandboxOptions};

use crate::support::{Twin, world};

/// Says to the child, by being there, that it is to run.
const SIGNAL: &str = "be-killed";
const DATABASE: &str = "killed.db";

fn options(database: &Path) -> SandboxOptions {
    SandboxOptions {
        world: world(),
        database: Some(database.to_owned()),
        ..SandboxOptions::default()
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(SIGNAL), "").unwrap();
    let mut killed = 0;
    for round in 0..3 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--ignored",
                "--exact",
                "kill::the_process_that_is_killed",
                "--nocapture",
            ])
            .current_dir(directory.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut acknowledged = Vec::new();
        for line in lines.map_while(Result::ok) {
            if let Some(id) = line.strip_prefix("done ") {
                acknowledged.push(id.to_owned());
            }
            if acknowledged.len() == 40 + round * 17 {
                break;
            }
        }
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        assert!(acknowledged.len() >= 40, "{acknowledged:?}");
        let sandbox = Sandbox::open(options(&directory.path().join(DATABASE))).unwrap();
        let (world, ledger) = (sandbox.world(), sandbox.ledger());
        for id in &acknowledged {
            assert!(
                world.accounts.iter().any(|account| account.id == *id),
                "{id} is lost"
            );
            assert_eq!(
                ledger
                    .commits
                    .iter()
                    .filter(|commit| commit.id == *id)
                    .count(),
                1,
                "{id}"
            );
        }
        // The ledger tells of every account, and of no other.
        assert_eq!(ledger.commits.len() + 1, world.accounts.len());
    }
    assert_eq!(killed, 3);
}

#[test]
#[ignore = "it is started, and killed, by the test above"]
fn the_process_that_is_killed() {
    if !Path::new(SIGNAL).exists() {
        return;
    }
    let twin = Twin::open_with_ledger(options(Path::new(DATABASE)));
    let first = twin.sandbox.world().accounts.len();
    for number in first..first + 100_000 {
        let given = format!(r#"{{"Id":"k{number}","Name":"n"}}"#);
        let answer = twin.call_as("", "POST /accounts", &given);
        assert_eq!(answer.status.as_u16(), 200);
        println!("done k{number}");
    }
}
