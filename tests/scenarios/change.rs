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
        "properties: { Region: eu, Subdomain: acme }",
        "properties: { Region: eu, Subdomain: acme-eu }",
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
    let plan = bench.plan().expect(0).stdout;
    assert!(plan.contains("  ! template"), "{plan}");
    assert!(plan.contains("Nothing to apply: "), "{plan}");
    assert!(!plan.contains("No changes"), "{plan}");
    bench.sandbox.sign_in("acme-001", "Mailchimp").unwrap();
    bench.sandbox.reset_ledger();
    bench.apply().expect(0);
    assert_eq!(bench.write_routes(), ["PUT /cycles/{id}/activate"]);
    bench.expect_converged();
}

/// Three connectors of one kind wait for the same sign-in: their cycle says so once.
#[test]
fn a_cycle_says_once_what_it_waits_for() {
    let bench = scene::bench();
    let one = "      - connector: Mailchimp\n        auth: oauth2\n";
    let more: String = ["two", "three"]
        .iter()
        .map(|name| format!("      - {{ connector: Mailchimp, name: {name}, auth: oauth2 }}\n"))
        .collect();
    scene::edit(&bench, one, &format!("{one}{more}"));
    let plan = bench.plan().expect(2).stdout;
    let told = plan.matches("! not activated yet: ").count();
    assert_eq!(told, 1, "{plan}");
}

/// The instance may take sub-accounts along (U11): one that nobody spoke of is never lost that way.
#[test]
fn an_account_with_sub_accounts_is_not_removed_over_them() {
    let bench = scene::bench();
    let kid = "  - id: kid-003\n    name: Kid\n    parent: bolt-002\n";
    bench.manifest(&format!("{}{kid}", scene::MANIFEST));
    bench.apply().expect(0);
    let text = scene::MANIFEST.replacen("name: Bolt GmbH", "state: absent", 1);
    bench.manifest(&text);
    bench.sandbox.reset_ledger();
    let remove = [
        "apply",
        "--auto-approve",
        "--max-removals",
        "10",
        "manifest.yaml",
    ];
    let told = bench.run(&remove).expect(3).stdout;
    assert!(told.contains("\"kid-003\""), "{told}");
    assert_eq!(bench.write_routes(), Vec::<String>::new());

    // Named too, it goes first.
    bench.manifest(&format!("{text}{kid}    state: absent\n"));
    bench.run(&remove).expect(0);
    let writes = bench.writes();
    let gone: Vec<&str> = writes
        .iter()
        .filter(|(_, route)| route == "DELETE /accounts/{id}")
        .map(|(account, _)| account.as_str())
        .collect();
    assert_eq!(gone, ["kid-003", "bolt-002"], "{writes:?}");

    // One that stays cannot stand below one that goes.
    bench.manifest(&format!("{text}{kid}"));
    bench.sandbox.reset_ledger();
    let told = bench.run(&remove).expect(5).stderr;
    assert!(told.contains("parent-removed"), "{told}");
    assert_eq!(bench.write_routes(), Vec::<String>::new());
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

/// How it is to run once it can is shown as it changes, although nothing starts yet.
#[test]
fn a_changed_run_of_a_cycle_that_waits_is_shown() {
    let bench = scene::bench();
    bench.apply().expect(0);
    for (to, told) in [
        ("{ every: 1d }", "run  every 15m -> every 1d"),
        ("paused", "run  every 1d -> paused"),
        ("{ every: 1h }", "run  paused -> every 1h"),
    ] {
        bench.manifest(&scene::MANIFEST.replacen("{ every: 15m }", to, 1));
        let plan = bench.plan().expect(2);
        assert!(plan.stdout.contains(told), "no {told:?}:\n{}", plan.stdout);
        assert!(plan.stdout.contains(" 1 to change, "), "{}", plan.stdout);
        let json = bench.run(&["plan", "--format", "json", "manifest.yaml"]);
        let json: serde_json::Value = serde_json::from_str(&json.expect(0).stdout).unwrap();
        let changes = json["lanes"][0]["changes"].as_array().unwrap();
        let change = changes.iter().find(|it| it["action"] == "update").unwrap();
        assert_eq!(change["fields"][0]["field"], "run");
        bench.sandbox.reset_ledger();
        bench.apply().expect(0);
        assert_eq!(bench.write_routes(), ["PUT /cycles/{id}"]);
        bench.expect_converged();
    }
}

/// Whether something goes is seen before anybody allows it; only `apply` wants the number.
#[test]
fn a_plan_with_removals_is_shown_without_their_number() {
    let bench = scene::bench();
    bench.apply().expect(0);
    scene::edit(
        &bench,
        "name: Acme Ltd",
        "name: Acme Ltd\n    state: absent",
    );
    bench.sandbox.reset_ledger();
    let plan = bench.run(&["plan", "manifest.yaml"]).expect(0);
    assert!(plan.stdout.contains("  - account"), "{}", plan.stdout);
    assert!(plan.stdout.contains(" to remove, "), "{}", plan.stdout);
    let warning = "warning[too-many-removals]: the plan removes ";
    assert!(plan.stderr.contains(warning), "{}", plan.stderr);
    let needs = "`apply` needs --max-removals ";
    assert!(plan.stderr.contains(needs), "{}", plan.stderr);
    let (_, number) = plan.stderr.split_once(needs).unwrap();
    let number = number.lines().next().unwrap();
    bench.plan().expect(2);
    let json = bench.run(&["plan", "--format", "json", "manifest.yaml"]);
    let json: serde_json::Value = serde_json::from_str(&json.expect(0).stdout).unwrap();
    assert_eq!(json["summary"]["remove"].to_string(), number);

    let refused = bench.apply().expect(4);
    assert!(refused.stdout.contains("  - account"), "{}", refused.stdout);
    assert!(
        refused.stderr.contains("error[too-many-removals]"),
        "{}",
        refused.stderr
    );
    let words = ["apply", "--auto-approve", "--format", "json"];
    let json = bench.run(&[&words[..], &["manifest.yaml"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json.expect(4).stdout).unwrap();
    assert_eq!(json["plan"]["summary"]["remove"].to_string(), number);
    assert_eq!(json["receipts"], serde_json::json!([]));
    assert_eq!(bench.write_routes(), Vec::<String>::new());
    // The number that was told is the one that is wanted.
    let words = ["apply", "--auto-approve", "--max-removals", number];
    bench
        .run(&[&words[..], &["manifest.yaml"]].concat())
        .expect(0);
}

/// The instance pauses the cycles of a connector that goes: the plan says which of them run.
#[test]
fn a_connector_that_a_running_cycle_needs_is_not_removed_in_silence() {
    let bench = scene::bench();
    bench.apply().expect(0);
    scene::edit(
        &bench,
        "auth: { api_key: { env: PIPEDRIVE_KEY } }",
        "state: absent",
    );
    let cycle = "cycle \"Pipedrive > Harbour CRM\" runs on it, and stops or goes with it";
    let told = bench
        .run(&["plan", "--max-removals", "1", "manifest.yaml"])
        .expect(0);
    assert!(told.stdout.contains(cycle), "{}", told.stdout);
    // One that has stopped already is not spoken of.
    let stop = [
        "apply",
        "--auto-approve",
        "--max-removals",
        "1",
        "manifest.yaml",
    ];
    bench.run(&stop).expect(0);
    let later = bench.run(&["plan", "--max-removals", "1", "manifest.yaml"]);
    assert!(!later.stdout.contains(cycle), "{}", later.stdout);
}
