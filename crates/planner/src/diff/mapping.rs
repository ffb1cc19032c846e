//! Variables, parameters and field mappings of a cycle that exists.

use super::{Pass, text_change};
use gangplank_model::code;
use gangplank_model::suggest::{listed, nearest};
use gangplank_model::{
    CycleTarget, Diagnostic, FieldChange, LiveCycle, LiveMapping, LiveStep, MappingSpec,
    OperationKind, Origin, Shown, Sourced, StepSpec, TemplateSpec,
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
pub(crate) fn mappings(pass: &mut Pass<'_>, cycle: &LiveCycle, spec: &TemplateSpec) -> Found {
    let (mut parameters, mut mapped) = (Vec::new(), Vec::new());
    let mut fields = Vec::new();
    let target = || CycleTarget::Existing(cycle.id.clone());
    // Steps of which nothing is declared are not read.
    let declared = |step: &StepSpec| !step.parameters.is_empty() || !step.fields.is_empty();
    for (name, wanted) in spec.steps.iter().filter(|(_, step)| declared(step)) {
        let Some(step) = step(pass, cycle, name, wanted)? else {
            continue;
        };
        let held = step.parameters.as_deref().unwrap_or_default();
        for (parameter, mapping) in &wanted.parameters {
            let Some(live) = target_of(pass, "parameter", name, held, parameter, mapping)? else {
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
            let Some(live) = target_of(pass, "field", name, held, field, mapping)? else {
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

fn first_origin(step: &StepSpec) -> Option<&Origin> {
    let all = step.parameters.values().chain(step.fields.values());
    all.map(|mapping| &mapping.origin).min()
}

fn step<'a>(
    pass: &mut Pass<'_>,
    cycle: &'a LiveCycle,
    name: &str,
    wanted: &StepSpec,
) -> Result<Option<&'a LiveStep>, String> {
    let steps = cycle.steps.as_deref().unwrap_or_default();
    let found: Vec<&LiveStep> = steps.iter().filter(|step| step.name == name).collect();
    match found.as_slice() {
        [only] => Ok(Some(only)),
        [] => {
            let names = || steps.iter().map(|step| &*step.name);
            let summary = format!("cycle {:?} has no step {name:?}", cycle.name);
            let mut problem = Diagnostic::error(code::UNKNOWN_STEP, summary)
                .detail(format!("Its steps are {}.", listed(names())));
            if let Some(origin) = first_origin(wanted) {
                problem = problem.at(origin, format!("of step {name:?}"));
            }
            if let Some(near) = nearest(name, names()) {
                problem = problem.hint(format!("did you mean {near:?}?"));
            }
            pass.problems.push(problem);
            Ok(None)
        }
        _ => Err(format!(
            "it has several steps named {name:?}, which cannot be told apart"
        )),
    }
}

fn target_of<'a>(
    pass: &mut Pass<'_>,
    kind: &str,
    step: &str,
    held: &'a [LiveMapping],
    name: &str,
    wanted: &Sourced<MappingSpec>,
) -> Result<Option<&'a LiveMapping>, String> {
    let found: Vec<&LiveMapping> = held.iter().filter(|live| live.name == name).collect();
    match found.as_slice() {
        [only] => Ok(Some(only)),
        [] => {
            let names = || held.iter().map(|live| &*live.name);
            let summary = format!("step {step:?} has no {kind} {name:?}");
            let mut problem = Diagnostic::error(code::UNKNOWN_MAPPING, summary)
                .at(&wanted.origin, "mapped here")
                .detail(format!("It has {}.", listed(names())));
            if let Some(near) = nearest(name, names()) {
                problem = problem.hint(format!("did you mean {near:?}?"));
            }
            pass.problems.push(problem);
            Ok(None)
        }
        _ => Err(format!("step {step:?} has several {kind}s named {name:?}")),
    }
}
