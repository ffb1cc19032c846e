//! The walk-throughs of docs/sandbox.md do what the page says, in each of their languages.

use crate::support::root;
use gangplank_sandbox::{CycleStatus, Sandbox, SandboxOptions};
use std::process::{Command, Stdio};
use tokio::runtime::Runtime;

/// Whether a program is there; where it has to be (CI=true), its absence is a failure.
#[expect(clippy::disallowed_methods, reason = "CI says of itself that it is CI")]
fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    let version = command
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let is_there = version.is_ok_and(|status| status.success());
    let is_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(
        is_there || !is_ci,
        "{program} is missing, and CI must not skip its walk-through"
    );
    if !is_there {
        println!("SKIPPED: {program} is missing, so its walk-through was not tested");
    }
    is_there
}

/// Walks, and holds the sandbox's world against what the page says.
fn check(programs: &[&str], script: &str) {
    if !programs.iter().all(|program| is_there(program)) {
        return;
    }
    let runtime = Runtime::new().unwrap();
    let sandbox = Sandbox::open(SandboxOptions::default()).unwrap();
    let listening = runtime
        .block_on(sandbox.listen(([127, 0, 0, 1], 0).into()))
        .unwrap();
    let output = Command::new(programs[0])
        .arg(root().join("docs/walkthrough").join(script))
        .arg("acme-walks")
        .env("CYCLR_URL", listening.url())
        .env_remove("CYCLR_CLIENT_ID")
        .env_remove("CYCLR_CLIENT_SECRET")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        said.trim(),
        "acme-walks: Pipedrive > Harbour CRM is Active",
        "{script}: {error}"
    );
    let world = sandbox.world();
    let account = world
        .accounts
        .iter()
        .find(|one| one.id == "acme-walks")
        .expect("an account");
    assert_eq!(account.connectors.len(), 2, "{script}");
    assert!(
        account
            .connectors
            .iter()
            .all(|one| one.authenticated == Some(true)),
        "{script}"
    );
    assert_eq!(account.cycles.len(), 1, "{script}");
    assert_eq!(account.cycles[0].status, CycleStatus::Active, "{script}");
    assert!(sandbox.ledger().duplicates.is_empty(), "{script}");
    runtime.block_on(listening.shutdown());
}

#[test]
fn curl_onboards_a_customer() {
    check(&["bash", "curl", "python3"], "walk.sh");
}

#[test]
fn python_onboards_a_customer() {
    check(&["python3"], "walk.py");
}

#[test]
fn javascript_onboards_a_customer() {
    check(&["node"], "walk.mjs");
}

#[test]
fn the_page_leads_to_every_walk() {
    let page = std::fs::read_to_string(root().join("docs/sandbox.md")).unwrap();
    for entry in std::fs::read_dir(root().join("docs/walkthrough")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            page.contains(&format!("(walkthrough/{name})")),
            "no link to {name}"
        );
    }
}
