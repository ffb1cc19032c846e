//! `gangplank plan`: how the instance differs; writes nothing.

use crate::args::{Format, PlanArgs};
use crate::exit::Exit;
use crate::flow::{self, Prepared};
use crate::lock::Lock;
use crate::plan_file;
use crate::printer::{self, Printer};
use crate::saving;
use gangplank_report as report;

pub(super) async fn run(args: &PlanArgs, printer: Printer) -> Exit {
    if let Some(path) = &args.save.out
        && let Err(refusal) = plan_file::expect_free(path)
    {
        return refusal.tell(printer);
    }
    let mut lock = Lock::none();
    let prepared = match flow::prepare(&args.target, args.with_secrets, &mut lock, printer).await {
        Ok(prepared) => prepared,
        Err(exit) => return exit,
    };
    let exit = tell(args, &prepared, printer);
    prepared.close().await;
    exit
}

/// Shows the plan, and saves it where that is asked for.
fn tell(args: &PlanArgs, prepared: &Prepared, printer: Printer) -> Exit {
    let is_json = args.target.format == Format::Json;
    let saved = (is_json || args.save.out.is_some()).then(|| prepared.saved());
    printer::result(&match &saved {
        Some(saved) if is_json => report::json(saved),
        Some(_) | None => flow::show(&prepared.plan, printer),
    });
    let warned = prepared.warn(printer);
    let kept = saved.map(|saved| saving::save(&args.save, (prepared, &saved)));
    match (warned, kept) {
        (warned, Some(Err(refusal))) => {
            let refused = refusal.tell(printer);
            warned.err().unwrap_or(refused)
        }
        (Err(refused), Some(Ok(())) | None) => refused,
        (Ok(()), Some(Ok(())) | None) => judge(prepared, args.detailed_exitcode),
    }
}

fn judge(prepared: &Prepared, detailed: bool) -> Exit {
    if !prepared.unread.is_empty() {
        Exit::Partial
    } else if detailed && (prepared.unplanned || !prepared.plan.summary.is_empty()) {
        Exit::Differs
    } else {
        Exit::Done
    }
}
