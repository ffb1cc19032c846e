//! F10: answers that come slowly, or never end, over real sockets. What ends them is the deadline of the
//! whole call: bytes come in all the while.

use crate::scene::{Scene, fresh, hourly};
use gangplank_model::Outcome;
use gangplank_sandbox::{Close, FaultEffect, FaultRule};
use std::time::Duration;

fn effects() -> [(&'static str, FaultEffect); 4] {
    let bytes_per_second = 1;
    [
        (
            "one byte a second",
            FaultEffect::SlowBody { bytes_per_second },
        ),
        ("a body without end", FaultEffect::EndlessBody),
        (
            "headers that never end",
            FaultEffect::CutHead {
                bytes: 40,
                close: Close::Silent,
            },
        ),
        (
            "half a body, and silence",
            FaultEffect::CutBody {
                bytes: None,
                close: Close::Silent,
            },
        ),
    ]
}

#[tokio::test]
async fn f10_an_answer_that_never_ends_is_ended_by_the_deadline_of_the_whole_call() {
    for (fault, effect) in effects() {
        for (route, index, outcome) in [
            ("POST /accounts", 0, Outcome::Confirmed),
            ("POST /connectors/{id}/install", 1, Outcome::Confirmed),
            ("POST /templates/{id}/install", 2, Outcome::Confirmed),
            ("PUT /cycles/{id}", 3, Outcome::Done),
            ("GET /cycles/{id}/steps", 5, Outcome::Done),
        ] {
            let mut scene = Scene::open(&[]).await;
            scene.call_timeout = Duration::from_millis(700);
            scene.fault(FaultRule::new(effect.clone()).on(route).nth(1));
            let lanes = vec![fresh(hourly())];
            let applied = tokio::time::timeout(Duration::from_mins(1), scene.apply(lanes)).await;
            let report = applied.unwrap_or_else(|_| panic!("{fault} on {route}: it hangs"));
            let receipts = &report.lanes[0].receipts;
            assert!(report.is_good(), "{fault} on {route}: {receipts:#?}");
            assert_eq!(receipts[index].outcome, outcome, "{fault} on {route}");
            let ledger = scene.sandbox.ledger();
            assert!(ledger.duplicates.is_empty(), "{fault} on {route}");
            let met = ledger.requests.iter().filter(|it| it.fault.is_some());
            assert_eq!(met.count(), 1, "{fault} on {route}");
        }
    }
}
