//! The `gangplank` command: arguments in, exit code out.

mod args;
mod check;
mod clock;
mod commands;
mod credentials;
mod embedded;
mod exit;
mod flow;
mod folders;
mod lints;
mod lock;
mod logging;
mod plan_file;
mod printer;
mod receipts;
mod rollout;
mod saving;
mod settings;
mod signal;
mod sources;

fn main() -> std::process::ExitCode {
    commands::run()
}
