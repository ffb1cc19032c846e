//! Where nobody knows what the vendor does, every behaviour that is thought possible is borne.

use crate::support::{Bench, scene};
use gangplank_sandbox::{FaultEffect, FaultRule, SandboxOptions, Variants};

fn bench(id: &str, position: &str) -> Bench {
    scene::with(Bench::with(SandboxOptions {
        variants: vec![(id.to_owned(), position.to_owned())],
        ..SandboxOptions::default()
    }))
}

/// Where a first apply cannot do everything.
const FIRST_IN_PART: [(&str, &str); 0] = [];

/// Where no text of an account is shown as it was written, nothing can remember which credential was set: each
/// apply sends them, and says so. All else is left as it is.
const CREDENTIALS_AGAIN: [(&str, &str); 2] =
    [("AUDIT_TEXTS", "ignored"), ("AUDIT_TEXTS", "masked")];

/// Plays an onboarding, a lost answer, a sign-in and some changes under one position of one switch.
/// After that nothing may be left to write, and nothing may be there twice.
fn check(id: &str, position: &str) {
    let what = format!("{id}={position}");
    let bench = bench(id, position);
    let lost = FaultRule::new(FaultEffect::DropAfter)
        .on("POST /connectors/{id}/install")
        .nth(2);
    bench.sandbox.set_faults(vec![lost]);
    let first = bench.apply();
    let expected = if FIRST_IN_PART.contains(&(id, position)) {
        3
    } else {
        0
    };
    assert_eq!(first.code, expected, "{what}: {first:?}");
    let signed_in = bench.sandbox.sign_in("acme-001", "Mailchimp");
    assert!(signed_in.is_ok(), "{what}: {first:?}");
    let second = bench.apply();
    assert_eq!(second.code, 0, "{what}: {second:?}");
    let changed = scene::MANIFEST
        .replace("description: first", "description: second")
        .replace("Subdomain: acme", "Subdomain: acme-eu")
        .replace("currency: GBP", "currency: SEK")
        .replace("Title: Deal", "Title: Opportunity")
        .replace("every: 1h", "every: 30m");
    bench.manifest(&changed);
    let changed = bench.apply();
    assert_eq!(changed.code, 0, "{what}: {changed:?}");
    bench.sandbox.reset_ledger();
    let again = bench.apply();
    assert_eq!(again.code, 0, "{what}: {again:?}");
    let mut writes = bench.write_routes();
    if CREDENTIALS_AGAIN.contains(&(id, position)) {
        writes.retain(|route| {
            !matches!(
                &**route,
                "PUT /account/connectors/{id}" | "PUT /accounts/{id}"
            )
        });
    }
    assert_eq!(writes, Vec::<String>::new(), "{what}: {again:?}");
    assert!(
        bench.ledger().duplicates.is_empty(),
        "{what}: {:?}",
        bench.ledger().duplicates
    );
}

#[test]
fn every_position_of_every_switch_is_borne() {
    let positions = Variants::table().iter().flat_map(|variant| {
        variant
            .positions
            .iter()
            .map(move |position| (variant.id, *position))
    });
    let positions: Vec<(&str, &str)> = positions.collect();
    assert!(positions.len() > 40);
    // Two at a time: each has a server and a process of its own.
    std::thread::scope(|scope| {
        for half in positions.chunks(positions.len().div_ceil(2)) {
            scope.spawn(move || {
                for (id, position) in half {
                    check(id, position);
                }
            });
        }
    });
}
