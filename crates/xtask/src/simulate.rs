//! `simulate`: seeds by the million.

use clap::Args;
use gangplank_simulator::{Tally, simulate};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// How many
    #[arg(long, default_value_t = 100_000)]
    seeds: u64,
    /// The first number
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// Play this one alone, and tell its story
    #[arg(long)]
    seed: Option<u64>,
}

/// Plays them, on as many threads as there are.
pub(crate) fn simulate_all(args: &SimulateArgs) -> ExitCode {
    let (from, seeds) = args.seed.map_or((args.from, args.seeds), |seed| (seed, 1));
    let began = Instant::now();
    let next = AtomicU64::new(from);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let ends: Vec<_> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| scope.spawn(|| work(&next, from + seeds)))
            .collect();
        workers
            .into_iter()
            .map(std::thread::ScopedJoinHandle::join)
            .collect()
    });
    let mut total = Tally::default();
    for end in ends {
        match end {
            Ok(Ok(tally)) => {
                total.calls += tally.calls;
                total.kills += tally.kills;
            }
            Ok(Err(failure)) => {
                eprintln!("{}\nseed {}: {}", failure.story, failure.seed, failure.why);
                eprintln!(
                    "again: cargo run --release -p xtask -- simulate --seed {}",
                    failure.seed
                );
                return ExitCode::FAILURE;
            }
            Err(_) => return ExitCode::FAILURE,
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{seeds} seeds, {} calls, {} kills, {seconds:.1} s: no promise was broken",
        total.calls, total.kills
    );
    ExitCode::SUCCESS
}

/// Plays seeds until there are no more, or one fails.
fn work(next: &AtomicU64, end: u64) -> Result<Tally, Box<gangplank_simulator::Failure>> {
    let mut total = Tally::default();
    loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= end {
            return Ok(total);
        }
        match simulate(seed) {
            Ok(tally) => {
                total.calls += tally.calls;
                total.kills += tally.kills;
            }
            Err(failure) => {
                next.store(end, Ordering::Relaxed);
                return Err(failure);
            }
        }
    }
}
