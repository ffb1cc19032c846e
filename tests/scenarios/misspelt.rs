//! A name that a cycle does not have blocks its entry, and nothing else.

use crate::support::scene;
use gangplank_sandbox::LedgerRequest;

#[test]
fn a_misspelt_name_of_an_installed_cycle_blocks_its_entry_alone() {
    for (from, to, says) in [
        (
            "currency: GBP",
            "curency: SEK",
            "has no variable \"curency\"",
        ),
        (
            "{ Pipeline: New",
            "{ Pipelin: New",
            "has no parameter \"Pipelin\"",
        ),
        (
            "{ Title: Deal }",
            "{ Titel: Deal }",
            "has no field \"Titel\"",
        ),
        (
            "Create Opportunity: { Pipeline",
            "Create: { Pipeline",
            "has no step \"Create\"",
        ),
    ] {
        let bench = scene::bench();
        bench.apply().expect(0);
        let changed = scene::MANIFEST
            .replacen(from, to, 1)
            .replace("name: Bolt GmbH", "name: Bolt AG")
            .replace("description: first", "description: second");
        bench.manifest(&changed);
        bench.sandbox.reset_ledger();
        let plan = bench.plan().expect(2);
        assert!(
            plan.stderr.contains("warning[unknown-in-cycle]"),
            "{}",
            plan.stderr
        );
        assert!(plan.stderr.contains(says), "{}", plan.stderr);
        assert!(
            plan.stderr.contains("--> manifest.yaml:"),
            "{}",
            plan.stderr
        );
        assert!(plan.last_line().contains("1 blocked"), "{}", plan.stdout);
        bench.sandbox.reset_ledger();
        bench.apply().expect(3);
        // The account itself and the other account are done; the cycle was not touched.
        let written: Vec<String> = bench.write_routes();
        assert_eq!(
            written,
            ["PUT /accounts/{id}", "PUT /accounts/{id}"],
            "{to}"
        );
        let world = bench.sandbox.world();
        let acme = world
            .accounts
            .iter()
            .find(|it| it.id == "acme-001")
            .unwrap();
        let cycle = acme
            .cycles
            .iter()
            .find(|it| it.name == "Pipedrive > Harbour CRM")
            .unwrap();
        let variables: Vec<&str> = cycle.variables.iter().map(|it| &*it.system_name).collect();
        assert!(!variables.contains(&"curency"), "{variables:?}");
    }
}

/// Another customer's cycle is read anyway, so that a new one's misspelt name is told before it is met.
#[test]
fn a_new_customer_is_warned_by_what_is_read_of_another() {
    let bench = scene::bench();
    bench.apply().expect(0);
    let entry = "    templates:\n      - template: Pipedrive > Harbour CRM\n        variables: { curency: GBP }\n";
    let more = format!(
        "{}  - id: new-003\n    name: New\n    connectors:\n      - connector: Pipedrive\n        \
         auth: {{ api_key: {{ env: PIPEDRIVE_KEY }} }}\n      - connector: Harbour CRM\n        \
         properties: {{ Subdomain: new }}\n        auth: {{ api_key: {{ env: HARBOUR_KEY }} }}\n{entry}",
        scene::MANIFEST
    );
    bench.manifest(&more);
    bench.sandbox.reset_ledger();
    let plan = bench.plan().expect(2);
    assert!(
        plan.stderr.contains("warning[unconfirmed-name]"),
        "{}",
        plan.stderr
    );
    assert!(
        plan.stderr.contains("did you mean \"currency\"?"),
        "{}",
        plan.stderr
    );
    let is_export = |it: &LedgerRequest| it.route.contains("export");
    assert!(
        !bench.ledger().requests.iter().any(is_export),
        "no more is read for it"
    );
}
