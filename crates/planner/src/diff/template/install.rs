//! A template that is not installed.

use super::decision::{Scene, TemplateDecision, blank, blocked};
use super::needs::{self, not_activated};
use super::run::run_said;
use super::tags::marks_if_kept;
use crate::diff::mapping::said;
use crate::diff::{Pass, text_change};
use crate::inside;
use crate::pair::default_name;
use gangplank_model::code;
use gangplank_model::{
    Action, Change, CycleTarget, FieldChange, LibraryTemplate, LiveCycle, OperationKind, Reason,
    Run, Shown, TemplateSpec, WantedBinding,
};

/// Installs it, names and marks it while it is paused, fills it in and activates it.
pub(super) fn install(
    pass: &mut Pass<'_>,
    scene: Scene<'_>,
    spec: &TemplateSpec,
    template: &LibraryTemplate,
) -> TemplateDecision {
    let needs = needs::of_template(pass, scene, template);
    if let Some(name) = needs.in_the_way.first() {
        let why = format!("needs connector {name:?}, which is blocked");
        return blocked(scene, spec, why);
    }
    // Another customer's cycle may be of an earlier release: it makes one wonder, and proves nothing.
    if let Some(shape) = pass.shapes.get(&template.id.to_lowercase()) {
        let subject = format!("template {:?}", template.name);
        for name in inside::unknown(spec, &subject, shape) {
            pass.problems.push(name.warning(code::UNCONFIRMED_NAME));
        }
    }
    let mut operations = vec![OperationKind::InstallTemplate {
        template_id: template.id.clone(),
        known_cycles: known_cycles(scene, template),
        bindings: bindings(scene, template),
    }];
    // The name always goes along with a mark. The vendor may put a number behind one that is taken
    // (cyclr-api.md 4, U21): without a mark the cycle would then not be found again.
    let taken = || cycles(scene).any(|cycle| default_name(&cycle.name, &template.name));
    if pass.context.marks || spec.name != template.name || taken() {
        operations.push(OperationKind::UpdateCycle {
            cycle: CycleTarget::Installed,
            name: Some(spec.name.clone()),
            marks: marks_if_kept(pass, &scene.ground.templates, spec, None),
            tags: None,
        });
    }
    fill_in(spec, &mut operations);
    let mut reasons = vec![Reason::Missing];
    if let Some(Run::Active(schedule)) = spec.run.as_ref().map(|run| &run.value) {
        if needs.waiting.is_empty() {
            operations.push(OperationKind::Activate {
                cycle: CycleTarget::Installed,
                schedule: schedule.clone(),
            });
        }
        reasons.extend(needs.waiting.iter().map(|why| not_activated(why)));
    }
    let change = Change {
        reasons,
        fields: declared(spec),
        ..blank(scene, spec, Action::Create)
    };
    TemplateDecision {
        change: Some(change),
        operations,
    }
}

/// The cycles of this template that are there before: the new one is none of these.
fn known_cycles(scene: Scene<'_>, template: &LibraryTemplate) -> Vec<String> {
    let same = |id: &str| id.eq_ignore_ascii_case(&template.id);
    let mut known: Vec<String> = cycles(scene)
        .filter(|cycle| cycle.template_id.as_deref().is_some_and(same))
        .map(|cycle| cycle.id.clone())
        .collect();
    known.sort_unstable();
    known
}

fn cycles(scene: Scene<'_>) -> impl Iterator<Item = &LiveCycle> {
    scene
        .live
        .into_iter()
        .flat_map(|live| live.cycles.iter().flatten())
}

/// Which declared connectors the new cycle may be bound to.
fn bindings(scene: Scene<'_>, template: &LibraryTemplate) -> Vec<WantedBinding> {
    let serving = |name: &str| -> Vec<String> {
        let serves = scene.connectors.iter().filter(|it| it.library_name == name);
        serves.map(|it| it.name.clone()).collect()
    };
    template
        .connectors
        .iter()
        .map(|needed| WantedBinding {
            connector: needed.name.clone(),
            allowed: serving(&needed.name),
        })
        .filter(|binding| !binding.allowed.is_empty())
        .collect()
}

/// Variables in one call, then a call for each parameter, then for each field mapping.
fn fill_in(spec: &TemplateSpec, operations: &mut Vec<OperationKind>) {
    if !spec.variables.is_empty() {
        operations.push(OperationKind::SetVariables {
            cycle: CycleTarget::Installed,
            values: spec
                .variables
                .iter()
                .map(|(name, value)| (name.clone(), value.value.clone()))
                .collect(),
        });
    }
    for (step, wanted) in &spec.steps {
        for (parameter, mapping) in &wanted.parameters {
            operations.push(OperationKind::SetParameter {
                cycle: CycleTarget::Installed,
                step: step.clone(),
                parameter: parameter.clone(),
                ids: None,
                mapping: mapping.value.clone(),
            });
        }
    }
    for (step, wanted) in &spec.steps {
        for (field, mapping) in &wanted.fields {
            operations.push(OperationKind::SetField {
                cycle: CycleTarget::Installed,
                step: step.clone(),
                field: field.clone(),
                ids: None,
                mapping: mapping.value.clone(),
            });
        }
    }
}

/// Everything that is declared of a new template.
fn declared(spec: &TemplateSpec) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    for (name, value) in &spec.variables {
        fields.push(text_change(
            format!("variables.{name}"),
            Shown::Absent,
            value,
            &*value.value,
        ));
    }
    for (step, wanted) in &spec.steps {
        for (name, mapping) in &wanted.parameters {
            let field = format!("parameters.{step}.{name}");
            fields.push(text_change(
                field,
                Shown::Absent,
                mapping,
                said(&mapping.value),
            ));
        }
    }
    for (step, wanted) in &spec.steps {
        for (name, mapping) in &wanted.fields {
            let field = format!("mappings.{step}.{name}");
            fields.push(text_change(
                field,
                Shown::Absent,
                mapping,
                said(&mapping.value),
            ));
        }
    }
    if let Some(run) = &spec.run {
        fields.push(text_change("run", Shown::Absent, run, run_said(&run.value)));
    }
    fields
}
