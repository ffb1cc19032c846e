//! `gangplank completions`: a script for a shell.

use crate::args::{Cli, CompletionsArgs};
use crate::exit::Exit;
use crate::printer;
use clap::CommandFactory as _;

pub(super) fn run(args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gangplank", &mut script);
    printer::result(&String::from_utf8_lossy(&script));
    Exit::Done
}
