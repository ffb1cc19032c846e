//! Roll-outs: wave after wave, each looked at before the next one begins.

use crate::scene::{create_account, fresh, hourly, lane};
use crate::wire::Paused;
use gangplank_executor::{Position, Verdict, Watched};
use gangplank_model::{
    AccountEnd, AccountId, Event, Halt, Lane, Rollout, Schedule, WaveEnd, WaveNews,
};
use gangplank_sandbox::{FaultEffect, FaultRule};
use std::time::Duration;

const MINUTE: Duration = Duration::from_mins(1);

fn rollout(waves: usize, soak: Duration) -> Rollout {
    Rollout {
        waves: (1..=waves).map(|number| format!("wave {number}")).collect(),
        soak,
    }
}

fn account(id: &str, wave: usize) -> Lane {
    Lane {
        wave: Some(wave),
        ..lane(id, vec![create_account(id)])
    }
}

fn bad(id: &str, wave: usize) -> Lane {
    Lane {
        wave: Some(wave),
        ..lane(id, vec![create_account("")])
    }
}

/// An account with a cycle, in the first wave.
fn canary(schedule: Schedule) -> Lane {
    Lane {
        wave: Some(0),
        ..fresh(schedule)
    }
}

fn scene(waves: usize, soak: Duration) -> Paused {
    let mut scene = Paused::open();
    scene.rollout = rollout(waves, soak);
    scene
}

fn gone() -> FaultEffect {
    FaultEffect::StatusBefore {
        code: 404,
        retry_after: None,
    }
}

fn words(report: &gangplank_executor::Report) -> Vec<&'static str> {
    report.waves.iter().map(|wave| wave.end.word()).collect()
}

#[tokio::test(start_paused = true)]
async fn each_wave_is_looked_at_twice_and_left_to_itself_in_between() {
    let scene = scene(3, 5 * MINUTE);
    let lanes = vec![account("last", 2), canary(hourly()), account("second", 1)];
    let (report, elapsed) = scene.apply(lanes).await;
    assert_eq!(report.verdict(), Verdict::Done, "{report:?}");
    assert_eq!(words(&report), ["passed", "passed", "last"]);
    assert!(
        elapsed >= 10 * MINUTE && elapsed < 11 * MINUTE,
        "{elapsed:?}"
    );
    let ended = |account: &'static str| {
        scene.when(move |it| matches!(it, Event::LaneEnded { account: its, .. } if its.as_str() == account))[0]
    };
    assert!(ended("second") >= ended("new") + 5 * MINUTE);
    assert!(ended("last") >= ended("second") + 5 * MINUTE);
    // Once by the activation itself, perhaps; twice by the gate, for the one wave with a cycle.
    assert_eq!(scene.count("GET /cycles/{id}/prerequisites"), 2);
}

#[tokio::test(start_paused = true)]
async fn f12_a_wave_with_a_failure_is_the_last_one() {
    let scene = scene(2, 5 * MINUTE);
    let lanes = vec![bad("b", 0), account("a", 0), account("c", 1)];
    let (report, elapsed) = scene.apply(lanes).await;
    assert_eq!(words(&report), ["held", "not_begun"]);
    assert_eq!(report.halt, Some(Halt::Held(0)));
    let ends: Vec<AccountEnd> = report.lanes.iter().map(|lane| lane.end).collect();
    assert_eq!(
        ends,
        [AccountEnd::Failed, AccountEnd::Good, AccountEnd::NotBegun]
    );
    assert_eq!(scene.count("POST /accounts"), 2);
    assert!(elapsed < MINUTE, "nothing to soak for: {elapsed:?}");
}

/// With a budget, a failure within it passes, and one that uses it up does not.
#[tokio::test(start_paused = true)]
async fn f12_the_budget_of_failures_is_that_of_the_whole_run() {
    let run = |limit| {
        let mut scene = scene(3, Duration::ZERO);
        scene.settings.max_failures = Some(limit);
        let lanes = vec![
            bad("b0", 0),
            account("a0", 0),
            bad("b1", 1),
            account("a2", 2),
        ];
        async move { words(&scene.apply(lanes).await.0) }
    };
    assert_eq!(run(1).await, ["held", "not_begun", "not_begun"]);
    assert_eq!(run(2).await, ["passed", "held", "not_begun"]);
    assert_eq!(run(3).await, ["passed", "passed", "last"]);
}

/// A cycle that stands before the soak, or after it, holds back what comes next.
#[tokio::test(start_paused = true)]
async fn a_cycle_that_does_not_run_holds_the_next_wave_back() {
    for look in [1, 2] {
        let scene = scene(2, 5 * MINUTE);
        scene.faults(&[FaultRule::new(gone()).on("GET /cycles/{id}").nth(look)]);
        let (report, elapsed) = scene.apply(vec![canary(hourly()), account("b", 1)]).await;
        assert_eq!(words(&report), ["held", "not_begun"]);
        let WaveEnd::Held(why) = &report.waves[0].end else {
            panic!("{report:?}");
        };
        assert!(why[0].contains("not there any more"), "{why:?}");
        assert_eq!(elapsed > 5 * MINUTE, look == 2, "{elapsed:?}");
        assert_eq!(report.verdict(), Verdict::Partial);
    }
}

/// What is to run once pauses by itself.
#[tokio::test(start_paused = true)]
async fn a_cycle_that_ran_once_holds_nothing_back() {
    let scene = scene(2, MINUTE);
    let (report, _) = scene
        .apply(vec![canary(Schedule::Once), account("b", 1)])
        .await;
    assert_eq!(words(&report), ["passed", "last"], "{report:?}");
}

#[tokio::test(start_paused = true)]
async fn f24_a_stop_ends_the_soak_at_once() {
    let scene = scene(2, 5 * MINUTE);
    let lanes = vec![account("a", 0), account("b", 1)];
    let ((report, elapsed), ()) = tokio::join!(scene.apply(lanes), scene.stop_at(2 * MINUTE));
    assert_eq!(report.halt, Some(Halt::Signal));
    assert!(elapsed < 2 * MINUTE + Duration::from_secs(1), "{elapsed:?}");
    let WaveEnd::Soaking(left) = report.waves[0].end else {
        panic!("{report:?}");
    };
    assert!(
        left > 2 * MINUTE && left <= 3 * MINUTE + Duration::from_secs(1),
        "{left:?}"
    );
    assert_eq!(scene.count("POST /accounts"), 1);
}

/// The first wave matches by now: its soak is waited for, less what the receipts say is over.
#[tokio::test(start_paused = true)]
async fn the_soak_of_an_interrupted_wave_is_not_skipped() {
    let watched = |cycle: &str| Watched {
        account: AccountId::new("old"),
        address: "account[\"old\"].template[\"Sync\"]".into(),
        cycle: cycle.into(),
        once: false,
    };
    let known = |passed, minutes: Option<u32>, watched: Vec<Watched>| Position {
        passed,
        soaked: minutes.map(|minutes| minutes * MINUTE),
        watched,
    };
    let running = || vec![watched(crate::scene::RUNNING)];
    let standing = vec![watched(crate::scene::DOOMED)];
    for (position, minutes, end) in [
        (Position::default(), 5, "passed"),
        (known(0, Some(3), running()), 2, "passed"),
        (known(0, Some(9), running()), 0, "passed"),
        (known(1, None, Vec::new()), 0, "nothing"),
        (known(0, Some(3), standing), 2, "held"),
    ] {
        let mut scene = scene(2, 5 * MINUTE);
        scene.position = position.clone();
        let (report, elapsed) = scene.apply(vec![account("b", 1)]).await;
        assert_eq!(report.waves[0].end.word(), end, "{position:?}");
        let expected = MINUTE * minutes;
        let fits = elapsed >= expected && elapsed < expected + MINUTE / 6;
        assert!(fits, "{position:?}: {elapsed:?}");
        assert_eq!(report.is_good(), end != "held", "{position:?}");
        let soaks = scene.when(|it| {
            matches!(
                it,
                Event::Wave {
                    news: WaveNews::Soaking(_),
                    ..
                }
            )
        });
        assert_eq!(soaks.len(), usize::from(minutes > 0));
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_in_no_wave_is_left_alone_and_told() {
    let scene = scene(1, MINUTE);
    let alone = Lane {
        wave: None,
        ..account("alone", 0)
    };
    let (report, _) = scene.apply(vec![account("a", 0), alone]).await;
    assert_eq!(report.lanes[1].end, AccountEnd::NotBegun);
    assert!(
        report.lanes[1]
            .why
            .as_deref()
            .unwrap()
            .contains("none of the waves")
    );
    assert_eq!(
        (words(&report), report.verdict()),
        (vec!["last"], Verdict::Partial)
    );
    assert_eq!(scene.count("POST /accounts"), 1);
}
