//! F1: the real process is killed with the signal that nothing can catch, at every call and at every line
//! of its receipts, and applied again.

use crate::support::Bench;
use crate::support::fleet::{self, Call};
use gangplank_sandbox::{Close, FaultEffect, FaultRule};
use serde_json::Value;
use std::fs;
use std::process::Child;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long a late call takes to be done, by the sandbox's clock.
const LATE: Duration = Duration::from_mins(1);

/// Where the server holds a call while the process is killed.
#[derive(Clone, Copy, Debug)]
enum Barrier {
    /// It has come, and will never be done.
    Lost,
    /// It has come, and is done when the process is dead.
    BeforeCommit,
    /// It is done, and nothing is answered.
    AfterCommit,
    /// It is done, and half of the answer's head is sent.
    MidAnswer,
}

/// Where one process is killed.
#[derive(Clone, Debug)]
enum Kill {
    AtBarrier(Barrier, Call),
    /// Once so many lines of receipts are in the file, durable or not.
    AtLine(usize),
}

/// Waits until the server has the write that the fault holds, then ends the process at once.
pub(crate) fn kill_when_struck(bench: &Bench, child: Child, case: &str) {
    let struck = || bench.ledger().requests.iter().any(|it| it.fault.is_some());
    assert!(kill_when(bench, child, struck, case), "{case}: it ended");
}

/// Ends the process at once as soon as something is so; says whether it did not end before.
fn kill_when(bench: &Bench, mut child: Child, now: impl Fn() -> bool, case: &str) -> bool {
    let patience = Instant::now() + Duration::from_secs(30);
    while !now() {
        assert!(Instant::now() < patience, "{case}: it never came to that");
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        bench.rest(Duration::from_micros(500));
    }
    child.kill().unwrap();
    // It may have come to its end in the meantime.
    child.wait().unwrap().code().is_none()
}

impl Barrier {
    const ALL: [Self; 4] = [
        Self::Lost,
        Self::BeforeCommit,
        Self::AfterCommit,
        Self::MidAnswer,
    ];

    fn rules(self, call: &Call) -> Vec<FaultRule> {
        let late = FaultEffect::LateCommit {
            by: format!("{}s", LATE.as_secs()).parse().unwrap(),
            code: None,
        };
        let half = FaultEffect::CutHead {
            bytes: 40,
            close: Close::Silent,
        };
        let effects = match self {
            Self::Lost => vec![FaultEffect::SilenceBefore],
            Self::BeforeCommit => vec![FaultEffect::SilenceAfter, late],
            Self::AfterCommit => vec![FaultEffect::SilenceAfter],
            Self::MidAnswer => vec![half],
        };
        let rule = |effect| {
            let rule = FaultRule::new(effect).on(&call.route).nth(call.nth);
            match &call.account {
                Some(account) => rule.of(account),
                None => rule,
            }
        };
        effects.into_iter().map(rule).collect()
    }
}

/// Kills, applies once more, and holds the end to every invariant. Says whether it was killed.
fn check(kill: &Kill, whole: &Value) -> bool {
    let case = format!("{kill:?}");
    let (bench, clock) = fleet::bench();
    let foreign = fleet::foreign(&bench);
    let killed = match kill {
        Kill::AtBarrier(barrier, call) => {
            bench.sandbox.set_faults(barrier.rules(call));
            kill_when_struck(&bench, bench.start_apply(), &case);
            true
        }
        Kill::AtLine(line) => {
            let lines = || {
                let path = fleet::receipts(&bench);
                let text = path.map(|path| fs::read(path).unwrap()).unwrap_or_default();
                text.split(|byte| *byte == b'\n').count() > *line
            };
            kill_when(&bench, bench.start_apply(), lines, &case)
        }
    };
    bench.sandbox.set_faults(Vec::new());
    clock.advance(LATE);
    fleet::expect_on_record(&bench, &case);
    let again = bench.apply();
    assert_eq!(again.code, 0, "{case}: {again:?}");
    assert_eq!(&fleet::holdings(&bench), whole, "{case}");
    assert_eq!(fleet::foreign(&bench), foreign, "{case}");
    bench.expect_converged();
    killed
}

#[test]
fn f01_two_hundred_kills_of_the_real_process_at_every_call_and_every_receipt() {
    let (calls, whole) = fleet::undisturbed();
    let at_calls = calls.iter().flat_map(|call| {
        let barriers = Barrier::ALL.into_iter();
        barriers.map(|barrier| Kill::AtBarrier(barrier, call.clone()))
    });
    // The header, and two lines for each write.
    let at_lines = (1..=2 * fleet::WRITES).map(Kill::AtLine);
    let kills: Vec<Kill> = at_calls.chain(at_lines).collect();
    let (next, killed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(kill) = kills.get(next.fetch_add(1, Ordering::Relaxed)) {
                    killed.fetch_add(usize::from(check(kill, &whole)), Ordering::Relaxed);
                }
            });
        }
    });
    let killed = killed.into_inner();
    assert!(killed >= 200, "{killed} of {}", kills.len());
}
