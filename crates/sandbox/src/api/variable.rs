//! `/cycles/{id}/variables` (cyclr-api.md 2.8).

use super::cycle;
use crate::body::VariableChange;
use crate::call::Call;
use crate::input::Input;
use crate::ledger::Action;
use crate::openapi::{Need, Operation, Parameter};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::fill_variable;
use crate::view::VariableView;
use crate::world::{Cycle, Variable};

const ID: Parameter = Parameter::guid("id", "The cycle's id.");
const NAME: Parameter = Parameter::text("systemName", "The variable's `SystemName`, in any case.");
const EXAMPLE: &str = r#"{"DisplayName": "Sender", "Value": "news@acme.example"}"#;
const RUNS: &[(u16, &str)] = &[(409, "The cycle runs.")];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /cycles/{id}/variables",
        "listVariables",
        "Lists the variables of a cycle.",
        "2.8",
    )
    .path(&[ID])
    .answers::<Vec<VariableView<'_>>>("The variables."),
    Operation::new(
        "POST /cycles/{id}/variables",
        "createVariable",
        "Adds a variable to a paused cycle.",
        "2.8",
    )
    .path(&[ID])
    .reads::<VariableChange>(Need::Required, EXAMPLE)
    .answers::<VariableView<'_>>("The variable.")
    .refuses(RUNS),
    Operation::new(
        "PATCH /cycles/{id}/variables",
        "patchVariables",
        "Creates and changes variables of a paused cycle.",
        "2.8",
    )
    .says(
        "Those that exist are changed, by `SystemName` or else by `DisplayName`; others are added.",
    )
    .path(&[ID])
    .reads::<Vec<VariableChange>>(
        Need::Required,
        r#"[{"SystemName": "Sender", "Value": "news@acme.example"}]"#,
    )
    .answers::<Vec<VariableView<'_>>>("All variables of the cycle.")
    .refuses(RUNS),
    Operation::new(
        "GET /cycles/{id}/variables/{systemName}",
        "getVariable",
        "Shows a variable.",
        "2.8",
    )
    .path(&[ID, NAME])
    .answers::<VariableView<'_>>("The variable."),
    Operation::new(
        "PUT /cycles/{id}/variables/{systemName}",
        "updateVariable",
        "Changes a variable of a paused cycle.",
        "2.8",
    )
    .path(&[ID, NAME])
    .reads::<VariableChange>(Need::Optional, EXAMPLE)
    .answers::<VariableView<'_>>("The variable as it is now.")
    .refuses(RUNS),
    Operation::new(
        "DELETE /cycles/{id}/variables/{systemName}",
        "deleteVariable",
        "Deletes a variable of a paused cycle.",
        "2.8",
    )
    .path(&[ID, NAME])
    .answers::<VariableView<'_>>("The variable as it was.")
    .refuses(RUNS),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::json(&views(cycle::find(call)?)))
}

fn views(cycle: &Cycle) -> Vec<VariableView<'_>> {
    cycle.variables.iter().map(VariableView::new).collect()
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    let index = position(cycle, call.segment(1))?;
    Ok(Reply::json(&VariableView::new(&cycle.variables[index])))
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find_paused(call)?.clone();
    let input = Input::parse_or_empty(call.body)?;
    let mut variable = Variable::default();
    apply(&mut variable, &input)?;
    let name = variable.system_name.clone();
    if position(&changed, &name).is_ok() {
        return Err(Refusal::bad_request(format!(
            "Variable '{name}' already exists."
        )));
    }
    let reply = Reply::json(&VariableView::new(&variable));
    changed.variables.push(variable);
    store(call, changed, Action::Created, &[name])?;
    Ok(reply)
}

/// Creates and updates many, by `SystemName` or else by `DisplayName`.
pub(crate) fn patch(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find_paused(call)?.clone();
    let mut names = Vec::new();
    for input in Input::parse_array(call.body)? {
        let mut key = Variable {
            display_name: input.text("DisplayName")?.value().unwrap_or_default(),
            system_name: input.text("SystemName")?.value().unwrap_or_default(),
            ..Variable::default()
        };
        fill_variable(&mut key);
        if let Ok(index) = position(&changed, &key.system_name) {
            apply(&mut changed.variables[index], &input)?;
        } else {
            let mut variable = Variable::default();
            apply(&mut variable, &input)?;
            changed.variables.push(variable);
        }
        names.push(key.system_name);
    }
    let reply = Reply::json(&views(&changed));
    store(call, changed, Action::Updated, &names)?;
    Ok(reply)
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find_paused(call)?.clone();
    let input = Input::parse_or_empty(call.body)?;
    let index = position(&changed, call.segment(1))?;
    let variable = &mut changed.variables[index];
    let name = variable.system_name.clone();
    apply(variable, &input)?;
    // The path's name wins.
    variable.system_name.clone_from(&name);
    let reply = Reply::json(&VariableView::new(variable));
    store(call, changed, Action::Updated, &[name])?;
    Ok(reply)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find_paused(call)?.clone();
    let index = position(&changed, call.segment(1))?;
    let gone = changed.variables.remove(index);
    let reply = Reply::json(&VariableView::new(&gone));
    store(call, changed, Action::Deleted, &[gone.system_name])?;
    Ok(reply)
}

fn position(cycle: &Cycle, name: &str) -> Result<usize, Refusal> {
    let found = cycle
        .variables
        .iter()
        .position(|one| one.system_name.eq_ignore_ascii_case(name));
    found.ok_or_else(|| Refusal::missing("Variable"))
}

fn apply(variable: &mut Variable, input: &Input) -> Result<(), Refusal> {
    input
        .text("DisplayName")?
        .merge_value(&mut variable.display_name);
    input
        .text("SystemName")?
        .merge_value(&mut variable.system_name);
    if variable.display_name.is_empty() {
        variable.display_name.clone_from(&variable.system_name);
    }
    fill_variable(variable);
    if variable.system_name.is_empty() {
        return Err(Refusal::bad_request("DisplayName is required"));
    }
    input.text("Value")?.merge_into(&mut variable.value);
    input
        .text("MappingType")?
        .merge_into(&mut variable.mapping_type);
    Ok(())
}

fn store(
    call: &mut Call<'_>,
    changed: Cycle,
    action: Action,
    names: &[String],
) -> Result<(), Refusal> {
    let (owner, id) = (changed.name.clone(), changed.id.clone());
    cycle::put_back(call, changed)?;
    for name in names {
        call.record(
            action,
            "variable",
            &format!("{owner}/{name}"),
            format!("{id}/{name}"),
        );
    }
    Ok(())
}
