//! Deeds that are done after their answer was lost.

use crate::scene::{RUNNING, Scene, changed, install_connector, lane};
use gangplank_model::Outcome;
use gangplank_sandbox::{CycleStatus, FaultEffect, FaultRule};
use std::time::Duration;

fn late(milliseconds: u64, code: Option<u16>) -> FaultEffect {
    FaultEffect::LateCommit {
        by: format!("{milliseconds}ms").parse().unwrap(),
        code,
    }
}

#[tokio::test]
async fn a_stop_that_comes_late_does_not_leave_the_cycle_stopped() {
    let mut scene = Scene::open(&[]).await;
    scene.settings.settle = Duration::from_secs(1);
    let stop = FaultRule::new(late(600, Some(503)));
    scene.fault(stop.on("PUT /cycles/{id}/deactivate").nth(1));
    let report = scene.apply(vec![changed()]).await;
    assert!(report.is_good(), "{report:#?}");
    tokio::time::sleep(Duration::from_millis(700)).await;
    let world = scene.sandbox.world();
    let mut cycles = world.accounts.iter().flat_map(|account| &account.cycles);
    let cycle = cycles.find(|cycle| cycle.id == RUNNING).unwrap();
    assert_eq!(cycle.status, CycleStatus::Active);
    let stops = &scene.sandbox.ledger().counts["PUT /cycles/{id}/activate"];
    assert_eq!(*stops, 2, "it was started again after the late stop");
}

#[tokio::test]
async fn a_name_taken_by_our_own_late_install_is_waited_for() {
    let mut scene = Scene::open(&[]).await;
    scene.settings.settle = Duration::from_millis(500);
    let install = "POST /connectors/{id}/install";
    scene.sandbox.set_faults(vec![
        FaultRule::new(late(450, None)).on(install).nth(1),
        FaultRule::new(FaultEffect::StaleReads {
            by: "400ms".parse().unwrap(),
        }),
    ]);
    let report = scene.apply(vec![lane("gone", vec![renamed()])]).await;
    let receipts: Vec<_> = report.receipts().collect();
    assert_eq!(receipts[0].outcome, Outcome::Confirmed, "{receipts:#?}");
    let ledger = scene.sandbox.ledger();
    assert_eq!(ledger.counts[install], 2);
    assert!(ledger.duplicates.is_empty());
}

/// An install beside the connector that the account has.
fn renamed() -> gangplank_model::OperationKind {
    let mut kind = install_connector();
    if let gangplank_model::OperationKind::InstallConnector { write, .. } = &mut kind {
        write.name = "Alpha (second)".into();
    }
    kind
}

#[tokio::test]
async fn no_write_is_sent_a_fifth_time() {
    let mut scene = Scene::open(&[]).await;
    scene.fault(FaultRule::new(FaultEffect::DropBefore).on("PUT /cycles/{id}/deactivate"));
    let report = scene.apply(vec![changed()]).await;
    let first = report.receipts().next().unwrap();
    assert!(matches!(first.outcome, Outcome::Unknown(_)), "{first:#?}");
    assert_eq!(
        scene.sandbox.ledger().counts["PUT /cycles/{id}/deactivate"],
        4
    );
}
