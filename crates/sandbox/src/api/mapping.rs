//! `/steps/{id}/parameters` and `/steps/{id}/fieldmappings` (cyclr-api.md 2.9).

use super::{cycle, step};
use crate::body::MappingChange;
use crate::call::Call;
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::openapi::{Need, Operation, Parameter, When};
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::Switch;
use crate::view::{MappingKind, MappingView};
use crate::world::{CycleStatus, Step, Target};

const STEP: Parameter = Parameter::guid("id", "The step's id.");
const PARAMETER: Parameter = Parameter::number("parameterId", "The parameter's id.");
const FIELD: Parameter = Parameter::number("fieldId", "The field's id.");
const EXAMPLE: &str = r#"{"MappingType": "StaticValue", "Value": "a78f86e7d7"}"#;
const RUNS: &[When] = &[When::refuses(Switch::U15, "409", 409, "The cycle runs.")];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /steps/{id}/parameters",
        "listParameterMappings",
        "Lists the parameters of a step with their mappings.",
        "2.9",
    )
    .path(&[STEP])
    .answers::<Vec<MappingView<'_>>>("The mappings."),
    Operation::new(
        "GET /steps/{id}/parameters/{parameterId}",
        "getParameterMapping",
        "Shows the mapping of a parameter.",
        "2.9",
    )
    .path(&[STEP, PARAMETER])
    .answers::<MappingView<'_>>("The mapping."),
    Operation::new(
        "PUT /steps/{id}/parameters/{parameterId}",
        "mapParameter",
        "Maps a parameter.",
        "2.9",
    )
    .path(&[STEP, PARAMETER])
    .reads::<MappingChange>(Need::Optional, EXAMPLE)
    .answers::<MappingView<'_>>("The mapping as it is now.")
    .refuses(&[(400, "With `ValueList`, the value is none of the list.")])
    .switched(RUNS),
    Operation::new(
        "GET /steps/{id}/fieldmappings",
        "listFieldMappings",
        "Lists the fields of a step with their mappings.",
        "2.9",
    )
    .path(&[STEP])
    .answers::<Vec<MappingView<'_>>>("The mappings."),
    Operation::new(
        "GET /steps/{id}/fieldmappings/{fieldId}",
        "getFieldMapping",
        "Shows the mapping of a field.",
        "2.9",
    )
    .path(&[STEP, FIELD])
    .answers::<MappingView<'_>>("The mapping."),
    Operation::new(
        "PUT /steps/{id}/fieldmappings/{fieldId}",
        "mapField",
        "Maps a field.",
        "2.9",
    )
    .path(&[STEP, FIELD])
    .reads::<MappingChange>(Need::Optional, EXAMPLE)
    .answers::<MappingView<'_>>("The mapping as it is now.")
    .refuses(&[(400, "With `ValueList`, the value is none of the list.")])
    .switched(RUNS),
    Operation::new(
        "POST /steps/{id}/fieldmappings/{fieldId}",
        "postFieldMapping",
        "Maps a field, as PUT does.",
        "2.9",
    )
    .path(&[STEP, FIELD])
    .reads::<MappingChange>(Need::Optional, EXAMPLE)
    .answers::<MappingView<'_>>("The mapping as it is now.")
    .refuses(&[(400, "With `ValueList`, the value is none of the list.")])
    .switched(RUNS),
];

pub(crate) fn parameters(call: &mut Call<'_>) -> Outcome {
    list(call, MappingKind::Parameter)
}

pub(crate) fn fields(call: &mut Call<'_>) -> Outcome {
    list(call, MappingKind::Field)
}

pub(crate) fn parameter(call: &mut Call<'_>) -> Outcome {
    get(call, MappingKind::Parameter)
}

pub(crate) fn field(call: &mut Call<'_>) -> Outcome {
    get(call, MappingKind::Field)
}

pub(crate) fn set_parameter(call: &mut Call<'_>) -> Outcome {
    set(call, MappingKind::Parameter)
}

pub(crate) fn set_field(call: &mut Call<'_>) -> Outcome {
    set(call, MappingKind::Field)
}

fn targets(step: &Step, kind: MappingKind) -> &[Target] {
    match kind {
        MappingKind::Parameter => &step.parameters,
        MappingKind::Field => &step.fields,
    }
}

fn list(call: &Call<'_>, kind: MappingKind) -> Outcome {
    let (cycle, step) = step::find(call)?;
    let place = (call.account()?, cycle, step);
    let views = targets(step, kind)
        .iter()
        .map(|target| MappingView::new(call.instance, place, kind, target));
    Ok(Reply::json(&views.collect::<Vec<_>>()))
}

fn get(call: &Call<'_>, kind: MappingKind) -> Outcome {
    let (cycle, step) = step::find(call)?;
    let id = call.number(1)?;
    let target = targets(step, kind).iter().find(|target| target.id == id);
    let missing = || match kind {
        MappingKind::Parameter => Refusal::missing("Parameter"),
        MappingKind::Field => Refusal::missing("Field"),
    };
    let place = (call.account()?, cycle, step);
    Ok(Reply::json(&MappingView::new(
        call.instance,
        place,
        kind,
        target.ok_or_else(missing)?,
    )))
}

fn set(call: &mut Call<'_>, kind: MappingKind) -> Outcome {
    get(call, kind)?;
    let id = call.number(1)?;
    let input = Input::parse_or_empty(call.body)?;
    let (owner, step) = step::find(call)?;
    if owner.status == CycleStatus::Active && !call.instance.variants.is(Switch::U15, "200") {
        return Err(Refusal::running());
    }
    let (step_id, step_name) = (step.id.clone(), step.name.clone());
    let mut changed = owner.clone();
    let step = changed.steps.iter_mut().find(|step| step.id == step_id);
    let step = step.ok_or_else(|| Refusal::missing("Step"))?;
    let (targets, word) = match kind {
        MappingKind::Parameter => (&mut step.parameters, "parameter"),
        MappingKind::Field => (&mut step.fields, "field"),
    };
    let target = targets.iter_mut().find(|target| target.id == id);
    let target = target.ok_or_else(|| Refusal::missing("Mapping"))?;
    apply(target, &input)?;
    let key = format!("{}/{step_name}/{}", changed.name, target.name);
    cycle::put_back(call, changed)?;
    call.record(Action::Updated, word, &key, format!("{step_id}/{id}"));
    get(call, kind)
}

/// Merges a body into a mapping.
fn apply(target: &mut Target, input: &Input) -> Result<(), Refusal> {
    let unmaps = input.text("MappingType")? == Given::Null;
    input
        .text("MappingType")?
        .merge_into(&mut target.mapping_type);
    if unmaps && !input.has("Value") {
        target.value = None;
    }
    input.text("Value")?.merge_into(&mut target.value);
    input
        .text("SourceStepId")?
        .merge_into(&mut target.source_step_id);
    input
        .text("TriggerValue")?
        .merge_into(&mut target.trigger_value);
    input
        .text("TriggerValueDisplayName")?
        .merge_into(&mut target.trigger_value_display_name);
    input
        .boolean("IsLaunchVisible")?
        .merge_value(&mut target.is_launch_visible);
    match input.integer("SourceFieldId") {
        Ok(Given::Value(id)) => target.source_field_id = u64::try_from(id).ok(),
        Ok(Given::Null) => target.source_field_id = None,
        Ok(Given::Omitted) => {}
        Err(()) => return Err(Refusal::invalid("SourceFieldId", "A number was expected.")),
    }
    let is_list = target.mapping_type.as_deref() == Some("ValueList");
    let value = target.value.as_deref().filter(|value| !value.is_empty());
    if let Some(value) = value.filter(|_| is_list)
        && !target.values.iter().any(|known| known.value == value)
    {
        return Err(Refusal::bad_request(format!(
            "Value '{value}' is not one of the value list."
        )));
    }
    Ok(())
}
