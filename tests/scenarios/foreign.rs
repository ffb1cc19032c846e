//! What a server says never moves a cursor, hides, or speaks to a CI runner.

use crate::support::scene;
use gangplank_sandbox::{FaultEffect, FaultRule};

const HOSTILE: &str = "\u{1b}]52;c;AAAA\u{7}\u{1b}[2J\r\n::stop-commands::x\n\u{202e}evil\u{200b}";

#[test]
fn no_message_of_a_server_gets_through_raw() {
    for route in [
        "POST /oauth/token",
        "GET /accounts",
        "GET /connectors",
        "POST /accounts",
        "POST /connectors/{id}/install",
    ] {
        let bench = scene::bench();
        let echo = FaultEffect::Echo {
            code: 400,
            text: HOSTILE.to_owned(),
        };
        bench
            .sandbox
            .set_faults(vec![FaultRule::new(echo).on(route)]);
        for command in [&["plan"][..], &["apply", "--auto-approve"]] {
            for form in ["text", "json"] {
                let options = ["-v", "--format", form, "manifest.yaml"];
                let ended = bench.run(&[command, &options[..]].concat());
                for stream in [&ended.stdout, &ended.stderr] {
                    for raw in ["\u{1b}", "\u{7}", "\u{202e}", "\u{200b}", "\r"] {
                        assert!(!stream.contains(raw), "{route} {form}: {stream:?}");
                    }
                    let mut lines = stream.lines();
                    let order = lines.find(|line| line.trim_start().starts_with("::"));
                    assert_eq!(order, None, "{route} {form}");
                }
                let all = format!("{}{}", ended.stdout, ended.stderr);
                if command[0] == "apply" {
                    assert!(all.contains("evil"), "{route} {form}: {all}");
                }
            }
        }
    }
}
