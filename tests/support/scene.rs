//! The scene that most tests play in: two customers with everything that a manifest can say.

use super::Bench;
use std::collections::BTreeMap;

/// One customer with an API key, a Basic and an OAuth connector, two templates, one of them hourly.
pub(crate) const MANIFEST: &str = r#"
defaults: { timezone: Europe/London }
accounts:
  - id: acme-001
    name: Acme Ltd
    description: first customer
    connectors:
      - connector: Harbour CRM
        version: "2.1"
        partner: true
        properties: { Region: eu, Subdomain: acme }
        auth: { api_key: { env: HARBOUR_KEY } }
      - connector: Pipedrive
        auth: { api_key: { env: PIPEDRIVE_KEY } }
      - connector: Mailchimp
        auth: oauth2
    templates:
      - template: Pipedrive > Harbour CRM
        parameters: { Create Opportunity: { Pipeline: New business } }
        mappings: { Create Opportunity: { Title: Deal } }
        variables: { currency: GBP }
        run: { every: 1h }
      - template: Harbour CRM > Mailchimp
        parameters: { Get Contacts: { Segment: all }, Add Member: { List ID: a78f } }
        mappings: { Add Member: { Email: someone@acme.example } }
        run: { every: 15m }
  - id: bolt-002
    name: Bolt GmbH
    connectors:
      - connector: Freshdesk
        name: Freshdesk (desk)
        properties: { Domain: bolt }
        auth: { basic: { username: desk, password: { env: FRESHDESK_PASSWORD } } }
"#;

/// A sandbox and the manifest, with every secret set.
pub(crate) fn bench() -> Bench {
    with(Bench::new())
}

/// The scene on a given bench.
pub(crate) fn with(mut bench: Bench) -> Bench {
    for name in ["HARBOUR_KEY", "PIPEDRIVE_KEY", "FRESHDESK_PASSWORD"] {
        bench.set(name, &format!("value-of-{name}"));
    }
    bench.manifest(MANIFEST);
    bench
}

/// The scene with one text of the manifest replaced; fails when the text is not there.
#[track_caller]
pub(crate) fn edit(bench: &Bench, from: &str, to: &str) {
    assert!(MANIFEST.contains(from), "the scene has no {from:?}");
    bench.manifest(&MANIFEST.replacen(from, to, 1));
}

/// Asserts that the world holds what the scene asks for: each object once, none else.
#[track_caller]
pub(crate) fn expect_complete(bench: &Bench) {
    let world = bench.sandbox.world();
    let held: BTreeMap<String, Vec<String>> = world
        .accounts
        .iter()
        .map(|account| {
            let connectors = account
                .connectors
                .iter()
                .map(|connector| connector.name.clone());
            let cycles = account.cycles.iter().map(|cycle| cycle.name.clone());
            let mut names: Vec<String> = connectors.chain(cycles).collect();
            names.sort();
            (account.id.clone(), names)
        })
        .collect();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let wanted: BTreeMap<String, Vec<String>> = [
        (
            "acme-001".to_owned(),
            names(&[
                "Harbour CRM",
                "Harbour CRM > Mailchimp",
                "Mailchimp",
                "Pipedrive",
                "Pipedrive > Harbour CRM",
            ]),
        ),
        ("bolt-002".to_owned(), names(&["Freshdesk (desk)"])),
    ]
    .into();
    assert_eq!(held, wanted);
}
