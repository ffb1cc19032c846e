//! Customers to onboard: a manifest with so many of them.

use gangplank_manifest::{MemorySources, load};
use gangplank_model::{Desired, Secret, SecretRef};
use gangplank_secrets::Secrets;
use std::fmt::Write as _;

/// What is wanted, and the secrets for it.
#[derive(Debug)]
pub(super) struct Customers {
    pub(super) desired: Desired,
    pub(super) secrets: Secrets,
}

/// What is wanted of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edition {
    /// To begin with.
    First,
    /// Something else of each, and nothing of the first.
    Changed,
}

impl Customers {
    /// So many accounts, each with three connectors and two templates.
    pub(super) fn new(count: usize) -> Self {
        Self::of(count, Edition::First)
    }

    /// The same in an edition.
    pub(super) fn of(count: usize, edition: Edition) -> Self {
        let (number, gamma, details) = match edition {
            Edition::First => (1, "auth: oauth2", ""),
            Edition::Changed => (
                2,
                "state: absent",
                ", parameters: { Get: { List ID: l } }, mappings: { Get: { Email: m } }, \
                 variables: { Region: uk }",
            ),
        };
        let mut text = format!(
            "version: 1\nprofiles:\n  standard:\n    description: Edition {number}\n    connectors:\n      \
             - {{ connector: Alpha, auth: {{ api_key: {{ env: ALPHA }} }}, \
             properties: {{ Subdomain: s{number} }} }}\n      \
             - {{ connector: Beta, auth: {{ basic: {{ username: a, password: {{ env: BETA }} }} }} }}\n      \
             - {{ connector: Gamma, {gamma} }}\n    templates:\n      \
             - {{ template: Alpha Sync, run: {{ every: 1h }}{details} }}\n      \
             - {{ template: \"Alpha > Beta\", run: {{ every: 1h }} }}\naccounts:\n"
        );
        for number in 0..count {
            let _ = match edition {
                Edition::Changed if number == 0 => {
                    writeln!(
                        text,
                        "  - {{ id: customer-0, name: Customer 0, state: absent }}"
                    )
                }
                Edition::First | Edition::Changed => writeln!(
                    text,
                    "  - {{ id: customer-{number}, name: Customer {number}, profile: standard }}"
                ),
            };
        }
        let files = MemorySources::default().with("customers.yaml", text.as_str());
        let (manifest, mut problems) = load(&files, &["customers.yaml".to_owned()]);
        let (desired, more) = manifest.desired(None);
        problems.extend(more);
        assert!(!problems.has_errors(), "{problems:?}");
        let secrets = ["ALPHA", "BETA"].map(|name| {
            let reference = SecretRef::Env(name.into());
            (reference, Secret::new(format!("value-of-{name}")))
        });
        Self {
            desired,
            secrets: secrets.into_iter().collect(),
        }
    }
}
