//! Every kind of operation, hit by every fault, ends as if there had been none.

use crate::scene::{Scene, changed, fresh, hourly, removed};
use gangplank_executor::Report;
use gangplank_model::{Outcome, Schedule};
use gangplank_sandbox::{FaultEffect, FaultRule};

fn explain(report: &Report) -> String {
    let receipts = report.receipts();
    let lines: Vec<String> = receipts
        .map(|receipt| format!("{} {}: {:?}", receipt.index, receipt.route, receipt.outcome))
        .collect();
    lines.join("\n")
}

fn effects() -> [(&'static str, FaultEffect); 6] {
    let before = |code, retry_after: Option<&str>| FaultEffect::StatusBefore {
        code,
        retry_after: retry_after.map(str::to_owned),
    };
    [
        ("lost after commit", FaultEffect::DropAfter),
        ("dropped before", FaultEffect::DropBefore),
        (
            "500 after commit",
            FaultEffect::StatusAfter {
                code: 500,
                retry_after: None,
            },
        ),
        ("503 before", before(503, None)),
        ("429", before(429, Some("0"))),
        ("401", before(401, None)),
    ]
}

const ROUTES: [&str; 14] = [
    "POST /accounts",
    "PUT /accounts/{id}",
    "DELETE /accounts/{id}",
    "POST /connectors/{id}/install",
    "PUT /account/connectors/{id}",
    "DELETE /account/connectors/{id}",
    "POST /templates/{id}/install",
    "PUT /cycles/{id}",
    "DELETE /cycles/{id}",
    "PATCH /cycles/{id}/variables",
    "PUT /steps/{id}/parameters/{parameterId}",
    "PUT /steps/{id}/fieldmappings/{fieldId}",
    "PUT /cycles/{id}/deactivate",
    "PUT /cycles/{id}/activate",
];

#[tokio::test]
async fn every_operation_survives_every_fault() {
    for schedule in [hourly(), Schedule::Once] {
        let lanes = || vec![fresh(schedule.clone()), changed(), removed()];
        let mut calm = Scene::open(&[]).await;
        let report = calm.apply(lanes()).await;
        assert!(report.is_good(), "{}", explain(&report));
        let expected = calm.holdings();
        for route in ROUTES {
            for (fault, effect) in effects() {
                let mut scene = Scene::open(&[]).await;
                let once = route == "PUT /cycles/{id}/activate" && schedule == Schedule::Once;
                let rule = FaultRule::new(effect).on(route).nth(1);
                // Two lanes activate; only the new cycle is to run once.
                scene.fault(if once { rule.of("new") } else { rule });
                let report = scene.apply(lanes()).await;
                let case = format!("{fault} on {route}, {schedule}");
                let unguarded = route == "POST /templates/{id}/install" || once;
                if unguarded && ["dropped before", "503 before"].contains(&fault) {
                    // It may still be committed late, and no second one would be refused.
                    assert!(report.has_unknown(), "{case}\n{}", explain(&report));
                    let ledger = scene.sandbox.ledger();
                    let requests = ledger.requests.iter();
                    let sent = requests
                        .filter(|it| it.route == route && it.account.as_deref() == Some("new"));
                    assert_eq!(sent.count(), 1, "{case}");
                    continue;
                }
                assert!(report.is_good(), "{case}\n{}", explain(&report));
                assert_eq!(scene.holdings(), expected, "{case}");
                let ledger = scene.sandbox.ledger();
                assert!(ledger.duplicates.is_empty(), "{case}");
                let hit = ledger
                    .requests
                    .iter()
                    .any(|request| request.fault.is_some());
                assert!(hit, "{case}: the fault was not met");
            }
        }
    }
}

#[tokio::test]
async fn a_lost_answer_to_a_create_is_confirmed_and_never_sent_twice() {
    for (route, index) in [
        ("POST /accounts", 0),
        ("POST /connectors/{id}/install", 1),
        ("POST /templates/{id}/install", 2),
    ] {
        let mut scene = Scene::open(&[]).await;
        scene.fault(FaultRule::new(FaultEffect::DropAfter).on(route).nth(1));
        let report = scene.apply(vec![fresh(hourly())]).await;
        assert!(report.is_good(), "{}", explain(&report));
        let receipt = &report.lanes[0].receipts[index];
        assert_eq!(receipt.outcome, Outcome::Confirmed, "{route}");
        assert_eq!(
            (receipt.attempts, scene.sandbox.ledger().count(route)),
            (1, 1)
        );
    }
}

#[tokio::test]
async fn a_create_that_stays_in_doubt_is_never_guessed() {
    let mut scene = Scene::open(&[]).await;
    let route = "POST /templates/{id}/install";
    scene.fault(FaultRule::new(FaultEffect::DropBefore).on(route));
    let report = scene.apply(vec![fresh(hourly())]).await;
    let outcomes: Vec<&str> = report.receipts().map(|r| r.outcome.word()).collect();
    assert_eq!(outcomes[..4], ["done", "done", "unknown", "skipped"]);
    assert_eq!(scene.sandbox.ledger().count(route), 1, "no second one");
    assert!(report.has_unknown());
}

#[tokio::test]
async fn an_outage_of_one_account_stops_that_account_alone() {
    let mut scene = Scene::open(&[]).await;
    let outage = FaultEffect::StatusBefore {
        code: 503,
        retry_after: None,
    };
    scene.fault(FaultRule::new(outage).of("old"));
    let report = scene
        .apply(vec![changed(), fresh(hourly()), removed()])
        .await;
    let good: Vec<bool> = report.lanes.iter().map(|lane| lane.good).collect();
    assert_eq!(good, [false, true, true], "{}", explain(&report));
    let first = &report.lanes[0].receipts[0];
    assert_eq!((first.outcome.word(), first.attempts), ("unknown", 4));
}
