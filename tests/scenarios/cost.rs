//! As few requests as the API allows: the exact count, from the server's ledger.

use crate::support::scene;
use std::collections::BTreeMap;
use std::fmt::Write as _;

fn pages(rows: usize) -> usize {
    rows.div_ceil(100).max(1)
}

/// Requests by route must be exactly these, none else.
#[track_caller]
fn expect_counts(bench: &crate::support::Bench, expected: &[(&str, usize)]) {
    let expected: BTreeMap<String, u64> = expected
        .iter()
        .map(|(route, count)| ((*route).to_owned(), *count as u64))
        .collect();
    assert_eq!(bench.ledger().counts, expected);
}

/// `Q_apply` of a fresh instance: token, one page of accounts, library, templates, then one call an
/// object and a mapping; the steps of a new cycle are read once, since their ids are made with it, and the
/// account's cycles after each install, since somebody else may have installed the same.
#[test]
fn a_fresh_apply() {
    let bench = scene::bench();
    let library = pages(bench.rows("/v1.0/connectors"));
    let templates = pages(bench.rows("/v1.0/templates"));
    bench.apply().expect(0);
    expect_counts(
        &bench,
        &[
            ("POST /oauth/token", 1),
            ("GET /accounts", 1),
            ("GET /connectors", library),
            ("GET /templates", templates),
            ("POST /accounts", 2),
            ("POST /connectors/{id}/install", 4),
            ("POST /templates/{id}/install", 2),
            ("GET /cycles", 2),
            ("PUT /cycles/{id}", 2),
            ("GET /cycles/{id}/steps", 2),
            ("PATCH /cycles/{id}/variables", 1),
            ("PUT /steps/{id}/parameters/{parameterId}", 3),
            ("PUT /steps/{id}/fieldmappings/{fieldId}", 2),
            ("PUT /cycles/{id}/activate", 1),
        ],
    );
}

/// `Q_plan` with everything live: token, accounts, library, templates; connectors and cycles of
/// each account that declares them; variables, steps and mappings only where declared.
#[test]
fn an_unchanged_plan() {
    let bench = scene::bench();
    let library = pages(bench.rows("/v1.0/connectors"));
    let templates = pages(bench.rows("/v1.0/templates"));
    bench.apply().expect(0);
    bench.sandbox.reset_ledger();
    bench.plan().expect(0);
    expect_counts(
        &bench,
        &[
            ("POST /oauth/token", 1),
            ("GET /accounts", 1),
            ("GET /connectors", library),
            ("GET /templates", templates),
            ("GET /account/connectors", 2),
            ("GET /cycles", 1),
            ("GET /cycles/{id}/variables", 1),
            ("GET /cycles/{id}/steps", 2),
            ("GET /steps/{id}/parameters", 3),
            ("GET /steps/{id}/fieldmappings", 2),
        ],
    );
}

/// The bound of the plain case, as in the table: eight writes and two reads an account.
#[test]
fn many_plain_accounts() {
    const ACCOUNTS: usize = 120;
    let mut bench = crate::support::Bench::new();
    bench.set("KEY", "value-of-KEY");
    let mut text = "profiles:\n  plain:\n    connectors:\n".to_owned();
    for connector in ["Pipedrive", "Access CRM", "AccuLynx"] {
        writeln!(
            text,
            "      - connector: {connector}\n        auth: {{ api_key: {{ env: KEY }} }}"
        )
        .unwrap();
    }
    text += "accounts:\n";
    for number in 0..ACCOUNTS {
        let account = format!("{{ id: a{number:04}, name: Customer {number}, profile: plain }}");
        writeln!(text, "  - {account}").unwrap();
    }
    bench.manifest(&text);
    let library = pages(bench.rows("/v1.0/connectors"));
    bench.apply().expect(0);
    expect_counts(
        &bench,
        &[
            ("POST /oauth/token", 1),
            ("GET /accounts", 1),
            ("GET /connectors", library),
            ("POST /accounts", ACCOUNTS),
            ("POST /connectors/{id}/install", 3 * ACCOUNTS),
        ],
    );
    bench.sandbox.reset_ledger();
    bench.plan().expect(0);
    expect_counts(
        &bench,
        &[
            ("POST /oauth/token", 1),
            ("GET /accounts", 2),
            ("GET /connectors", library),
            ("GET /account/connectors", ACCOUNTS),
        ],
    );
}
