//! `gangplank plan`: how the instance differs; writes nothing.

use crate::args::PlanArgs;
use crate::exit::Exit;
use crate::flow::{self, Prepared};
use crate::printer::{self, Printer};

pub(super) async fn run(args: &PlanArgs, printer: Printer) -> Exit {
    let prepared = match flow::prepare(&args.target, args.with_secrets, printer).await {
        Ok(prepared) => prepared,
        Err(exit) => return exit,
    };
    printer::result(&flow::show(&prepared.plan, args.target.format, printer));
    let exit = match prepared.warn(printer) {
        Ok(()) => judge(&prepared, args.detailed_exitcode),
        Err(refused) => refused,
    };
    prepared.close().await;
    exit
}

fn judge(prepared: &Prepared, detailed: bool) -> Exit {
    if prepared.unread {
        Exit::Partial
    } else if detailed && (prepared.unplanned || !prepared.plan.summary.is_empty()) {
        Exit::Differs
    } else {
        Exit::Done
    }
}
