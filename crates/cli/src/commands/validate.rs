//! `gangplank validate`: every problem of the manifests at once, without a network.

use crate::args::ValidateArgs;
use crate::exit::Exit;
use crate::flow;
use crate::printer::{self, Printer};

pub(super) fn run(args: &ValidateArgs, printer: Printer) -> Exit {
    match flow::check_all(&args.paths, args.instance.as_deref(), printer) {
        Ok(summary) => {
            printer::result(&summary);
            Exit::Done
        }
        Err(exit) => exit,
    }
}
