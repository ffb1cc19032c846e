//! The happy path, to the request; and what the instance may do instead.

use crate::scene::{
    SECRET, Scene, activate, changed, create_account, fresh, hourly, install_connector,
    install_template, lane, removed, set_field, set_parameter,
};
use gangplank_executor::{Canceller, Committing, Journal, JournalHeader, JournalWriter};
use gangplank_model::{AccountId, AccountMark, Address, CycleTarget, Event, Outcome};
use gangplank_sandbox::{FaultEffect, FaultRule};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test]
async fn a_fresh_account_costs_one_request_an_operation_and_two_reads() {
    let mut scene = Scene::open(&[]).await;
    let report = scene.apply(vec![fresh(hourly())]).await;
    let outcomes: Vec<&Outcome> = report.receipts().map(|r| &r.outcome).collect();
    assert!(report.is_good(), "{outcomes:?}");
    let ledger = scene.sandbox.ledger();
    let routes: Vec<&str> = ledger.requests.iter().map(|r| r.route.as_str()).collect();
    assert_eq!(
        routes,
        [
            "POST /oauth/token",
            "POST /accounts",
            "POST /connectors/{id}/install",
            "POST /templates/{id}/install",
            "GET /cycles",
            "PUT /cycles/{id}",
            "PATCH /cycles/{id}/variables",
            "GET /cycles/{id}/steps",
            "PUT /steps/{id}/parameters/{parameterId}",
            "PUT /steps/{id}/fieldmappings/{fieldId}",
            "PUT /cycles/{id}/activate",
            "PUT /accounts/{id}",
        ]
    );
    let told: Vec<&str> = report.receipts().map(|receipt| receipt.route).collect();
    let writes: Vec<&str> = ledger.writes().map(|r| r.route.as_str()).collect();
    assert_eq!(
        told,
        writes
            .iter()
            .filter(|r| **r != "POST /oauth/token")
            .copied()
            .collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn what_was_made_is_named_marked_and_running() {
    let mut scene = Scene::open(&[]).await;
    scene.apply(vec![fresh(hourly())]).await;
    let world = scene.sandbox.world();
    let account = world.accounts.iter().find(|a| a.id == "new").unwrap();
    let cycle = &account.cycles[0];
    assert_eq!(cycle.name, "Sync");
    let tags = cycle.tags.clone().unwrap();
    assert_eq!(tags, ["crm", "gangplank:Sync", "gangplank:run=60"]);
    assert_eq!(cycle.interval, Some(60));
    let audit = account.audit_info.clone().unwrap();
    let (text, mark) = AccountMark::parse(&audit);
    assert_eq!(text, "owner: ann");
    let mark = mark.unwrap().connectors["Alpha"].clone();
    assert!(mark.auth.is_some() && !mark.unconfirmed);
    assert!(!audit.contains(SECRET));
}

#[tokio::test]
async fn a_credential_that_is_not_confirmed_is_marked_so() {
    let mut scene = Scene::open(&["U17=lazy"]).await;
    let lane = lane(
        "new",
        vec![
            create_account("N"),
            install_connector(),
            crate::scene::mark(),
        ],
    );
    assert!(scene.apply(vec![lane]).await.is_good());
    let world = scene.sandbox.world();
    let account = world.accounts.iter().find(|a| a.id == "new").unwrap();
    let (_, mark) = AccountMark::parse(account.audit_info.as_deref().unwrap());
    assert!(mark.unwrap().connectors["Alpha"].unconfirmed);
}

#[tokio::test]
async fn an_unknown_parameter_lists_what_there_is() {
    let mut scene = Scene::open(&[]).await;
    let lane = lane(
        "old",
        vec![
            install_template(),
            set_parameter(CycleTarget::Installed, "Lst ID"),
            set_field(CycleTarget::Installed),
        ],
    );
    let report = scene.apply(vec![lane]).await;
    let receipts = &report.lanes[0].receipts;
    let Outcome::Refused(why) = &receipts[1].outcome else {
        panic!("{receipts:?}");
    };
    assert_eq!(
        why,
        "there is no parameter \"Lst ID\"; there is \"List ID\""
    );
    assert_eq!(receipts[2].outcome, Outcome::Skipped);
}

#[tokio::test]
async fn activation_without_its_prerequisites_says_what_is_missing() {
    for variant in ["U6=400", "U6=409", "U6=paused"] {
        let mut scene = Scene::open(&[variant]).await;
        let lane = lane("old", vec![install_template(), activate(hourly())]);
        let report = scene.apply(vec![lane]).await;
        let Outcome::Refused(why) = &report.lanes[0].receipts[1].outcome else {
            panic!("{variant}: {report:?}");
        };
        assert!(why.contains("it still needs:"), "{variant}: {why}");
        assert!(why.to_lowercase().contains("parameter"), "{variant}: {why}");
        // By the names of steps, not by their ids.
        assert!(why.contains("(step \""), "{variant}: {why}");
        assert!(!why.contains("Action"), "{variant}: {why}");
        assert!(why.contains("`parameters:`"), "{variant}: {why}");
    }
}

#[tokio::test]
async fn a_silent_activation_is_looked_at_once() {
    let mut scene = Scene::open(&["ACTIVATE_BODY=empty"]).await;
    let report = scene.apply(vec![fresh(hourly())]).await;
    assert!(report.is_good());
    assert_eq!(scene.sandbox.ledger().count("GET /cycles/{id}"), 1);
}

#[tokio::test]
async fn a_cycle_bound_to_the_wrong_connector_diverges() {
    let mut scene = Scene::open(&[]).await;
    let mut lane = lane("old", vec![install_template()]);
    if let gangplank_model::OperationKind::InstallTemplate { bindings, .. } =
        &mut lane.operations[0].kind
    {
        bindings[0].allowed = vec!["Alpha (sales)".into()];
    }
    let report = scene.apply(vec![lane]).await;
    let Outcome::Diverged(why) = &report.lanes[0].receipts[0].outcome else {
        panic!("{report:?}");
    };
    assert!(
        why.contains("\"Alpha\" (9)") && why.contains("\"Alpha (sales)\""),
        "{why}"
    );
}

#[tokio::test]
async fn removing_what_is_gone_is_done() {
    let mut scene = Scene::open(&[]).await;
    let mut inside = removed();
    let mut account = inside.operations.pop().unwrap();
    account.depends_on.clear();
    for _ in 0..2 {
        assert!(scene.apply(vec![inside.clone()]).await.is_good());
    }
    inside.operations = vec![account];
    for _ in 0..2 {
        assert!(scene.apply(vec![inside.clone()]).await.is_good());
    }
}

#[tokio::test]
async fn a_sub_account_waits_for_its_parent() {
    let mut scene = Scene::open(&[]).await;
    let mut child = lane("child", vec![create_account("Child")]);
    child.after = Some(AccountId::new("parent"));
    if let gangplank_model::OperationKind::CreateAccount { parent, .. } =
        &mut child.operations[0].kind
    {
        *parent = Some(AccountId::new("parent"));
    }
    let parent = lane("parent", vec![create_account("Parent")]);
    let report = scene.apply(vec![child.clone(), parent]).await;
    assert!(report.is_good(), "{report:?}");
    // A parent that fails, and two that wait for each other.
    let mut scene = Scene::open(&[]).await;
    let broken = lane("parent", vec![create_account("")]);
    let alone = |account| lane(account, vec![create_account("Alone")]);
    let mut ring = [alone("x"), alone("y")];
    ring[0].after = Some(AccountId::new("y"));
    ring[1].after = Some(AccountId::new("x"));
    let [x, y] = ring;
    let report = scene.apply(vec![child, broken, x, y]).await;
    assert!(report.lanes.iter().all(|lane| !lane.good), "{report:?}");
    assert_eq!(report.lanes[0].receipts[0].outcome, Outcome::Skipped);
    assert!(report.lanes[0].why.as_deref().unwrap().contains("parent"));
}

#[tokio::test]
async fn a_panic_ends_one_lane_and_loses_no_receipt() {
    let mut scene = Scene::open(&[]).await;
    let address = Address::connector(&AccountId::new("new"), "Alpha");
    *scene.broken_listener.lock().unwrap() = Some(address);
    let report = scene.apply(vec![fresh(hourly()), changed()]).await;
    assert_eq!((report.lanes[0].good, report.lanes[1].good), (false, true));
    let outcomes: Vec<&str> = report.lanes[0]
        .receipts
        .iter()
        .map(|r| r.outcome.word())
        .collect();
    assert_eq!(outcomes[..4], ["done", "done", "unknown", "skipped"]);
    assert_eq!(outcomes.len(), 9);
    assert!(report.lanes[0].why.is_some());
}

#[tokio::test]
async fn a_draining_cycle_is_waited_for() {
    let mut scene = Scene::open(&[]).await;
    let busy = FaultEffect::StatusBefore {
        code: 409,
        retry_after: None,
    };
    scene.fault(FaultRule::new(busy.clone()).on("PUT /cycles/{id}").nth(1));
    assert!(scene.apply(vec![changed()]).await.is_good());
    // One that never ends is told, not waited for without end.
    let mut scene = Scene::open(&[]).await;
    scene.fault(FaultRule::new(busy).on("PUT /cycles/{id}"));
    let report = scene.apply(vec![changed()]).await;
    let Outcome::Refused(why) = &report.lanes[0].receipts[2].outcome else {
        panic!("{report:?}");
    };
    assert!(why.contains("still finishing its work"), "{why}");
}

#[tokio::test]
async fn a_stop_begins_nothing_new_and_ends_what_is_under_way() {
    let mut scene = Scene::open(&[]).await;
    let (canceller, cancel) = Canceller::new();
    scene.cancel = cancel;
    let delay = FaultEffect::Delay { milliseconds: 200 };
    scene.fault(FaultRule::new(delay).on("POST /accounts"));
    let stop = async {
        tokio::time::sleep(Duration::from_millis(80)).await;
        canceller.cancel();
    };
    let (report, ()) = tokio::join!(scene.apply(vec![fresh(hourly())]), stop);
    let outcomes: Vec<&str> = report.receipts().map(|r| r.outcome.word()).collect();
    assert_eq!(outcomes[..3], ["done", "skipped", "skipped"]);
    assert!(report.cancelled);
    assert_eq!(
        scene
            .sandbox
            .ledger()
            .writes()
            .filter(|r| r.route != "POST /oauth/token")
            .count(),
        1
    );
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>, Option<usize>);

impl JournalWriter for Kept {
    fn commit(&mut self, lines: Vec<u8>) -> Committing<'_> {
        Box::pin(async move {
            for line in lines.split_inclusive(|byte| *byte == b'\n') {
                if let Some(room) = &mut self.1 {
                    *room = room
                        .checked_sub(1)
                        .ok_or_else(|| io::Error::other("no space left on device"))?;
                }
                self.0.lock().unwrap().extend_from_slice(line);
            }
            Ok(())
        })
    }
}

async fn journal(kept: &Kept) -> Journal {
    let header = JournalHeader {
        run: "r".into(),
        started: "2026-01-01T00:00:00Z".into(),
        instance: "sandbox".into(),
        manifest_digest: "0".into(),
    };
    Journal::begin(Box::new(kept.clone()), &header)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_journal_holds_intent_and_outcome_of_every_write_and_no_secret() {
    let mut scene = Scene::open(&[]).await;
    let kept = Kept::default();
    scene.journal = journal(&kept).await;
    scene.apply(vec![fresh(hourly()), changed()]).await;
    let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    let count = |word: &str| text.matches(word).count();
    assert_eq!(count("\"type\":\"intent\""), 15);
    assert_eq!(count("\"outcome\":\"done\""), 15);
    assert!(!text.contains(SECRET));
    let events = scene.events.lock().unwrap();
    let finished = events.iter().filter(|e| matches!(e, Event::Finished(_)));
    assert_eq!(finished.count(), 15);
    assert!(!format!("{events:?}").contains(SECRET));
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_stops_all_writes() {
    let mut scene = Scene::open(&[]).await;
    // The header, and intent and outcome of the first write.
    let kept = Kept(Arc::default(), Some(3));
    scene.journal = journal(&kept).await;
    let report = scene.apply(vec![fresh(hourly())]).await;
    let outcomes: Vec<&str> = report.receipts().map(|r| r.outcome.word()).collect();
    assert_eq!(outcomes[..3], ["done", "refused", "skipped"]);
    assert_eq!(
        report.journal_failure.as_deref(),
        Some("no space left on device")
    );
    assert_eq!(
        scene
            .sandbox
            .ledger()
            .count("POST /connectors/{id}/install"),
        0
    );
}
