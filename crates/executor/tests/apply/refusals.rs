//! What a call that is refused, stale or in doubt leaves of the rest of its lane.

use crate::scene::{
    RUNNING, Scene, activate, alpha, changed, create_account, fresh, hourly, install_connector,
    install_template, lane, set_parameter,
};
use gangplank_executor::Report;
use gangplank_model::{AccountId, ConnectorWrite, CycleTarget, OperationKind, Outcome, Schedule};
use gangplank_sandbox::{CycleStatus, FaultEffect, FaultRule};

fn words(report: &Report) -> Vec<&str> {
    report.receipts().map(|r| r.outcome.word()).collect()
}

fn refuses(code: u16) -> FaultEffect {
    FaultEffect::StatusBefore {
        code,
        retry_after: None,
    }
}

/// Two applies at once each went on after "ID already in use", and installed everything twice.
#[tokio::test]
async fn an_id_in_use_stops_the_lane_even_where_the_account_tallies() {
    let mut scene = Scene::open(&[]).await;
    let mut lane = lane("old", vec![create_account("Old"), install_template()]);
    if let OperationKind::CreateAccount { write, .. } = &mut lane.operations[0].kind {
        write.timezone = None;
    }
    // Not even what does not depend on it.
    lane.operations[1].depends_on.clear();
    let report = scene.apply(vec![lane]).await;
    assert_eq!(words(&report), ["diverged", "skipped"]);
    let why = report.lanes[0].receipts[0].outcome.explanation().unwrap();
    assert!(why.contains("account[\"old\"] exists although"), "{why}");
    let ledger = scene.sandbox.ledger();
    assert_eq!(ledger.count("POST /templates/{id}/install"), 0);
    assert_eq!(ledger.count("GET /accounts/{id}"), 0, "nothing to find out");
}

#[tokio::test]
async fn a_connector_name_in_use_stops_the_lane() {
    for variant in ["U8=quoted", "U8=plain", "U8=409"] {
        let mut scene = Scene::open(&[variant]).await;
        let mut lane = lane("old", vec![install_connector(), install_template()]);
        lane.operations[1].depends_on.clear();
        let report = scene.apply(vec![lane]).await;
        assert_eq!(words(&report), ["diverged", "skipped"], "{variant}");
        let ledger = scene.sandbox.ledger();
        assert_eq!(ledger.count("POST /templates/{id}/install"), 0);
    }
}

/// One refused call starved the rest of the account for ever.
#[tokio::test]
async fn a_refusal_stops_only_what_depends_on_it() {
    let mut scene = Scene::open(&[]).await;
    scene.fault(FaultRule::new(refuses(400)).on("PUT /steps/{id}/parameters/{parameterId}"));
    let mut lane = lane(
        "new",
        vec![
            create_account("New"),
            install_connector(),
            install_template(),
            set_parameter(CycleTarget::Installed, "List ID"),
            activate(hourly()),
            install_template(),
        ],
    );
    lane.operations[5].address =
        gangplank_model::Address::template(&AccountId::new("new"), "Second");
    lane.operations[5].depends_on = vec![0, 1];
    let report = scene.apply(vec![lane]).await;
    let expected = ["done", "done", "done", "refused", "skipped", "done"];
    assert_eq!(words(&report), expected);
    assert!(!report.lanes[0].good);
    let world = scene.sandbox.world();
    let account = world.accounts.iter().find(|a| a.id == "new").unwrap();
    assert_eq!(account.cycles.len(), 2);
}

/// The answer to the second install is lost while the first cycle bears no mark yet.
#[tokio::test]
async fn the_cycle_of_another_entry_is_not_taken_for_the_one_in_doubt() {
    let mut scene = Scene::open(&[]).await;
    let route = "POST /templates/{id}/install";
    scene.fault(FaultRule::new(FaultEffect::DropAfter).on(route).nth(2));
    let mut lane = lane("old", vec![install_template(), install_template()]);
    lane.operations[1].address =
        gangplank_model::Address::template(&AccountId::new("old"), "Second");
    for operation in &mut lane.operations {
        if let OperationKind::InstallTemplate { known_cycles, .. } = &mut operation.kind {
            known_cycles.push(RUNNING.into());
        }
    }
    let report = scene.apply(vec![lane]).await;
    assert_eq!(words(&report), ["done", "confirmed"], "{report:?}");
    let receipts = &report.lanes[0].receipts;
    assert_ne!(receipts[0].id, receipts[1].id);
}

/// A change that was refused after the stop left the customer's cycle stopped.
#[tokio::test]
async fn a_stopped_cycle_is_started_again_whatever_is_refused_in_between() {
    for (code, middle) in [(400, "refused"), (503, "unknown")] {
        let mut scene = Scene::open(&[]).await;
        scene.fault(FaultRule::new(refuses(code)).on("PATCH /cycles/{id}/variables"));
        let mut lane = changed();
        lane.operations[5].depends_on = vec![0];
        let report = scene.apply(vec![lane]).await;
        let found = words(&report);
        assert_eq!((found[0], found[3], found[5]), ("done", middle, "done"));
        let world = scene.sandbox.world();
        let old = world.accounts.iter().find(|a| a.id == "old").unwrap();
        assert_eq!(old.cycles[0].status, CycleStatus::Active, "{code}");
    }
}

#[tokio::test]
async fn a_cycle_that_could_not_be_stopped_is_not_started() {
    let mut scene = Scene::open(&[]).await;
    scene.fault(FaultRule::new(refuses(403)).on("PUT /cycles/{id}/deactivate"));
    let report = scene.apply(vec![changed()]).await;
    assert_eq!(words(&report)[0], "refused");
    assert_eq!(words(&report)[5], "skipped");
    let ledger = scene.sandbox.ledger();
    assert_eq!(ledger.count("PUT /cycles/{id}/activate"), 0);
}

/// A sub-account needs that its parent is there, not that all went well in it.
#[tokio::test]
async fn a_sub_account_does_not_wait_for_a_refused_call_of_its_parent() {
    let mut scene = Scene::open(&[]).await;
    scene.fault(FaultRule::new(refuses(400)).on("POST /connectors/{id}/install"));
    let parent = lane("parent", vec![create_account("P"), install_connector()]);
    let mut child = lane("child", vec![create_account("C")]);
    child.after = Some(AccountId::new("parent"));
    let report = scene.apply(vec![parent, child]).await;
    assert_eq!(words(&report), ["done", "refused", "done"]);
}

/// The sandbox has an old run on record, and the activation never arrives.
#[tokio::test]
async fn an_old_run_does_not_confirm_an_activation_that_was_lost() {
    for (fault, expected) in [
        (FaultEffect::DropBefore, "unknown"),
        (FaultEffect::DropAfter, "confirmed"),
    ] {
        let mut scene = Scene::open(&[]).await;
        scene
            .sandbox
            .edit_account("old", |account| {
                account.cycles[0].status = CycleStatus::Paused;
                account.cycles[0].tasks_used = 42;
            })
            .unwrap();
        let route = "PUT /cycles/{id}/activate";
        scene.fault(FaultRule::new(fault).on(route).nth(1));
        let once = OperationKind::Activate {
            cycle: CycleTarget::Existing(RUNNING.into()),
            schedule: Schedule::Once,
        };
        let report = scene.apply(vec![lane("old", vec![once])]).await;
        assert_eq!(words(&report), [expected], "{report:?}");
        assert_eq!(scene.sandbox.ledger().count(route), 1);
    }
}

/// What may still be committed late makes later read-backs ambiguous.
#[tokio::test]
async fn an_unknown_outcome_stops_the_lane() {
    let mut scene = Scene::open(&[]).await;
    let rule = FaultRule::new(FaultEffect::DropBefore).on("PUT /account/connectors/{id}");
    scene.fault(rule);
    let update = OperationKind::UpdateConnector {
        id: 9,
        write: alpha(),
        rename: None,
    };
    let mut lane = lane("old", vec![update, install_template()]);
    lane.operations[1].depends_on.clear();
    let report = scene.apply(vec![lane]).await;
    assert_eq!(words(&report), ["unknown", "skipped"]);
}

#[tokio::test]
async fn an_account_whose_create_was_lost_is_still_its_own() {
    let mut scene = Scene::open(&[]).await;
    let lost = FaultRule::new(FaultEffect::DropAfter).on("POST /accounts");
    scene.fault(lost.nth(1));
    let report = scene.apply(vec![fresh(hourly())]).await;
    assert_eq!(report.lanes[0].receipts[0].outcome, Outcome::Confirmed);
    assert!(report.is_good());
}

/// cyclr-api.md 4, U16: a name that is not taken is a refusal, and what waits for it is left out. An answer
/// without a word is looked up.
#[tokio::test]
async fn a_name_is_believed_when_it_is_seen() {
    for (variants, silent, expected) in [
        (&["U16=works"][..], false, ["done", "done"]),
        (&["U16=works"], true, ["done", "done"]),
        (&["U16=ignored"], false, ["refused", "skipped"]),
        (&["U16=ignored"], true, ["refused", "skipped"]),
        (&["U16=400"], false, ["refused", "skipped"]),
    ] {
        let mut scene = Scene::open(variants).await;
        if silent {
            let rule = FaultRule::new(FaultEffect::Empty);
            scene.fault(rule.on("PUT /account/connectors/{id}").nth(1));
        }
        let rename = |name: &str| OperationKind::UpdateConnector {
            id: 9,
            write: ConnectorWrite::default(),
            rename: Some(name.to_owned()),
        };
        let report = scene
            .apply(vec![lane("old", vec![rename("New"), rename("Newer")])])
            .await;
        assert_eq!(words(&report), expected, "{variants:?} {silent}");
    }
}
