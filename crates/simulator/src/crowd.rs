//! Many cases on all cores, until one breaks a promise.

use crate::seed::{Failure, Tally};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// So many cases in a row are played on one core: those that share a scene stay together.
const IN_A_ROW: u64 = 16;

/// Plays the cases with these numbers, and sums up what they did. Stops at the first that breaks a promise.
pub fn play_all(
    cases: Range<u64>,
    play: impl Fn(u64) -> Result<Tally, Box<Failure>> + Sync,
) -> Result<Tally, Box<Failure>> {
    let next = AtomicU64::new(cases.start);
    let work = || {
        let mut total = Tally::default();
        loop {
            let first = next.fetch_add(IN_A_ROW, Ordering::Relaxed);
            if first >= cases.end {
                return Ok(total);
            }
            for case in first..(first + IN_A_ROW).min(cases.end) {
                let tally = play(case).inspect_err(|_| next.store(cases.end, Ordering::Relaxed))?;
                total.calls += tally.calls;
                total.kills += tally.kills;
                total.digest ^= tally.digest;
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let ends: Vec<Result<Tally, Box<Failure>>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let ends = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        ends.map(|end| end.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let mut total = Tally::default();
    for end in ends {
        let tally = end?;
        total.calls += tally.calls;
        total.kills += tally.kills;
        total.digest ^= tally.digest;
    }
    Ok(total)
}
