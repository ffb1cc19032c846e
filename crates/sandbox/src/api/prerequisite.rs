//! `/cycles/{id}/prerequisites` and `/steps/{id}/prerequisites` (cyclr-api.md 2.8, 2.9).

use serde_json::{Value, json};

use super::{cycle, step};
use crate::call::Call;
use crate::openapi::{Operation, Parameter};
use crate::reply::{Outcome, Reply};
use crate::state::{Instance, flow};
use crate::variant::Switch;
use crate::view::Prerequisite;
use crate::world::{Account, Cycle, Step, Target, TargetKey, Variable};

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /cycles/{id}/prerequisites",
        "listPrerequisitesOfCycle",
        "Lists what is left to do before a cycle can run.",
        "2.8",
    )
    .path(&[Parameter::guid("id", "The cycle's id.")])
    .answers::<Vec<Prerequisite>>("What is left to do."),
    Operation::new(
        "GET /steps/{id}/prerequisites",
        "listPrerequisitesOfStep",
        "Lists what is left to do before a step can run.",
        "2.9",
    )
    .path(&[Parameter::guid("id", "The step's id.")])
    .answers::<Vec<Prerequisite>>("What is left to do."),
];

pub(crate) fn of_cycle(call: &mut Call<'_>) -> Outcome {
    let cycle = cycle::find(call)?;
    Ok(Reply::json(&unmet(call.instance, call.account()?, cycle)))
}

pub(crate) fn of_step(call: &mut Call<'_>) -> Outcome {
    let (_, step) = step::find(call)?;
    Ok(Reply::json(&needs(step)))
}

/// Names of the reasons (cyclr-api.md 2.8); only some are word for word in a source.
fn reason(code: u32) -> &'static str {
    match code {
        10 => "Cycle must have at least two steps",
        11 => "Steps must be connected with one trigger",
        20 => "Unauthenticated connector",
        30 => "Missing mapping",
        31 => "Missing decision criteria",
        32 => "Missing delay period",
        33 => "Missing date to wait until",
        40 => "Missing parameter mapping",
        41 => "Missing field mapping",
        42 => "Missing collection key mapping",
        43 => "Missing webhook key mapping",
        50 => "Missing left operand",
        51 => "Missing right operand",
        60 => "Missing delay unit",
        61 => "Missing delay interval",
        70 => "Missing wait until date",
        _ => "Unknown",
    }
}

fn prerequisite(code: u32, object_type: &'static str, object_id: Value) -> Prerequisite {
    Prerequisite {
        reason_code: code,
        reason: reason(code),
        object_type,
        object_id,
    }
}

/// What is left to do before a cycle can run.
pub(crate) fn unmet(instance: &Instance, account: &Account, cycle: &Cycle) -> Vec<Prerequisite> {
    let mut found = Vec::new();
    let of_cycle = |code| prerequisite(code, "Cycle", json!(cycle.id));
    // A published template ran before: a world that lists fewer of its steps abridges it.
    let template = cycle.template_id.as_deref();
    let template = template.and_then(|id| instance.library.template(id));
    let enough = template.map_or(2, |template| template.steps.len().min(2));
    if cycle.steps.len() < enough || cycle.steps.is_empty() {
        found.push(of_cycle(10));
    } else if cycle.steps.len() > 1 && !flow::has_one_trigger(cycle) {
        found.push(of_cycle(11));
    }
    for binding in &cycle.connectors {
        let installed = instance.usable(account, binding.account_connector_id);
        if installed.is_none_or(|one| one.authenticated != Some(true)) {
            let id = json!(binding.account_connector_id);
            found.push(prerequisite(20, "AccountConnector", id));
        }
    }
    let is_summed = instance.variants.is(Switch::CyclePrerequisites, "summary");
    for step in &cycle.steps {
        let mut codes: Vec<u32> = needs(step).iter().map(|one| one.reason_code).collect();
        if is_summed {
            for code in &mut codes {
                *code = summed(*code);
            }
        }
        codes.dedup();
        let of_step = |code| prerequisite(code, "Action", json!(step.id));
        found.extend(codes.into_iter().map(of_step));
    }
    // Variables are among them, with a code that no source tells (cyclr-api.md 2.8).
    let code = match instance.variants.position(Switch::UnsetVariable) {
        "none" => return found,
        "0" => 0,
        _ => 30,
    };
    let unset = cycle.variables.iter().filter(|one| !is_set(one));
    found.extend(unset.map(|one| prerequisite(code, "Variable", json!(one.system_name))));
    found
}

/// The code of the step as a whole.
fn summed(code: u32) -> u32 {
    match code {
        40..=43 => 30,
        50 | 51 => 31,
        60 | 61 => 32,
        70 => 33,
        other => other,
    }
}

/// What is left to do about a step, in the order of the codes.
fn needs(step: &Step) -> Vec<Prerequisite> {
    let mut found = Vec::new();
    let of_step = |code| prerequisite(code, "Action", json!(step.id));
    let is = |kind: &str| step.action_type.eq_ignore_ascii_case(kind);
    if is("Unknown") {
        found.push(of_step(0));
    }
    let parameters = open(&step.parameters);
    found.extend(parameters.map(|one| prerequisite(40, "Parameter", json!(one.id))));
    for (code, key) in [
        (41, None),
        (42, Some(TargetKey::Collection)),
        (43, Some(TargetKey::Webhook)),
    ] {
        let fields = open(&step.fields).filter(|one| one.key == key);
        let of_field = |one: &Target| prerequisite(code, "ConnectorFieldMapping", json!(one.id));
        found.extend(fields.map(of_field));
    }
    if is("Decision") {
        if step.criteria.is_empty() {
            found.push(of_step(31));
        }
        let is_missing = |operand: &Option<String>| operand.as_deref().unwrap_or("").is_empty();
        let mut criteria = step.criteria.iter();
        if criteria.clone().any(|one| is_missing(&one.left_operand)) {
            found.push(of_step(50));
        }
        if criteria.any(|one| is_missing(&one.right_operand)) {
            found.push(of_step(51));
        }
    }
    if is("Delay") {
        match &step.delay {
            None => found.push(of_step(32)),
            Some(delay) => {
                if delay.unit.as_deref().unwrap_or("").is_empty() {
                    found.push(of_step(60));
                }
                if delay.interval.is_none() {
                    found.push(of_step(61));
                }
            }
        }
    }
    if is("WaitUntil") {
        match &step.wait_until {
            None => found.push(of_step(33)),
            Some(wait) if wait.date.as_deref().unwrap_or("").is_empty() => found.push(of_step(70)),
            Some(_) => {}
        }
    }
    found
}

/// Required targets that nothing is mapped to.
fn open(targets: &[Target]) -> impl Iterator<Item = &Target> {
    targets
        .iter()
        .filter(|target| !target.is_optional && !is_mapped(target))
}

fn is_mapped(target: &Target) -> bool {
    match target.mapping_type.as_deref() {
        None => false,
        Some(kind) if kind.eq_ignore_ascii_case("Ignore") => true,
        Some(_) => {
            target.value.as_ref().is_some_and(|value| !value.is_empty())
                || target.trigger_value.is_some()
                || target.source_field_id.is_some()
        }
    }
}

fn is_set(variable: &Variable) -> bool {
    let kind = variable.mapping_type.as_deref().unwrap_or_default();
    kind.eq_ignore_ascii_case("Ignore")
        || variable
            .value
            .as_ref()
            .is_some_and(|value| !value.is_empty())
}
