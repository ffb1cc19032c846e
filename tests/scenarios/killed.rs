//! The process is killed at each of its writes in turn, and applied again.

use crate::support::{Bench, scene};
use gangplank_sandbox::{FaultEffect, FaultRule};
use std::process::Child;
use std::time::{Duration, Instant};

/// The writes of a fresh apply of the scene, by route, with how often each comes.
const WRITES: [(&str, u64); 8] = [
    ("POST /accounts", 2),
    ("POST /connectors/{id}/install", 4),
    ("POST /templates/{id}/install", 2),
    ("PUT /cycles/{id}", 2),
    ("PATCH /cycles/{id}/variables", 1),
    ("PUT /steps/{id}/parameters/{parameterId}", 3),
    ("PUT /steps/{id}/fieldmappings/{fieldId}", 2),
    ("PUT /cycles/{id}/activate", 1),
];

/// Waits until the server has the write that the fault holds, then ends the process at once.
pub(crate) fn kill_when_struck(bench: &Bench, mut child: Child, case: &str) {
    let patience = Instant::now() + Duration::from_secs(20);
    while !bench.ledger().requests.iter().any(|it| it.fault.is_some()) {
        assert!(Instant::now() < patience, "{case}: the write never came");
        assert!(child.try_wait().unwrap().is_none(), "{case}: it ended");
        bench.rest(Duration::from_millis(2));
    }
    child.kill().unwrap();
    let ended = child.wait().unwrap();
    assert_eq!(ended.code(), None, "{case}: killed, not ended");
}

fn check(effect: &FaultEffect, route: &str, nth: u64) {
    let case = format!("{effect:?} at {route} {nth}");
    let bench = scene::bench();
    let rule = FaultRule::new(effect.clone()).on(route).nth(nth);
    bench.sandbox.set_faults(vec![rule]);
    kill_when_struck(&bench, bench.start_apply(), &case);
    bench.sandbox.set_faults(Vec::new());
    let again = bench.apply();
    assert_eq!(again.code, 0, "{case}: {again:?}");
    scene::expect_complete(&bench);
    bench.expect_converged();
}

#[test]
fn at_any_write_before_and_after_its_commit() {
    let cases: Vec<(FaultEffect, &str, u64)> = WRITES
        .iter()
        .flat_map(|(route, count)| (1..=*count).map(move |nth| (*route, nth)))
        .flat_map(|(route, nth)| {
            let effects = [FaultEffect::SilenceBefore, FaultEffect::SilenceAfter];
            effects.map(|effect| (effect, route, nth))
        })
        .collect();
    assert_eq!(cases.len(), 34);
    std::thread::scope(|scope| {
        for half in cases.chunks(cases.len().div_ceil(2)) {
            scope.spawn(move || {
                for (effect, route, nth) in half {
                    check(effect, route, *nth);
                }
            });
        }
    });
}
