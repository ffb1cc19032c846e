//! `/cycles/{id}/steps`, read only (cyclr-api.md 2.8).

use super::cycle;
use crate::call::Call;
use crate::openapi::{Operation, Parameter};
use crate::reply::{Outcome, Refusal, Reply};
use crate::view::StepView;
use crate::world::{Cycle, CycleStatus, Step};

const CYCLE: Parameter = Parameter::guid("id", "The cycle's id.");

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /cycles/{id}/steps",
        "listSteps",
        "Lists the steps of a cycle.",
        "2.8",
    )
    .path(&[CYCLE])
    .query(&[&[Parameter::text(
        "filter",
        "An `ActionType`, such as `action`, in any case.",
    )]])
    .answers::<Vec<StepView<'_>>>("The steps."),
    Operation::new(
        "GET /cycles/{id}/steps/{stepId}",
        "getStep",
        "Shows a step.",
        "2.8",
    )
    .path(&[CYCLE, Parameter::guid("stepId", "The step's id.")])
    .answers::<StepView<'_>>("The step."),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    let account = call.account()?;
    let filter = call.query.get("filter");
    let fits =
        |step: &&Step| filter.is_none_or(|filter| step.action_type.eq_ignore_ascii_case(filter));
    let steps = cycle.steps.iter().filter(fits);
    let views: Vec<_> = steps
        .map(|step| StepView::new(call.instance, account, cycle, step))
        .collect();
    Ok(Reply::json(&views))
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    let id = call.guid(1)?;
    let step = cycle
        .steps
        .iter()
        .find(|step| step.id.eq_ignore_ascii_case(id));
    let step = step.ok_or_else(|| Refusal::missing("Step"))?;
    Ok(Reply::json(&StepView::new(
        call.instance,
        call.account()?,
        cycle,
        step,
    )))
}

/// The step of a `/steps/{id}` path, and its cycle.
pub(crate) fn find<'c>(call: &'c Call<'_>) -> Result<(&'c Cycle, &'c Step), Refusal> {
    let id = call.guid(0)?;
    let cycles = call.account()?.cycles.iter();
    let live = cycles.filter(|cycle| cycle.status != CycleStatus::DeleteScheduled);
    let mut steps = live.flat_map(|cycle| cycle.steps.iter().map(move |step| (cycle, step)));
    let found = steps.find(|(_, step)| step.id.eq_ignore_ascii_case(id));
    found.ok_or_else(|| Refusal::missing("Step"))
}
