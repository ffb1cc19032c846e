//! Variables, parameters and field mappings of a cycle that exists.

use super::text_change;
use gangplank_model::{
    CycleTarget, FieldChange, LiveCycle, LiveMapping, LiveStep, MappingSpec, OperationKind, Shown,
    StepSpec, TemplateSpec,
};
use std::collections::BTreeMap;

/// Calls and what they change; `Err` says why nothing may be touched.
pub(crate) type Found = Result<(Vec<OperationKind>, Vec<FieldChange>), String>;

/// How a mapping reads in a plan.
pub(crate) fn said(mapping: &MappingSpec) -> String {
    match (mapping.mapping_type.as_str(), &mapping.value) {
        ("StaticValue", Some(value)) => value.clone(),
        (kind, Some(value)) => format!("{kind}: {value}"),
        (kind, None) => kind.to_owned(),
    }
}

/// Nothing chosen, and ignored, come to the same.
fn same(live: &LiveMapping, wanted: &MappingSpec) -> bool {
    let kind = live.mapping_type.as_deref().unwrap_or("Ignore");
    let ignored = kind.eq_ignore_ascii_case("Ignore") && wanted.mapping_type == "Ignore";
    ignored || (kind.eq_ignore_ascii_case(&wanted.mapping_type) && live.value == wanted.value)
}

fn before(live: &LiveMapping) -> Shown {
    match &live.mapping_type {
        None => Shown::Absent,
        Some(kind) => Shown::Text(said(&MappingSpec {
            mapping_type: kind.clone(),
            value: live.value.clone(),
        })),
    }
}

/// Variables that differ, in one call.
pub(crate) fn variables(
    cycle: &LiveCycle,
    spec: &TemplateSpec,
) -> (Vec<OperationKind>, Vec<FieldChange>) {
    let empty = BTreeMap::new();
    let held = cycle.variables.as_ref().unwrap_or(&empty);
    let mut values = BTreeMap::new();
    let mut fields = Vec::new();
    for (name, wanted) in &spec.variables {
        let live = held.get(name).and_then(Option::as_deref);
        if live != Some(wanted.value.as_str()) {
            let before = live.map_or(Shown::Absent, |live| Shown::Text(live.to_owned()));
            fields.push(text_change(
                format!("variables.{name}"),
                before,
                wanted,
                &*wanted.value,
            ));
            values.insert(name.clone(), wanted.value.clone());
        }
    }
    let cycle = CycleTarget::Existing(cycle.id.clone());
    let call = (!values.is_empty()).then_some(OperationKind::SetVariables { cycle, values });
    (call.into_iter().collect(), fields)
}

/// Parameters and field mappings that differ, one call each.
pub(crate) fn mappings(cycle: &LiveCycle, spec: &TemplateSpec) -> Found {
    let (mut parameters, mut mapped) = (Vec::new(), Vec::new());
    let mut fields = Vec::new();
    let target = || CycleTarget::Existing(cycle.id.clone());
    // Steps of which nothing is declared are not read.
    let declared = |step: &StepSpec| !step.parameters.is_empty() || !step.fields.is_empty();
    for (name, wanted) in spec.steps.iter().filter(|(_, step)| declared(step)) {
        let Some(step) = step(cycle, name)? else {
            continue;
        };
        let held = step.parameters.as_deref().unwrap_or_default();
        for (parameter, mapping) in &wanted.parameters {
            let Some(live) = target_of("parameter", name, held, parameter)? else {
                continue;
            };
            if !same(live, &mapping.value) {
                let field = format!("parameters.{name}.{parameter}");
                fields.push(text_change(
                    field,
                    before(live),
                    mapping,
                    said(&mapping.value),
                ));
                parameters.push(OperationKind::SetParameter {
                    cycle: target(),
                    step: name.clone(),
                    parameter: parameter.clone(),
                    ids: Some((step.id.clone(), live.id)),
                    mapping: mapping.value.clone(),
                });
            }
        }
        let held = step.fields.as_deref().unwrap_or_default();
        for (field, mapping) in &wanted.fields {
            let Some(live) = target_of("field", name, held, field)? else {
                continue;
            };
            if !same(live, &mapping.value) {
                let path = format!("mappings.{name}.{field}");
                fields.push(text_change(
                    path,
                    before(live),
                    mapping,
                    said(&mapping.value),
                ));
                mapped.push(OperationKind::SetField {
                    cycle: target(),
                    step: name.clone(),
                    field: field.clone(),
                    ids: Some((step.id.clone(), live.id)),
                    mapping: mapping.value.clone(),
                });
            }
        }
    }
    parameters.extend(mapped);
    Ok((parameters, fields))
}

/// The step of a name. That there is none has been told before.
fn step<'a>(cycle: &'a LiveCycle, name: &str) -> Result<Option<&'a LiveStep>, String> {
    let steps = cycle.steps.as_deref().unwrap_or_default();
    let found: Vec<&LiveStep> = steps.iter().filter(|step| step.name == name).collect();
    match found.as_slice() {
        [only] => Ok(Some(only)),
        [] => Ok(None),
        _ => Err(format!(
            "it has several steps named {name:?}, which cannot be told apart"
        )),
    }
}

/// The parameter or field of a name. That there is none has been told before.
fn target_of<'a>(
    kind: &str,
    step: &str,
    held: &'a [LiveMapping],
    name: &str,
) -> Result<Option<&'a LiveMapping>, String> {
    let found: Vec<&LiveMapping> = held.iter().filter(|live| live.name == name).collect();
    match found.as_slice() {
        [only] => Ok(Some(only)),
        [] => Ok(None),
        _ => Err(format!("step {step:?} has several {kind}s named {name:?}")),
    }
}
