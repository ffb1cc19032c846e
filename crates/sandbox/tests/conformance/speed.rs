//! How fast the core is, without sockets. Run with `--ignored --nocapture`, optimised.

use std::time::Instant;

use serde_json::json;

use crate::support::{Twin, body};

#[test]
#[ignore = "prints figures; they mean something only when optimised and alone on a core"]
fn reads_and_installs_in_memory() {
    let twin = Twin::new();
    for number in 0..2 {
        twin.ok(
            "POST /connectors/2550/install",
            json!({ "Name": format!("C{number}") }),
        );
    }
    let time = |what: &str, count: u32, call: &dyn Fn(u32)| {
        let started = Instant::now();
        (0..count).for_each(call);
        let rate = f64::from(count) / started.elapsed().as_secs_f64();
        println!("{what}: {rate:.0}/s");
    };
    time("GET /account/connectors", 100_000, &|_| {
        let answer = twin.call_as(
            "acme-001",
            "GET /account/connectors?page=1&pageSize=100",
            "",
        );
        assert_eq!(answer.status.as_u16(), 200);
    });
    time("POST install", 20_000, &|number| {
        let account = format!("a{number}");
        let given = format!(r#"{{"Id":"{account}","Name":"x"}}"#);
        assert_eq!(
            twin.call_as("", "POST /accounts", &given).status.as_u16(),
            200
        );
        let given = r#"{"Name":"C","AuthValue":"k"}"#;
        let answer = twin.call_as(&account, "POST /connectors/2550/install", given);
        assert!(body(&answer)["Id"].is_u64());
    });
}

#[test]
#[ignore = "prints figures; they mean something only when optimised and alone on a core"]
fn a_hundred_thousand_accounts_are_made_up_and_loaded() {
    let started = Instant::now();
    let size = "accounts=100000,connectors=3,templates=2,seed=1";
    let world = gangplank_sandbox::World::generate(size.parse().unwrap());
    println!("made up: {:.2} s", started.elapsed().as_secs_f64());
    let started = Instant::now();
    let sandbox = gangplank_sandbox::Sandbox::open(gangplank_sandbox::SandboxOptions {
        world,
        ..gangplank_sandbox::SandboxOptions::default()
    });
    println!("loaded: {:.2} s", started.elapsed().as_secs_f64());
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM"));
    println!("peak: {}", peak.unwrap_or("not known"));
    drop(sandbox.unwrap());
}
