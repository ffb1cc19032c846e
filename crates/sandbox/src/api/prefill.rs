//! Mappings given along with an install or an import of a template (cyclr-api.md 4, U22).
//!
//! The docs say that an install maps what it is given; the shape is in no source. Where the switch
//! stands at `honoured`, a body holds rows such as
//! `{"Prerequisites": [{"StepName", "ObjectType", "ObjectId", "MappingType", "Value"}]}`, as
//! `GET /templates?includePrerequisites=true` lists them, and `Variables` by name.

use crate::call::Call;
use crate::input::Input;
use crate::reply::Refusal;
use crate::variant::Switch;
use crate::view::step_id;
use crate::world::{Cycle, Step, Target, Template, Variable};

/// Fields of a body that give mappings.
const GIVEN: &[&str] = &["Prerequisites", "Mappings", "Variables", "Steps"];

/// Fills the mappings of a new cycle with what the body of its install gives.
pub(crate) fn install(
    call: &Call<'_>,
    template: &Template,
    cycle: &mut Cycle,
    input: &Input,
) -> Result<(), Refusal> {
    match call.instance.variants.position(Switch::U22) {
        "400" => match GIVEN.iter().find(|name| input.has(name)) {
            Some(name) => Err(Refusal::invalid(name, "Mappings cannot be given.")),
            None => Ok(()),
        },
        "honoured" => {
            let ids = template.steps.iter();
            let ids: Vec<String> = ids
                .map(|step| step_id(call.instance, template, step).into_owned())
                .collect();
            fill_steps(&mut cycle.steps, &ids, input)?;
            fill_variables(&mut cycle.variables, input)
        }
        _ => Ok(()),
    }
}

/// Fills the mappings of an imported template with the `Prerequisites` of its file.
pub(crate) fn import(
    call: &Call<'_>,
    template: &mut Template,
    input: &Input,
) -> Result<(), Refusal> {
    match call.instance.variants.position(Switch::U22) {
        "400" if input.has("Prerequisites") => Err(Refusal::invalid(
            "Prerequisites",
            "Mappings cannot be given.",
        )),
        "honoured" => {
            let ids: Vec<String> = template.steps.iter().map(|step| step.id.clone()).collect();
            fill_steps(&mut template.steps, &ids, input)
        }
        _ => Ok(()),
    }
}

/// `ids` are those that the template shows for its steps, in their order.
fn fill_steps(steps: &mut [Step], ids: &[String], input: &Input) -> Result<(), Refusal> {
    for row in input.list("Prerequisites")?.value().unwrap_or_default() {
        let id = row.text("StepId")?.value().unwrap_or_default();
        let name = row.text("StepName")?.value().unwrap_or_default();
        let by_id = ids
            .iter()
            .position(|one| !id.is_empty() && one.eq_ignore_ascii_case(&id));
        let place = by_id.or_else(|| steps.iter().position(|step| step.name == name));
        let step = place.and_then(|place| steps.get_mut(place));
        let unknown =
            || Refusal::bad_request(format!("There is no step '{name}' in the template."));
        fill(target(step.ok_or_else(unknown)?, &row)?, &row)?;
    }
    Ok(())
}

/// The parameter or field that a row is about, by its id or its name.
fn target<'s>(step: &'s mut Step, row: &Input) -> Result<&'s mut Target, Refusal> {
    let kind = row.text("ObjectType")?.value().unwrap_or_default();
    let id = row.text("ObjectId")?.value().unwrap_or_default();
    let name = row.text("Name")?.value().unwrap_or_default();
    let step_name = step.name.clone();
    let targets = if kind.eq_ignore_ascii_case("Parameter") {
        &mut step.parameters
    } else {
        &mut step.fields
    };
    let found = targets
        .iter_mut()
        .find(|target| target.id.to_string() == id || (id.is_empty() && target.name == name));
    let message = format!("There is no {kind} '{id}{name}' in the step '{step_name}'.");
    found.ok_or_else(|| Refusal::bad_request(message))
}

fn fill(target: &mut Target, row: &Input) -> Result<(), Refusal> {
    let kind = row.text("MappingType")?.value();
    target.mapping_type = kind.or_else(|| Some("StaticValue".to_owned()));
    row.text("Value")?.merge_into(&mut target.value);
    row.text("TriggerValue")?
        .merge_into(&mut target.trigger_value);
    row.text("TriggerValueDisplayName")?
        .merge_into(&mut target.trigger_value_display_name);
    Ok(())
}

fn fill_variables(variables: &mut [Variable], input: &Input) -> Result<(), Refusal> {
    for row in input.list("Variables")?.value().unwrap_or_default() {
        let name = row.text("SystemName")?.value();
        let name = name
            .or(row.text("DisplayName")?.value())
            .unwrap_or_default();
        let found = variables
            .iter_mut()
            .find(|one| one.system_name == name || one.display_name == name);
        let unknown =
            || Refusal::bad_request(format!("There is no variable '{name}' in the template."));
        let variable = found.ok_or_else(unknown)?;
        row.text("Value")?.merge_into(&mut variable.value);
        row.text("MappingType")?
            .merge_into(&mut variable.mapping_type);
    }
    Ok(())
}
