//! `bench`: figures on the simulated clock, the same on every machine.

use clap::Subcommand;
use gangplank_simulator::limits;
use std::io::Write as _;
use std::process::ExitCode;

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Bench {
    /// What the limiter in front of every call reaches
    Limiter,
}

/// Measures and prints a table; fails where a figure is missed.
pub(crate) fn bench(what: Bench) -> ExitCode {
    let Bench::Limiter = what;
    println!("| case | goal | reached | |\n| --- | --- | --- | --- |");
    let mut holds = true;
    for figure in limits::all() {
        println!("{figure}");
        // Whoever reads along does so line by line; a closed pipe is no reason to stop.
        std::io::stdout().flush().ok();
        holds &= figure.holds;
    }
    if holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
