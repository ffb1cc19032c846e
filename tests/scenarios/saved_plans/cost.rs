//! Looking once more costs the reads of the changed accounts, and nothing for the others.

use super::{apply_saved, changed, save};
use crate::support::{Bench, scene};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Reads that the server saw, by route.
fn reads(bench: &Bench) -> BTreeMap<String, u64> {
    let counts = bench.ledger().counts.into_iter();
    counts
        .filter(|(route, _)| route.starts_with("GET"))
        .collect()
}

fn expected(counts: &[(&str, u64)]) -> BTreeMap<String, u64> {
    let counts = counts.iter();
    counts
        .map(|(route, count)| ((*route).to_owned(), *count))
        .collect()
}

/// As the plan read them, but each account by its id: no page of others, no library, no template.
#[test]
fn f14_a_changed_account_is_read_as_the_plan_read_it() {
    let bench = changed();
    save(&bench, &[]);
    apply_saved(&bench, &[]).expect(0);
    let counts = [
        ("GET /accounts/{id}", 2),
        ("GET /account/connectors", 2),
        ("GET /cycles", 1),
        ("GET /cycles/{id}/variables", 1),
        ("GET /cycles/{id}/steps", 2),
        ("GET /steps/{id}/parameters", 3),
        ("GET /steps/{id}/fieldmappings", 2),
    ];
    assert_eq!(reads(&bench), expected(&counts));
    assert_eq!(bench.ledger().counts["POST /oauth/token"], 1);
}

/// One changed account among many.
#[test]
fn f14_accounts_that_tally_are_not_read() {
    let bench = Bench::new();
    let manifest = |name: &str| {
        let mut text = format!("accounts:\n  - {{ id: odd, name: {name} }}\n");
        for number in 0..150 {
            writeln!(text, "  - {{ id: a{number:04}, name: Customer {number} }}").unwrap();
        }
        text
    };
    bench.manifest(&manifest("Odd"));
    bench.apply().expect(0);
    bench.manifest(&manifest("Even"));
    save(&bench, &[]);
    apply_saved(&bench, &[]).expect(0);
    assert_eq!(reads(&bench), expected(&[("GET /accounts/{id}", 1)]));
    assert_eq!(bench.write_routes(), ["PUT /accounts/{id}"]);
}

/// The call that makes an account finds out by itself whether it is there.
#[test]
fn f14_new_accounts_cost_nothing_more() {
    let bench = scene::bench();
    save(&bench, &[]);
    apply_saved(&bench, &[]).expect(0);
    // The steps of new cycles, whose ids are made with them, and whether somebody else installed the same.
    let counts = [("GET /cycles", 2), ("GET /cycles/{id}/steps", 2)];
    assert_eq!(reads(&bench), expected(&counts));
}

/// What moved is known from the lists: nobody looks into cycles any more.
#[test]
fn f14_an_account_that_moved_is_not_read_to_its_end() {
    let bench = changed();
    save(&bench, &[]);
    let moved = bench
        .sandbox
        .edit_account("acme-001", |it| it.name = "Theirs".into());
    moved.unwrap();
    apply_saved(&bench, &[]).expect(3);
    let counts = [
        ("GET /accounts/{id}", 2),
        ("GET /account/connectors", 2),
        ("GET /cycles", 1),
    ];
    assert_eq!(reads(&bench), expected(&counts));
}
