//! Long runs for developers.
//!
//! `cargo run --release -p xtask -- simulate --seeds 10000000`
//! `cargo run --release -p xtask -- bench limiter`

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for developers"
)]

mod bench;
mod simulate;

use bench::{Bench, bench};
use clap::Parser;
use simulate::{SimulateArgs, simulate_all};
use std::process::ExitCode;

/// Long runs for developers.
#[derive(Debug, Parser)]
enum Task {
    /// Plays simulations, each from one number, and stops at the first that breaks a promise
    Simulate(SimulateArgs),
    /// Measures on the simulated clock, and prints what was reached
    #[command(subcommand)]
    Bench(Bench),
}

fn main() -> ExitCode {
    match Task::parse() {
        Task::Simulate(args) => simulate_all(&args),
        Task::Bench(what) => bench(what),
    }
}
