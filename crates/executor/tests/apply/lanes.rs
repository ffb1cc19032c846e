//! Lanes fail alone: budgets, time-outs and stops, on the paused clock.

use crate::scene::{create_account, fresh, hourly, install_template, lane};
use crate::wire::Paused;
use gangplank_executor::{Cause, GRACE, Verdict};
use gangplank_model::{AccountEnd, Halt, Lane, Outcome};
use gangplank_sandbox::{FaultEffect, FaultRule};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn accounts(count: usize) -> Vec<Lane> {
    let ids = (0..count).map(|number| format!("a{number}"));
    ids.map(|id| lane(&id, vec![create_account(&id)])).collect()
}

/// An account's create is refused.
fn bad(id: &str) -> Lane {
    lane(id, vec![create_account("")])
}

fn slow(seconds: u64) -> FaultRule {
    FaultRule::new(FaultEffect::Delay {
        milliseconds: seconds * 1000,
    })
}

fn ends(report: &gangplank_executor::Report) -> Vec<AccountEnd> {
    report.lanes.iter().map(|lane| lane.end).collect()
}

/// The writes of two lanes wait for their turn in the limiter when the stop comes: they do not go out.
#[tokio::test(start_paused = true)]
async fn f24_a_write_that_waits_for_its_turn_is_taken_back() {
    let mut scene = Paused::open();
    scene.calls = 1;
    scene.faults(&[slow(3).on("POST /accounts")]);
    let (stop, apply) = (scene.stop_at(SECOND), scene.apply(accounts(3)));
    let ((report, elapsed), ()) = tokio::join!(apply, stop);
    assert_eq!(scene.count("POST /accounts"), 1);
    let outcomes: Vec<&str> = report.receipts().map(|it| it.outcome.word()).collect();
    assert_eq!(outcomes, ["done", "skipped", "skipped"]);
    let attempts: Vec<u32> = report.receipts().map(|it| it.attempts).collect();
    assert_eq!(attempts, [1, 0, 0], "what was not sent is no attempt");
    assert!(elapsed < 4 * SECOND, "{elapsed:?}");
}

/// One lane waits for an answer that does not come, one looks whether a lost create was done, one waits
/// for its token: all end together, seven seconds after the stop.
#[tokio::test(start_paused = true)]
async fn f24_all_lanes_have_the_same_seven_seconds() {
    for stop in [SECOND / 100, SECOND, 20 * SECOND] {
        let scene = Paused::open();
        scene.faults(&[
            FaultRule::new(FaultEffect::SilenceAfter)
                .on("POST /accounts")
                .nth(1),
            FaultRule::new(FaultEffect::DropBefore)
                .on("POST /accounts")
                .nth(2),
            slow(2).on("POST /oauth/token"),
        ]);
        let mut lanes = accounts(2);
        lanes.push(fresh(hourly()));
        let ((report, elapsed), ()) = tokio::join!(scene.apply(lanes), scene.stop_at(stop));
        assert!(
            elapsed <= stop + GRACE + SECOND / 10,
            "{stop:?}: {elapsed:?}"
        );
        for receipt in report.receipts() {
            let is_there = matches!(receipt.outcome, Outcome::Done | Outcome::Unknown(_));
            assert!(
                is_there || receipt.outcome == Outcome::Skipped,
                "{receipt:?}"
            );
        }
        if stop < 2 * SECOND {
            let sent = scene.count("POST /accounts");
            assert_eq!(sent, 0, "they waited for the token");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn f24_a_stop_begins_no_further_account_and_says_so() {
    for (cause, halt) in [
        (Cause::Signal, Halt::Signal),
        (Cause::Deadline, Halt::Deadline),
    ] {
        let mut scene = Paused::open();
        scene.settings.concurrency = 2;
        scene.faults(&[slow(3).on("POST /accounts")]);
        let stop = async {
            tokio::time::sleep(SECOND).await;
            scene.canceller.stop(cause);
        };
        let ((report, _), ()) = tokio::join!(scene.apply(accounts(5)), stop);
        let (good, not) = (AccountEnd::Good, AccountEnd::NotBegun);
        assert_eq!(ends(&report), [good, good, not, not, not]);
        assert_eq!(report.halt, Some(halt.clone()));
        assert_eq!(report.lanes[4].why, Some(halt.left_out()));
        assert_eq!(scene.count("POST /accounts"), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn f24_a_stop_after_the_last_account_was_begun_changes_nothing() {
    let scene = Paused::open();
    scene.faults(&[slow(3).on("POST /accounts")]);
    let ((report, _), ()) = tokio::join!(scene.apply(accounts(3)), scene.stop_at(SECOND));
    assert_eq!((report.halt.as_ref(), report.cancelled), (None, false));
    assert_eq!(report.verdict(), Verdict::Done);
}

#[tokio::test(start_paused = true)]
async fn f12_an_account_whose_time_is_over_costs_the_others_nothing() {
    let mut scene = Paused::open();
    scene.settings.account_timeout = Some(60 * SECOND);
    scene.faults(&[slow(25).of("new")]);
    let mut lanes = accounts(4);
    lanes.insert(0, fresh(hourly()));
    let (report, elapsed) = scene.apply(lanes).await;
    let good = AccountEnd::Good;
    assert_eq!(
        ends(&report),
        [AccountEnd::TimedOut, good, good, good, good]
    );
    let outcomes: Vec<&str> = report
        .receipts()
        .take(9)
        .map(|it| it.outcome.word())
        .collect();
    // Whether somebody else installed the same could not be looked up within the grace.
    assert_eq!(outcomes[..3], ["done", "done", "done"]);
    assert!(
        outcomes[3..].iter().all(|it| *it == "skipped"),
        "{outcomes:?}"
    );
    let why = report.lanes[0].why.as_deref().unwrap();
    assert!(why.contains("longer than 1m"), "{why}");
    assert!(elapsed < 70 * SECOND, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn f12_a_lane_that_times_out_finishes_what_is_in_flight() {
    let mut scene = Paused::open();
    scene.settings.account_timeout = Some(10 * SECOND);
    scene.faults(&[slow(12).on("POST /accounts")]);
    let lanes = vec![lane("a", vec![create_account("A"), install_template()])];
    let (report, _) = scene.apply(lanes).await;
    let outcomes: Vec<&str> = report.receipts().map(|it| it.outcome.word()).collect();
    assert_eq!(outcomes, ["done", "skipped"]);
    assert_eq!(ends(&report), [AccountEnd::TimedOut]);
}

#[tokio::test(start_paused = true)]
async fn f12_so_many_failures_and_no_further_account_is_begun() {
    let order = |concurrency, limit| {
        let mut scene = Paused::open();
        scene.settings.concurrency = concurrency;
        scene.settings.max_failures = limit;
        let mut lanes = vec![bad("b0"), bad("b1"), bad("b2")];
        lanes.extend(accounts(3));
        async move {
            let (report, _) = scene.apply(lanes).await;
            let begun = ends(&report)
                .iter()
                .filter(|it| **it != AccountEnd::NotBegun)
                .count();
            (begun, report.halt.clone(), report.verdict())
        }
    };
    assert_eq!(order(1, None).await, (6, None, Verdict::Partial));
    assert_eq!(order(1, Some(4)).await, (6, None, Verdict::Partial));
    let two = (2, Some(Halt::Failures(2)), Verdict::Failed);
    assert_eq!(order(1, Some(2)).await, two);
    // What is under way when the first one fails is finished.
    let (begun, halt, _) = order(3, Some(1)).await;
    assert!((3..=5).contains(&begun), "{begun}");
    assert!(matches!(halt, Some(Halt::Failures(1..))), "{halt:?}");
}
