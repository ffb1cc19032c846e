//! Renamed, not installed anew: `moved: { from: ... }`, by itself, in chains and in exchanges.

use super::killed::kill_when_struck;
use crate::support::Bench;
use gangplank_sandbox::{FaultEffect, FaultRule, SandboxOptions};
use std::collections::BTreeMap;

/// One customer. `{sales}` and the like are the entries' names, and whatever follows them.
const SCENE: &str = "
accounts:
  - id: acme
    name: Acme
    connectors:
      - { connector: Harbour CRM, version: '2.1', properties: { Region: eu, Subdomain: acme },
          auth: { api_key: { env: HARBOUR_KEY } } }
      - { connector: Pipedrive, auth: { api_key: { env: SALES_KEY } }, name: {sales} }
      - { connector: Pipedrive, auth: { api_key: { env: SUPPORT_KEY } }, name: {support} }
      - { connector: Mailchimp, auth: oauth2, name: {mail} }
    templates:
      - { template: Pipedrive > Harbour CRM, run: { every: 1h },
          parameters: { Create Opportunity: { Pipeline: New business } },
          mappings: { Create Opportunity: { Title: Deal } }, name: {deals} }
      - { template: Pipedrive > Harbour CRM, run: { every: 30m },
          parameters: { Create Opportunity: { Pipeline: Old business } },
          mappings: { Create Opportunity: { Title: Lead } }, name: {leads} }
";

/// Connectors, then cycles.
const NAMES: [&str; 5] = ["sales", "support", "mail", "deals", "leads"];

fn write(bench: &Bench, names: [&str; 5]) {
    let mut text = SCENE.to_owned();
    for (key, name) in NAMES.iter().zip(names) {
        text = text.replace(&format!("{{{key}}}"), name);
    }
    bench.manifest(&text);
}

/// Everything installed under its first name.
fn installed(variants: &[(&str, &str)]) -> (Bench, BTreeMap<String, String>) {
    let variants = variants.iter();
    let variants = variants.map(|(id, position)| ((*id).to_owned(), (*position).to_owned()));
    let mut bench = Bench::with(SandboxOptions {
        variants: variants.collect(),
        ..SandboxOptions::default()
    });
    for name in ["HARBOUR_KEY", "SALES_KEY", "SUPPORT_KEY"] {
        bench.set(name, &format!("value-of-{name}"));
    }
    write(&bench, NAMES);
    bench.apply().expect(0);
    bench.expect_converged();
    bench.sandbox.reset_ledger();
    let held = held(&bench);
    (bench, held)
}

/// Ids by name.
fn held(bench: &Bench) -> BTreeMap<String, String> {
    let world = bench.sandbox.world();
    let account = &world.accounts[0];
    let connectors = account.connectors.iter();
    let connectors = connectors.map(|it| (it.name.clone(), it.id.to_string()));
    let cycles = account
        .cycles
        .iter()
        .map(|it| (it.name.clone(), it.id.clone()));
    connectors.chain(cycles).collect()
}

/// Asserts that objects bear new names, and nothing else happened to them.
#[track_caller]
fn expect_renamed(bench: &Bench, before: &BTreeMap<String, String>, renames: &[(&str, &str)]) {
    let mut expected = before.clone();
    for (from, _) in renames {
        expected.remove(*from);
    }
    for (from, to) in renames {
        expected.insert((*to).to_owned(), before[*from].clone());
    }
    assert_eq!(held(bench), expected);
    let installs = bench.write_routes();
    let installs = installs.iter().filter(|route| route.ends_with("/install"));
    assert_eq!(installs.count(), 0, "installed anew");
}

const RENAME: &str = "PUT /account/connectors/{id}";
const MARK: &str = "PUT /accounts/{id}";

#[test]
fn a_rename_costs_one_call() {
    let (bench, before) = installed(&[]);
    let moved = "News, moved: { from: mail }";
    write(&bench, ["sales", "support", moved, "deals", "leads"]);
    let plan = bench.plan().expect(2);
    assert!(
        plan.stdout
            .contains("> connector \"News\"  Mailchimp 3.0; moved from \"mail\""),
        "{}",
        plan.stdout
    );
    assert!(
        plan.last_line().contains(" 1 to move, "),
        "{}",
        plan.last_line()
    );
    bench.apply().expect(0);
    assert_eq!(bench.write_routes(), [RENAME]);
    expect_renamed(&bench, &before, &[("mail", "News")]);
    bench.expect_converged();
    // The line has done its work.
    write(&bench, ["sales", "support", "News", "deals", "leads"]);
    bench.expect_converged();
}

/// Its fingerprint moves along, so that the same secret is not sent again.
#[test]
fn no_credential_is_sent_again() {
    let (bench, before) = installed(&[]);
    let moved = "Key accounts, moved: { from: [older, sales] }";
    write(&bench, [moved, "support", "mail", "deals", "leads"]);
    let plan = bench.plan().expect(2);
    assert!(!plan.stdout.contains("auth"), "{}", plan.stdout);
    bench.apply().expect(0);
    assert_eq!(bench.write_routes(), [RENAME, MARK]);
    expect_renamed(&bench, &before, &[("sales", "Key accounts")]);
    bench.expect_converged();
    write(
        &bench,
        ["Key accounts", "support", "mail", "deals", "leads"],
    );
    bench.expect_converged();
}

#[test]
fn a_running_cycle_keeps_its_history() {
    let (bench, before) = installed(&[]);
    let moved = "Opportunities, moved: { from: deals }";
    write(&bench, ["sales", "support", "mail", moved, "leads"]);
    bench.apply().expect(0);
    let calls = [
        "PUT /cycles/{id}/deactivate",
        "PUT /cycles/{id}",
        "PUT /cycles/{id}/activate",
    ];
    assert_eq!(bench.write_routes(), calls);
    expect_renamed(&bench, &before, &[("deals", "Opportunities")]);
    bench.expect_converged();
    // Nobody says how it is started again: it is not stopped.
    write(
        &bench,
        [
            "sales",
            "support",
            "mail",
            "Deals, moved: { from: Opportunities }",
            "leads",
        ],
    );
    let text = std::fs::read_to_string(bench.folder.path().join("manifest.yaml")).unwrap();
    bench.write("manifest.yaml", &text.replace("run: { every: 1h },", ""));
    bench.sandbox.reset_ledger();
    let told = bench.apply().expect(3);
    assert!(told.stdout.contains("declare `run:`"), "{}", told.stdout);
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}

#[test]
fn a_chain_moves_on_one_after_the_other() {
    let (bench, before) = installed(&[]);
    let names = [
        "support, moved: { from: sales }",
        "mail, moved: { from: support }",
        "News, moved: { from: mail }",
        "leads, moved: { from: deals }",
        "Cold leads, moved: { from: leads }",
    ];
    write(&bench, names);
    bench.apply().expect(0);
    let renames = [
        ("mail", "News"),
        ("support", "mail"),
        ("sales", "support"),
        ("leads", "Cold leads"),
        ("deals", "leads"),
    ];
    expect_renamed(&bench, &before, &renames);
    let routes = bench.write_routes();
    assert_eq!(routes[..4], [RENAME, RENAME, RENAME, MARK], "{routes:?}");
    bench.expect_converged();
    write(&bench, ["support", "mail", "News", "leads", "Cold leads"]);
    bench.expect_converged();
}

const SWAPPED: [&str; 5] = [
    "support, moved: { from: sales }",
    "sales, moved: { from: support }",
    "mail",
    "leads, moved: { from: deals }",
    "deals, moved: { from: leads }",
];
const SWAP: [(&str, &str); 4] = [
    ("sales", "support"),
    ("support", "sales"),
    ("deals", "leads"),
    ("leads", "deals"),
];

#[test]
fn names_are_exchanged_once() {
    let (bench, before) = installed(&[]);
    write(&bench, SWAPPED);
    bench.apply().expect(0);
    expect_renamed(&bench, &before, &SWAP);
    let count = |route: &str| {
        bench
            .write_routes()
            .iter()
            .filter(|it| *it == route)
            .count()
    };
    // Each three, and once for what nothing else would tell: that it is done.
    assert_eq!(
        (count(RENAME), count(MARK), count("PUT /cycles/{id}")),
        (3, 1, 3)
    );
    bench.expect_converged();
    write(&bench, ["support", "sales", "mail", "leads", "deals"]);
    bench.expect_converged();
}

/// Killed before and after each write of an exchange: the next run goes on with it.
#[test]
fn an_exchange_that_was_cut_off_is_finished() {
    let mut cases = Vec::new();
    for (route, count) in [
        (RENAME, 3),
        (MARK, 1),
        ("PUT /cycles/{id}", 3),
        ("PUT /cycles/{id}/deactivate", 2),
        ("PUT /cycles/{id}/activate", 2),
    ] {
        for nth in 1..=count {
            for effect in [FaultEffect::SilenceBefore, FaultEffect::SilenceAfter] {
                cases.push((effect, route, nth));
            }
        }
    }
    std::thread::scope(|scope| {
        for half in cases.chunks(cases.len().div_ceil(2)) {
            scope.spawn(move || {
                for (effect, route, nth) in half {
                    let case = format!("{effect:?} at {route} {nth}");
                    let (bench, before) = installed(&[]);
                    write(&bench, SWAPPED);
                    let rule = FaultRule::new(effect.clone()).on(route).nth(*nth);
                    bench.sandbox.set_faults(vec![rule]);
                    kill_when_struck(&bench, bench.start_apply(), &case);
                    bench.sandbox.set_faults(Vec::new());
                    let again = bench.apply();
                    assert_eq!(again.code, 0, "{case}: {again:?}");
                    assert!(!again.stdout.contains("auth"), "{case}: {again:?}");
                    expect_renamed(&bench, &before, &SWAP);
                    bench.expect_converged();
                }
            });
        }
    });
}

/// A lost answer is no reason to guess.
#[test]
fn lost_answers_to_renames_are_borne() {
    for effect in [FaultEffect::DropBefore, FaultEffect::DropAfter] {
        for nth in 1..=3 {
            let (bench, before) = installed(&[]);
            write(&bench, SWAPPED);
            let rules = [RENAME, "PUT /cycles/{id}"];
            let rules = rules.map(|route| FaultRule::new(effect.clone()).on(route).nth(nth));
            bench.sandbox.set_faults(rules.into());
            bench.apply().expect(0);
            bench.sandbox.set_faults(Vec::new());
            expect_renamed(&bench, &before, &SWAP);
            bench.expect_converged();
        }
    }
}

/// cyclr-api.md 4, U16: the instance may take no notice of a name, or refuse it.
#[test]
fn where_names_cannot_change_nothing_is_lost_or_doubled() {
    for position in ["ignored", "400"] {
        let (bench, before) = installed(&[("U16", position)]);
        let moved = "Key accounts, moved: { from: sales }";
        write(&bench, [moved, "support", "mail", "deals", "leads"]);
        for _ in 0..2 {
            bench.sandbox.reset_ledger();
            let told = bench.apply().expect(1);
            let said = told.stdout + &told.stderr;
            assert!(
                said.contains("rename it to \"Key accounts\" in the Console"),
                "{said}"
            );
            assert_eq!(bench.write_routes(), [RENAME], "{position}");
            assert_eq!(held(&bench), before);
        }
        // Nor does an exchange begin.
        write(&bench, [SWAPPED[0], SWAPPED[1], "mail", "deals", "leads"]);
        bench.sandbox.reset_ledger();
        bench.apply().expect(1);
        assert_eq!(bench.write_routes(), [RENAME], "{position}");
        assert_eq!(held(&bench), before);
        write(&bench, NAMES);
        bench.expect_converged();
    }
}
