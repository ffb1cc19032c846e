//! What was approved before the apply: one plan, by its digest or by its file, and none else.

use crate::args::ApplyArgs;
use crate::exit::Exit;
use crate::flow::Prepared;
use crate::plan_file::Refusal;
use crate::printer::{self, Printer};
use gangplank_model::Plan;
use gangplank_model::plan::grouped;
use gangplank_report as report;

/// Whether nobody has to be asked any more.
pub(super) fn is_given(args: &ApplyArgs) -> bool {
    args.approved.plan.is_some() || args.approved.approve_digest.is_some()
}

/// Holds a plan that was made just now against the digest that was approved.
pub(super) fn check(args: &ApplyArgs, prepared: &Prepared) -> Result<(), Refusal> {
    let (Some(approved), None) = (&args.approved.approve_digest, &args.approved.plan) else {
        return Ok(());
    };
    let digest = report::digest(&prepared.saved());
    if digest == *approved {
        return Ok(());
    }
    Err(Refusal::unsafe_to(
        "the plan is not the one that was approved, so nothing was sent",
        "the manifests or the instance changed since: compare the numbers with those that were approved, \
         and have this plan approved",
    )
    .detail(format!("approved  {approved}"))
    .detail(format!("now       {digest}"))
    .detail(format!("          {}", size(&prepared.plan))))
}

/// A plan in numbers.
pub(super) fn size(plan: &Plan) -> String {
    let calls = plan.operation_count();
    let accounts = plan.lanes.iter().filter(|it| !it.operations.is_empty());
    let accounts = accounts.count();
    let s = |count: usize| if count == 1 { "" } else { "s" };
    format!(
        "{} call{} in {} account{}: {}",
        grouped(calls),
        s(calls),
        grouped(accounts),
        s(accounts),
        plan.summary
    )
}

/// What the accounts that were made have made plannable is another plan.
pub(super) fn one_round(printer: Printer) -> Exit {
    printer.error(
        "connectors and templates are not planned yet: the instance shows its library to accounts only, \
         and those are there now",
    );
    printer::hint("plan again, and have that plan approved for the rest");
    Exit::Partial
}
