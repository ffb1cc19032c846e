//! Others work on the instance as well: a second apply at once, and ids in other letters.

use crate::support::{Bench, scene};
use gangplank_sandbox::{FaultEffect, FaultRule, SandboxOptions};

/// Both took "ID already in use" for their own, and installed every cycle and connector twice.
#[test]
fn two_applies_at_once_make_everything_once() {
    let mut lost = 0;
    for round in 0..5 {
        let bench = scene::bench();
        // Both have planned before either has created anything.
        let slow = FaultEffect::Delay { milliseconds: 400 };
        let reads = FaultRule::new(slow).on("GET /templates");
        bench.sandbox.set_faults(vec![reads]);
        let both = [bench.start_apply(), bench.start_apply()];
        let codes = both.map(|child| child.wait_with_output().unwrap().status.code().unwrap());
        for code in codes {
            assert!([0, 3].contains(&code), "round {round}: {codes:?}");
            lost += u32::from(code == 3);
        }
        bench.sandbox.set_faults(Vec::new());
        bench.apply().expect(0);
        bench.expect_converged();
        scene::expect_complete(&bench);
    }
    assert!(lost > 0, "no two applies ever met");
}

#[test]
fn an_id_in_other_letters_is_the_same_account() {
    let bench = scene::bench();
    bench.apply().expect(0);
    scene::edit(&bench, "id: acme-001", "id: ACME-001");
    bench.sandbox.reset_ledger();
    let ended = bench.apply().expect(0);
    assert_eq!(bench.ledger().count("POST /accounts"), 0);
    for text in [
        "account[\"ACME-001\"] is account[\"acme-001\"] on the instance",
        "manifest.yaml:",
        "write `id: acme-001`",
    ] {
        assert!(ended.stderr.contains(text), "{text}: {}", ended.stderr);
    }
    bench.expect_converged();
    scene::expect_complete(&bench);
}

/// One account, alone in the manifest, is asked for by its id.
#[test]
fn an_only_account_in_other_letters_is_the_same_account() {
    let bench = scene::bench();
    bench.manifest("accounts: [{ id: acme, name: Acme }]\n");
    bench.apply().expect(0);
    bench.manifest("accounts: [{ id: Acme, name: Acme }]\n");
    let ended = bench.apply().expect(0);
    assert!(
        ended.stderr.contains("account[\"acme\"]"),
        "{}",
        ended.stderr
    );
    assert_eq!(bench.sandbox.world().accounts.len(), 1);
}

#[test]
fn where_letters_count_another_id_is_another_account() {
    let mut bench = Bench::with(SandboxOptions {
        variants: vec![("U23".to_owned(), "sensitive".to_owned())],
        ..SandboxOptions::default()
    });
    bench.set("UNUSED", "");
    bench.manifest("accounts: [{ id: acme, name: A }, { id: bolt, name: B }]\n");
    bench.apply().expect(0);
    bench.manifest("accounts: [{ id: Acme, name: A }, { id: bolt, name: B }]\n");
    let ended = bench.apply().expect(0);
    assert!(!ended.stderr.contains("other letters"), "{}", ended.stderr);
    assert_eq!(bench.sandbox.world().accounts.len(), 3);
}
