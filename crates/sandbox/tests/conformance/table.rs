//! CONFORMANCE.md names tests that exist.

use std::collections::BTreeSet;

use gangplank_sandbox::Variants;

const SOURCES: &[(&str, &str)] = &[
    ("accounts", include_str!("accounts.rs")),
    ("authentication", include_str!("authentication.rs")),
    ("browser", include_str!("browser.rs")),
    ("concurrency", include_str!("concurrency.rs")),
    ("connectors", include_str!("connectors.rs")),
    ("consistency", include_str!("consistency.rs")),
    ("crowd", include_str!("crowd.rs")),
    ("custom_connectors", include_str!("custom_connectors.rs")),
    ("custom_fields", include_str!("custom_fields.rs")),
    ("conventions", include_str!("conventions.rs")),
    ("cycles", include_str!("cycles.rs")),
    ("deductions", include_str!("deductions.rs")),
    ("durability", include_str!("durability.rs")),
    ("faults", include_str!("faults.rs")),
    ("kill", include_str!("kill.rs")),
    ("method_calls", include_str!("method_calls.rs")),
    ("launch", include_str!("launch.rs")),
    ("ledger", include_str!("ledger.rs")),
    ("mischief", include_str!("mischief.rs")),
    ("openapi", include_str!("openapi.rs")),
    ("pages", include_str!("pages.rs")),
    ("lookups", include_str!("lookups.rs")),
    ("prerequisites", include_str!("prerequisites.rs")),
    ("runs", include_str!("runs.rs")),
    ("shapes", include_str!("shapes.rs")),
    ("steps", include_str!("steps.rs")),
    ("sub_accounts", include_str!("sub_accounts.rs")),
    ("standard_library", include_str!("standard_library.rs")),
    ("template_files", include_str!("template_files.rs")),
    ("templates", include_str!("templates.rs")),
    ("transport", include_str!("transport.rs")),
    ("users", include_str!("users.rs")),
    ("variants", include_str!("variants.rs")),
    ("wire", include_str!("wire.rs")),
    ("worlds", include_str!("worlds.rs")),
];

#[test]
fn every_row_names_a_test_and_every_test_has_a_row() {
    let mut tests = BTreeSet::new();
    for (module, source) in SOURCES {
        let mut lines = source.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            if line != "#[test]" && !line.starts_with("#[tokio::test") {
                continue;
            }
            let next = lines.peek().copied().unwrap_or_default();
            let name = next.trim_start_matches("async ").strip_prefix("fn ");
            if let Some((name, _)) = name.and_then(|name| name.split_once('(')) {
                tests.insert(format!("{module}::{name}"));
            }
        }
    }
    let table = include_str!("../../CONFORMANCE.md");
    let named: BTreeSet<String> = table
        .split('`')
        .filter(|text| {
            text.split_once("::")
                .is_some_and(|(module, _)| SOURCES.iter().any(|(known, _)| *known == module))
        })
        .map(str::to_owned)
        .collect();
    let unknown: Vec<_> = named.difference(&tests).collect();
    let unnamed: Vec<_> = tests.difference(&named).collect();
    assert!(
        unknown.is_empty(),
        "CONFORMANCE.md names tests that are not there: {unknown:?}"
    );
    assert!(unnamed.is_empty(), "CONFORMANCE.md leaves out: {unnamed:?}");
}

#[test]
fn every_switch_has_a_row_with_its_positions() {
    let table = include_str!("../../CONFORMANCE.md");
    for variant in Variants::table() {
        let start = format!("| `{}` |", variant.id);
        let row = table.lines().find(|line| line.starts_with(&start));
        let row = row.unwrap_or_else(|| panic!("CONFORMANCE.md has no row of {}", variant.id));
        let positions: Vec<String> = variant
            .positions
            .iter()
            .map(|position| format!("`{position}`"))
            .collect();
        assert!(row.contains(&positions.join(", ")), "{row}");
    }
}
