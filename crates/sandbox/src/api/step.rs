//! `/cycles/{id}/steps` (cyclr-api.md 2.8).

use super::cycle;
use super::step_body::apply;
use crate::body::StepChange;
use crate::call::Call;
use crate::input::Input;
use crate::ledger::Action;
use crate::openapi::{Need, Operation, Parameter};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::binding;
use crate::variant::Switch;
use crate::view::StepView;
use crate::world::{Cycle, CycleStatus, Step};

const CYCLE: Parameter = Parameter::guid("id", "The cycle's id.");
const STEP: Parameter = Parameter::guid("stepId", "The step's id.");
const EXAMPLE: &str =
    r#"{"Name": "Wait", "ActionType": "Delay", "Delay": {"Unit": "Hours", "Interval": 2}}"#;
const UNKNOWN: &[(u16, &str)] = &[
    (400, "There is no such method or account connector."),
    (409, "The cycle runs."),
];

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
        "POST /cycles/{id}/steps",
        "createStep",
        "Adds a step to a paused cycle.",
        "2.8",
    )
    .says("Parameters and fields come from the method. What a running cycle does is switch STEP_WRITES.")
    .path(&[CYCLE])
    .reads::<StepChange>(Need::Optional, EXAMPLE)
    .answers::<StepView<'_>>("The step.")
    .refuses(UNKNOWN),
    Operation::new(
        "GET /cycles/{id}/steps/{stepId}",
        "getStep",
        "Shows a step.",
        "2.8",
    )
    .path(&[CYCLE, STEP])
    .answers::<StepView<'_>>("The step."),
    Operation::new(
        "PUT /cycles/{id}/steps/{stepId}",
        "updateStep",
        "Changes a step of a paused cycle.",
        "2.8",
    )
    .says("What is left out stays as it is. Another account connector can be named.")
    .path(&[CYCLE, STEP])
    .reads::<StepChange>(Need::Optional, EXAMPLE)
    .answers::<StepView<'_>>("The step as it is now.")
    .refuses(UNKNOWN),
    Operation::new(
        "DELETE /cycles/{id}/steps/{stepId}",
        "deleteStep",
        "Takes a step out of a paused cycle.",
        "2.8",
    )
    .path(&[CYCLE, STEP])
    .answers::<StepView<'_>>("The step that is gone.")
    .refuses(&[(409, "The cycle runs.")]),
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
    let step = &cycle.steps[position(call, cycle)?];
    Ok(Reply::json(&StepView::new(
        call.instance,
        call.account()?,
        cycle,
        step,
    )))
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    let mut changed = if call.instance.variants.is(Switch::StepWrites, "200") {
        cycle::find(call)?.clone()
    } else {
        cycle::find_paused(call)?.clone()
    };
    let input = Input::parse_or_empty(call.body)?;
    let mut step = Step {
        action_type: "Action".to_owned(),
        ..Step::default()
    };
    apply(call, &mut changed, &mut step, &input)?;
    if step.name.is_empty() {
        let named = [&step.method, &step.action_type];
        let name = named.into_iter().find(|name| !name.is_empty());
        step.name = name.cloned().unwrap_or_default();
    }
    step.id = call.instance.next_guid("step");
    let id = step.id.clone();
    changed.steps.push(step);
    store(call, changed, Action::Created, &id)
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find_paused(call)?.clone();
    let index = position(call, &changed)?;
    let before = changed.clone();
    let input = Input::parse_or_empty(call.body)?;
    let mut step = changed.steps[index].clone();
    apply(call, &mut changed, &mut step, &input)?;
    let id = step.id.clone();
    changed.steps[index] = step;
    binding::prune(&before, &mut changed);
    store(call, changed, Action::Updated, &id)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find_paused(call)?.clone();
    let index = position(call, &changed)?;
    let before = changed.clone();
    let gone = changed.steps.remove(index);
    let edges = changed.edges.get_or_insert_default();
    edges.retain(|edge| {
        let ends = [&edge.from_step_id, &edge.to_step_id];
        ends.iter().all(|end| !end.eq_ignore_ascii_case(&gone.id))
    });
    binding::prune(&before, &mut changed);
    let view = StepView::new(call.instance, call.account()?, &before, &gone);
    let reply = Reply::json(&view);
    let key = format!("{}/{}", changed.name, gone.name);
    cycle::put_back(call, changed)?;
    call.record(Action::Deleted, "step", &key, &gone.id);
    Ok(reply)
}

/// The place of the step of the path.
fn position(call: &Call<'_>, cycle: &Cycle) -> Result<usize, Refusal> {
    let id = call.guid(1)?;
    let mut steps = cycle.steps.iter();
    let found = steps.position(|step| step.id.eq_ignore_ascii_case(id));
    found.ok_or_else(|| Refusal::missing("Step"))
}

/// Puts a changed cycle back, notes the step, and shows it.
fn store(call: &mut Call<'_>, changed: Cycle, action: Action, id: &str) -> Outcome {
    let cycle_id = changed.id.clone();
    cycle::put_back(call, changed)?;
    let missing = || Refusal::missing("Step");
    let account = call.account()?;
    let cycle = account.cycle(&cycle_id).ok_or_else(missing)?;
    let step = cycle.steps.iter().find(|step| step.id == id);
    let step = step.ok_or_else(missing)?;
    let reply = Reply::json(&StepView::new(call.instance, account, cycle, step));
    let key = format!("{}/{}", cycle.name, step.name);
    call.record(action, "step", &key, id);
    Ok(reply)
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
