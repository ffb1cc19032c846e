//! An answer is lost, a call fails, a server is slow: one more apply leaves no doubt.

use crate::support::scene;
use gangplank_sandbox::{FaultEffect, FaultRule};

/// Every create of a fresh apply, by its place among the calls of its route.
const CREATES: [(&str, u64); 8] = [
    ("POST /accounts", 1),
    ("POST /accounts", 2),
    ("POST /connectors/{id}/install", 1),
    ("POST /connectors/{id}/install", 2),
    ("POST /connectors/{id}/install", 3),
    ("POST /connectors/{id}/install", 4),
    ("POST /templates/{id}/install", 1),
    ("POST /templates/{id}/install", 2),
];

/// Plays the scene with one fault at each create in turn: it must strike once, and one more apply
/// must leave nothing twice and nothing undone.
fn check(effect: &FaultEffect, first_code: impl Fn(&str) -> i32) {
    for (route, nth) in CREATES {
        let bench = scene::bench();
        bench
            .sandbox
            .set_faults(vec![FaultRule::new(effect.clone()).on(route).nth(nth)]);
        let first = bench.apply();
        let struck = bench
            .ledger()
            .requests
            .iter()
            .filter(|request| request.fault.is_some())
            .count();
        assert_eq!(
            struck, 1,
            "{route} {nth}: the fault did not strike once: {first:?}"
        );
        assert_eq!(first.code, first_code(route), "{route} {nth}: {first:?}");
        bench.apply().expect(0);
        bench.expect_converged();
        scene::expect_complete(&bench);
    }
}

#[test]
fn the_answer_to_any_single_create_is_lost() {
    check(&FaultEffect::DropAfter, |_| 0);
}

/// Accounts and connectors are guarded by the instance and sent once more. A template could be
/// installed twice, if the first call came late: that is left to a person, and to the next apply.
#[test]
fn any_single_create_is_lost_before_it_reaches_the_server() {
    check(&FaultEffect::DropBefore, |route| {
        if route == "POST /templates/{id}/install" {
            7
        } else {
            0
        }
    });
}

#[test]
fn a_server_error_after_the_commit_is_no_failure() {
    check(
        &FaultEffect::StatusAfter {
            code: 502,
            retry_after: None,
        },
        |_| 0,
    );
}

/// Something before the instance may refuse a call that the instance has done: a create that is sent
/// again on such a word would stand there twice.
#[test]
fn a_refusal_after_the_commit_is_not_believed() {
    for code in [401, 408, 429] {
        check(
            &FaultEffect::StatusAfter {
                code,
                retry_after: (code == 429).then(|| "0".into()),
            },
            |_| 0,
        );
    }
}

#[test]
fn a_token_that_ends_mid_run_is_renewed() {
    check(
        &FaultEffect::StatusBefore {
            code: 401,
            retry_after: None,
        },
        |_| 0,
    );
}

#[test]
fn a_refusal_for_rate_is_waited_out() {
    check(
        &FaultEffect::StatusBefore {
            code: 429,
            retry_after: Some("0".into()),
        },
        |_| 0,
    );
}

#[test]
fn a_refusal_stops_that_account_and_the_next_apply_completes_it() {
    check(
        &FaultEffect::StatusBefore {
            code: 400,
            retry_after: None,
        },
        |_| 3,
    );
}

#[test]
fn one_accounts_failure_stops_that_account_alone() {
    let bench = scene::bench();
    let refusal = FaultEffect::StatusBefore {
        code: 403,
        retry_after: None,
    };
    bench
        .sandbox
        .set_faults(vec![FaultRule::new(refusal).of("bolt-002")]);
    let ended = bench.apply().expect(3);
    assert!(ended.stdout.contains("bolt-002"), "{}", ended.stdout);
    let world = bench.sandbox.world();
    let acme = world
        .accounts
        .iter()
        .find(|account| account.id == "acme-001");
    assert_eq!(acme.unwrap().cycles.len(), 2);
    bench.sandbox.set_faults(Vec::new());
    bench.apply().expect(0);
    bench.expect_converged();
}
