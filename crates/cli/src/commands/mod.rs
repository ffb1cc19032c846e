//! One file a command; this one chooses among them.

mod apply;
mod completions;
mod explain;
mod fmt;
mod init;
mod plan;
mod sandbox;
mod schema;
mod validate;
mod variants;

use crate::args::{Cli, Command};
use crate::exit::Exit;
use crate::logging;
use crate::printer::{self, Printer};
use clap::Parser as _;
use clap::error::ErrorKind;
use std::process::ExitCode;
use std::time::Duration;

/// Runs the command that the arguments name.
pub(crate) fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error).into(),
    };
    let printer = Printer::new(cli.global.color);
    logging::start(cli.global.verbose);
    let exit = match &cli.command {
        Command::Init(args) => in_runtime(printer, init::run(args, printer)),
        Command::Validate(args) if args.online => {
            in_runtime(printer, validate::online(args, printer))
        }
        Command::Validate(args) => validate::run(args, printer),
        Command::Explain(args) => explain::run(args, printer),
        Command::Fmt(args) => fmt::run(args, printer),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Plan(args) => in_runtime(printer, plan::run(args, printer)),
        Command::Apply(args) => in_runtime(printer, apply::run(args, printer)),
        Command::Sandbox(args) => in_runtime(printer, sandbox::run(args, printer)),
    };
    match exit {
        Exit::Done | Exit::Differs if printer::lost() => Exit::Failed.into(),
        exit => exit.into(),
    }
}

fn in_runtime(printer: Printer, command: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => {
            let exit = runtime.block_on(command);
            // What was broken off ends its programs as it goes. Somebody may still be asked on a thread of
            // its own, and will not answer any more.
            runtime.shutdown_timeout(Duration::from_secs(1));
            exit
        }
        Err(error) => {
            printer.error(&format!("the runtime does not start: {error}"));
            Exit::Failed
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
