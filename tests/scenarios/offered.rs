//! `validate --online`: what the instance does not offer, told once, in few requests and without a write.

use crate::support::{Bench, Ended, scene};
use gangplank_sandbox::{FaultEffect, FaultRule, SandboxOptions, Variants};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Without the lints of what is written.
const ONLINE: [&str; 7] = [
    "validate",
    "--online",
    "--allow=never-run",
    "--allow=same-name",
    "--allow=shared-credential",
    "--allow=unused-profile",
    "manifest.yaml",
];

/// Checks the scene with one text replaced.
fn edited(bench: &Bench, from: &str, to: &str) -> Ended {
    scene::edit(bench, from, to);
    bench.run(&ONLINE)
}

/// The codes that were told, in order.
fn codes(ended: &Ended) -> Vec<&str> {
    let lines = ended.stderr.lines();
    let told = lines.filter_map(|line| {
        let rest = line
            .strip_prefix("error[")
            .or(line.strip_prefix("warning["));
        rest?.split(']').next()
    });
    told.collect()
}

/// How many pages a list has.
fn pages(bench: &Bench, path: &str) -> u64 {
    bench.rows(path).div_ceil(100).max(1) as u64
}

fn counts(bench: &Bench) -> BTreeMap<String, u64> {
    let mut counts = bench.ledger().counts;
    counts.remove("POST /oauth/token");
    counts
}

#[test]
fn each_thing_that_is_not_offered_says_what_is() {
    let bench = scene::bench();
    for (from, to, code, says) in [
        (
            "Harbour CRM\n",
            "Harbor CRM\n",
            "unknown-connector",
            "did you mean \"Harbour CRM\"?",
        ),
        (
            "\"2.1\"",
            "\"3.0\"",
            "unknown-version",
            "The library has \"2.1\"",
        ),
        (
            "Subdomain: acme",
            "Subdomian: acme",
            "unknown-property",
            "did you mean \"Subdomain\"?",
        ),
        (
            "Region: eu",
            "Region: mars",
            "value-not-allowed",
            "Its values are",
        ),
        (
            "Region: eu, Subdomain: acme",
            "Region: eu",
            "missing-property",
            "Subdomain",
        ),
        (
            "auth: oauth2",
            "auth: oauth1",
            "unfit-authentication",
            "It offers",
        ),
        (
            "auth: oauth2",
            "{ auth: oauth2, authentication: Oauth 2 }",
            "unknown-authentication",
            "did you mean \"OAuth 2.0\"?",
        ),
        (
            "template: Pipedrive > Harbour CRM",
            "template: Pipedrive > Harbor CRM",
            "unknown-template",
            "did you mean \"Pipedrive > Harbour CRM\"?",
        ),
        (
            "template: Pipedrive > Harbour CRM",
            "{ template: { tag: sale }, name: t",
            "unknown-template",
            "did you mean \"sales\"?",
        ),
    ] {
        // A map in flow style takes the rest of its entry.
        let (from, to) = match to.strip_prefix('{') {
            Some(rest) if code == "unknown-template" => (
                "template: Pipedrive > Harbour CRM",
                format!(
                    "{}\n        name: t",
                    rest.trim_start().trim_end_matches(", name: t")
                ),
            ),
            Some(rest) => (
                from,
                rest.trim_matches([' ', '}']).replace(", ", "\n        "),
            ),
            None => (from, to.to_owned()),
        };
        let ended = edited(&bench, from, &to).expect(5);
        assert!(codes(&ended).contains(&code), "{code}: {}", ended.stderr);
        assert!(ended.stderr.contains(says), "{code}: {}", ended.stderr);
        assert!(ended.stderr.contains("manifest.yaml:"), "{}", ended.stderr);
    }
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}

#[test]
fn what_is_offered_is_valid_and_takes_the_fewest_requests() {
    let bench = scene::bench();
    let library = pages(&bench, "/v1.0/connectors");
    let templates = pages(&bench, "/v1.0/templates");
    let ended = bench.run(&ONLINE).expect(0);
    assert_eq!(ended.stdout, "Valid: 2 accounts, checked against test\n");
    assert_eq!(codes(&ended), Vec::<&str>::new());
    // No account exists, so that no cycle can tell: the exports of two templates do.
    let expected = [
        ("GET /accounts", 1),
        ("GET /connectors", library),
        ("GET /templates", templates),
        ("GET /templates/{id}/export", 2),
    ];
    let expected = expected.map(|(route, count)| (route.to_owned(), count));
    assert_eq!(counts(&bench), expected.into());
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}

#[test]
fn nothing_is_asked_of_accounts_where_no_name_inside_a_template_is_declared() {
    let bench = Bench::new();
    bench.manifest(
        "accounts:\n  - { id: a, name: A, connectors: [{ connector: Slack, auth: oauth2 }] }\n",
    );
    let library = pages(&bench, "/v1.0/connectors");
    bench.run(&ONLINE).expect(0);
    let expected = [("GET /connectors".to_owned(), library)];
    assert_eq!(counts(&bench), expected.into());
}

/// One cycle tells for sure; the export, whose form nobody vouches for, only makes one wonder.
#[test]
fn a_cycle_is_certain_and_an_export_is_not() {
    let bench = scene::bench();
    let steps = (
        "Create Opportunity: { Pipeline",
        "Make Opportunity: { Pipeline",
    );
    let exported = edited(&bench, steps.0, steps.1).expect(0);
    assert_eq!(codes(&exported), ["unconfirmed-name"]);
    scene::edit(&bench, "", "");
    bench.apply().expect(0);
    bench.sandbox.reset_ledger();
    let told = edited(&bench, steps.0, steps.1).expect(5);
    assert_eq!(codes(&told), ["unknown-step"]);
    assert!(
        told.stderr.contains("of account acme-001 has it"),
        "{}",
        told.stderr
    );
    let variable = edited(&bench, "currency: GBP", "curency: GBP").expect(5);
    assert_eq!(codes(&variable), ["unknown-variable"]);
    let field = edited(&bench, "{ Title: Deal }", "{ Pipeline: Deal }").expect(5);
    assert!(
        field.stderr.contains("write it under `parameters:`"),
        "{}",
        field.stderr
    );
    assert_eq!(bench.write_routes(), Vec::<String>::new());
    scene::edit(&bench, "", "");
    let library = pages(&bench, "/v1.0/connectors");
    let templates = pages(&bench, "/v1.0/templates");
    bench.run(&ONLINE).expect(0);
    // One cycle for each of the two templates, and one list of cycles for both.
    let expected = [
        ("GET /accounts", 1),
        ("GET /connectors", library),
        ("GET /cycles", 1),
        ("GET /cycles/{id}/steps", 2),
        ("GET /cycles/{id}/variables", 1),
        ("GET /templates", templates),
    ];
    let expected = expected.map(|(route, count)| (route.to_owned(), count));
    assert_eq!(counts(&bench), expected.into());
}

/// An export of any other form, or none, judges nothing, which is told once.
#[test]
fn an_export_of_another_form_tells_nothing() {
    for effect in [
        FaultEffect::Echo {
            code: 403,
            text: "no".to_owned(),
        },
        FaultEffect::Echo {
            code: 200,
            text: "[{\"Name\": 7}]".to_owned(),
        },
        FaultEffect::Echo {
            code: 200,
            text: "{\"Steps\": {\"Name\": \"x\"}}".to_owned(),
        },
    ] {
        let bench = scene::bench();
        let rule = FaultRule::new(effect).on("GET /templates/{id}/export");
        bench.sandbox.set_faults(vec![rule]);
        let ended = edited(
            &bench,
            "Create Opportunity: { Pipeline",
            "Nowhere: { Pipeline",
        );
        let ended = ended.expect(0);
        assert_eq!(codes(&ended), ["unchecked-names"], "{}", ended.stderr);
    }
}

#[test]
fn what_a_profile_says_wrong_is_told_once_for_all_its_accounts() {
    let bench = Bench::new();
    let mut text = "profiles:\n  p:\n    connectors:\n      - { connector: Slak, auth: oauth2 }\n\
                    accounts:\n"
        .to_owned();
    for number in 0..10_000 {
        writeln!(text, "  - {{ id: a{number:05}, name: A, profile: p }}").unwrap();
    }
    bench.manifest(&text);
    let ended = bench.run(&ONLINE).expect(5);
    assert_eq!(codes(&ended), ["unknown-connector"]);
    let told = "In 10,000 accounts: a00000, a00001, a00002 and others.";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
    // There is no account, so that none is looked into for one that is installed already.
    let asked: Vec<String> = counts(&bench).into_keys().collect();
    assert_eq!(asked, ["GET /accounts", "GET /connectors"]);
    assert_eq!(bench.write_routes(), Vec::<String>::new());
}

/// What keeps a connector from being installed does not matter where it is.
#[test]
fn what_matters_to_new_connectors_alone_is_a_warning_where_it_is_installed() {
    let bench = scene::bench();
    bench.apply().expect(0);
    let (from, to) = ("Region: eu, Subdomain: acme", "Region: eu");
    let only = edited(&bench, from, to).expect(0);
    assert_eq!(codes(&only), Vec::<&str>::new(), "{}", only.stderr);
    // A second account has the same line, by a profile, and does not have the connector yet.
    let shared = "profiles:\n  p:\n    connectors:\n      - { connector: Harbour CRM, version: \"2.1\" }\n\
                  accounts:\n  - { id: acme-001, profile: p }\n  - { id: new, name: N, profile: p }\n";
    bench.manifest(shared);
    let both = bench.run(&ONLINE).expect(0);
    assert_eq!(codes(&both), ["only-if-new"], "{}", both.stderr);
}

#[test]
fn a_template_needs_connectors_that_are_declared() {
    let bench = scene::bench();
    let text = "      - connector: Mailchimp\n        auth: oauth2\n";
    let ended = edited(&bench, text, "").expect(0);
    assert_eq!(codes(&ended), ["undeclared-connector"], "{}", ended.stderr);
    assert!(ended.stderr.contains("\"Mailchimp\""), "{}", ended.stderr);
}

#[test]
fn wrong_credentials_and_a_refusal_are_exit_6() {
    let mut bench = scene::bench();
    bench.set("CLIENT_SECRET", "wrong");
    bench.run(&ONLINE).expect(6);
    bench.set("CLIENT_SECRET", "");
    bench.run(&ONLINE).expect(5);
}

#[test]
fn offline_problems_come_first_and_nothing_is_asked() {
    let bench = scene::bench();
    let ended = edited(&bench, "description:", "descripton:").expect(5);
    assert_eq!(codes(&ended), ["unknown-key"]);
    assert!(bench.ledger().requests.is_empty());
}

/// The switches that touch what is read.
const SWITCHES: [&str; 16] = [
    "U1",
    "U2",
    "U5",
    "U13",
    "U14",
    "U19",
    "U20",
    "U21",
    "U23",
    "U25",
    "LIBRARY_HEADER",
    "CUSTOM_LISTED",
    "NAME_QUERY",
    "BAD_TOKEN",
    "TOKEN_ERRORS",
    "UNSET_VARIABLE",
];

#[test]
fn every_switch_that_touches_reads_is_borne() {
    for id in SWITCHES {
        let variant = Variants::table().iter().find(|variant| variant.id == id);
        for position in variant.unwrap().positions {
            let bench = scene::with(Bench::with(SandboxOptions {
                variants: vec![(id.to_owned(), (*position).to_owned())],
                ..SandboxOptions::default()
            }));
            let what = format!("{id}={position}");
            let before = bench.run(&ONLINE);
            assert_eq!(before.code, 0, "{what}: {before:?}");
            assert_eq!(bench.write_routes(), Vec::<String>::new(), "{what}");
            bench.apply().expect(0);
            bench.sandbox.reset_ledger();
            let after = edited(&bench, "currency: GBP", "curency: GBP");
            assert_eq!(after.code, 5, "{what}: {after:?}");
            assert_eq!(codes(&after), ["unknown-variable"], "{what}");
            assert_eq!(bench.write_routes(), Vec::<String>::new(), "{what}");
        }
    }
}
