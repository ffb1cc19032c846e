//! `/cycles/{id}/prerequisites` and `/steps/{id}/prerequisites` (cyclr-api.md 2.8, 2.9).

use serde_json::json;

use super::{cycle, step};
use crate::call::Call;
use crate::openapi::{Operation, Parameter};
use crate::reply::{Outcome, Reply};
use crate::view::Prerequisite;
use crate::world::{Account, Cycle, Step, Target};

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
    Ok(Reply::json(&unmet(call.account()?, cycle)))
}

pub(crate) fn of_step(call: &mut Call<'_>) -> Outcome {
    let (_, step) = step::find(call)?;
    let parameters = open(&step.parameters).map(|target| Prerequisite {
        reason_code: 40,
        reason: "Missing parameter mapping",
        object_type: "Parameter",
        object_id: json!(target.id),
    });
    let fields = open(&step.fields).map(|target| Prerequisite {
        reason_code: 41,
        reason: "Missing field mapping",
        object_type: "ConnectorFieldMapping",
        object_id: json!(target.id),
    });
    Ok(Reply::json(&parameters.chain(fields).collect::<Vec<_>>()))
}

/// What is left to do before a cycle can run.
pub(crate) fn unmet(account: &Account, cycle: &Cycle) -> Vec<Prerequisite> {
    let mut found = Vec::new();
    if cycle.steps.is_empty() {
        found.push(Prerequisite {
            reason_code: 10,
            reason: "Cycle must have at least two steps",
            object_type: "Cycle",
            object_id: json!(cycle.id),
        });
    }
    for binding in &cycle.connectors {
        let installed = account.connector(binding.account_connector_id);
        if installed.is_none_or(|one| one.authenticated != Some(true)) {
            found.push(Prerequisite {
                reason_code: 20,
                reason: "Unauthenticated connector",
                object_type: "AccountConnector",
                object_id: json!(binding.account_connector_id),
            });
        }
    }
    for step in &cycle.steps {
        let mut of_step = |code, reason| {
            found.push(Prerequisite {
                reason_code: code,
                reason,
                object_type: "Action",
                object_id: json!(step.id),
            });
        };
        if has_open(&step.parameters) {
            of_step(40, "Missing parameter mapping");
        }
        if has_open_fields(step) {
            of_step(41, "Missing field mapping");
        }
    }
    found
}

fn has_open(targets: &[Target]) -> bool {
    open(targets).next().is_some()
}

fn has_open_fields(step: &Step) -> bool {
    has_open(&step.fields)
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
