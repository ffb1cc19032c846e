//! One wish changes: the plan shows exactly that, and apply does exactly that.

use crate::support::scene;

/// Changes the scene's manifest, and names what the plan must show and the server must see.
#[track_caller]
fn check(from: &str, to: &str, shown: &[&str], calls: &[&str]) {
    let bench = scene::bench();
    bench.apply().expect(0);
    bench.expect_converged();
    scene::edit(&bench, from, to);
    bench.sandbox.reset_ledger();
    let plan = bench.plan().expect(2);
    for text in shown {
        assert!(
            plan.stdout.contains(text),
            "no {text:?} in\n{}",
            plan.stdout
        );
    }
    assert!(
        plan.last_line()
            .starts_with("Plan: 0 to add, 1 to change, 0 to remove, "),
        "{}",
        plan.stdout
    );
    assert_eq!(
        bench.write_routes(),
        Vec::<String>::new(),
        "a plan wrote something"
    );
    bench.apply().expect(0);
    assert_eq!(bench.write_routes(), calls);
    bench.expect_converged();
}

#[test]
fn a_mapping() {
    check(
        "Title: Deal",
        "Title: Opportunity",
        &["Deal", "Opportunity", "stops the running cycle"],
        &[
            "PUT /cycles/{id}/deactivate",
            "PUT /steps/{id}/fieldmappings/{fieldId}",
            "PUT /cycles/{id}/activate",
        ],
    );
}

#[test]
fn a_mapping_of_a_paused_cycle() {
    check(
        "Email: someone@acme.example",
        "Email: other@acme.example",
        &["someone@acme.example", "other@acme.example"],
        &["PUT /steps/{id}/fieldmappings/{fieldId}"],
    );
}

#[test]
fn a_parameter() {
    check(
        "Segment: all",
        "Segment: some",
        &["all", "some"],
        &["PUT /steps/{id}/parameters/{parameterId}"],
    );
}

#[test]
fn a_variable() {
    check(
        "currency: GBP",
        "currency: SEK",
        &["GBP", "SEK"],
        &[
            "PUT /cycles/{id}/deactivate",
            "PATCH /cycles/{id}/variables",
            "PUT /cycles/{id}/activate",
        ],
    );
}

#[test]
fn an_account_description() {
    check(
        "description: first customer",
        "description: second customer",
        &["first customer", "second customer"],
        &["PUT /accounts/{id}"],
    );
}

#[test]
fn a_connector_description() {
    check(
        "        name: Freshdesk (desk)",
        "        name: Freshdesk (desk)\n        description: night shift",
        &["description", "night shift"],
        &["PUT /account/connectors/{id}"],
    );
}

#[test]
fn a_partner_flag() {
    check(
        "partner: true",
        "partner: false",
        &["partner"],
        &["PUT /account/connectors/{id}"],
    );
}

#[test]
fn a_property() {
    check(
        "properties: { Subdomain: acme }",
        "properties: { Subdomain: acme-eu }",
        &["acme-eu"],
        &["PUT /account/connectors/{id}"],
    );
}

#[test]
fn a_timezone() {
    check(
        "name: Acme Ltd",
        "name: Acme Ltd\n    timezone: Europe/Paris",
        &["Europe/London", "Europe/Paris"],
        &["PUT /accounts/{id}"],
    );
}

#[test]
fn a_schedule() {
    check(
        "every: 1h",
        "every: 30m",
        &["run", "stops the running cycle"],
        &[
            "PUT /cycles/{id}/deactivate",
            "PUT /cycles/{id}",
            "PUT /cycles/{id}/activate",
        ],
    );
}

#[test]
fn a_pause() {
    check(
        "run: { every: 1h }",
        "run: paused",
        &["run"],
        &["PUT /cycles/{id}/deactivate", "PUT /cycles/{id}"],
    );
}

#[test]
fn a_rotated_secret() {
    let mut bench = scene::bench();
    bench.apply().expect(0);
    bench.expect_converged();
    bench.set("FRESHDESK_PASSWORD", "another-value");
    bench.sandbox.reset_ledger();
    let blind = bench
        .run(&["plan", "--detailed-exitcode", "manifest.yaml"])
        .expect(0);
    assert!(blind.stdout.contains("not compared"), "{}", blind.stdout);
    let plan = bench.plan().expect(2);
    assert!(
        plan.stdout.contains("the secret changed"),
        "{}",
        plan.stdout
    );
    bench.apply().expect(0);
    assert_eq!(
        bench.write_routes(),
        ["PUT /account/connectors/{id}", "PUT /accounts/{id}"]
    );
    bench.expect_converged();
}

#[test]
fn a_cycle_deleted_behind_its_back_comes_back_once() {
    let bench = scene::bench();
    bench.apply().expect(0);
    bench
        .sandbox
        .delete_cycle("acme-001", "Pipedrive > Harbour CRM")
        .unwrap();
    let plan = bench.plan().expect(2);
    assert!(
        plan.last_line()
            .starts_with("Plan: 1 to add, 0 to change, 0 to remove, "),
        "{plan:?}"
    );
    bench.sandbox.reset_ledger();
    bench.apply().expect(0);
    let installs = bench
        .write_routes()
        .iter()
        .filter(|route| route.ends_with("/install"))
        .count();
    assert_eq!(installs, 1);
    bench.expect_converged();
}

#[test]
fn a_sign_in_lets_the_waiting_cycle_start() {
    let bench = scene::bench();
    let first = bench.apply().expect(0);
    assert!(first.stdout.contains("sign in"), "{}", first.stdout);
    bench.sandbox.sign_in("acme-001", "Mailchimp").unwrap();
    bench.sandbox.reset_ledger();
    bench.apply().expect(0);
    assert_eq!(bench.write_routes(), ["PUT /cycles/{id}/activate"]);
    bench.expect_converged();
}

#[test]
fn an_absent_account_is_removed_only_with_the_word_for_it() {
    let bench = scene::bench();
    bench.apply().expect(0);
    scene::edit(
        &bench,
        "name: Acme Ltd",
        "name: Acme Ltd\n    state: absent",
    );
    bench.sandbox.reset_ledger();
    bench.apply().expect(4);
    assert_eq!(bench.write_routes(), Vec::<String>::new());
    bench
        .run(&[
            "apply",
            "--auto-approve",
            "--max-removals",
            "10",
            "manifest.yaml",
        ])
        .expect(0);
    let routes = bench.write_routes();
    assert_eq!(
        routes.last().map(String::as_str),
        Some("DELETE /accounts/{id}"),
        "{routes:?}"
    );
    bench.expect_converged();
}
