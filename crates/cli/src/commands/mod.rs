//! One file a command; this one chooses among them.

mod apply;
mod completions;
mod plan;
mod sandbox;
mod schema;
mod validate;

use crate::args::{Cli, Command};
use crate::exit::Exit;
use crate::logging;
use crate::printer::Printer;
use clap::Parser as _;
use clap::error::ErrorKind;
use std::process::ExitCode;

/// Runs the command that the arguments name.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error).into(),
    };
    let printer = Printer::new(cli.global.color);
    logging::start(cli.global.verbose, printer.color_err);
    match &cli.command {
        Command::Validate(args) => validate::run(args, printer).into(),
        Command::Schema(args) => schema::run(args, printer).into(),
        Command::Completions(args) => completions::run(args, printer).into(),
        Command::Plan(args) => in_runtime(printer, plan::run(args, printer)),
        Command::Apply(args) => in_runtime(printer, apply::run(args, printer)),
        Command::Sandbox(args) => in_runtime(printer, sandbox::run(args, printer)),
    }
}

fn in_runtime(printer: Printer, command: impl Future<Output = Exit>) -> ExitCode {
    match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(command).into(),
        Err(error) => {
            printer.error(&format!("the runtime does not start: {error}"));
            Exit::Failed.into()
        }
    }
}

/// Help and version are results; everything else is an error of the arguments.
fn usage(error: &clap::Error) -> Exit {
    let shown = error.print().is_ok();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion if shown => Exit::Done,
        _ => Exit::Invalid,
    }
}
