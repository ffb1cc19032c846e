//! `simulate`: seeds by the million.

use clap::Args;
use gangplank_simulator::{play_all, simulate};
use std::process::ExitCode;
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
    let total = match play_all(from..from + seeds, simulate) {
        Ok(total) => total,
        Err(failure) => {
            eprintln!("{failure}");
            return ExitCode::FAILURE;
        }
    };
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{seeds} seeds, {} calls, {} kills, {seconds:.1} s: no promise was broken",
        total.calls, total.kills
    );
    ExitCode::SUCCESS
}
