//! A cycle that exists.

use super::decision::{Scene, TemplateDecision, blank, blocked};
use super::moved::moved;
use super::needs::{not_activated, wrong_binding};
use super::run::{Running, restart, running};
use super::tags::{marks, tags};
use crate::diff::{Pass, mapping};
use crate::inside::{self, Unknown};
use gangplank_model::code;
use gangplank_model::{
    Action, Change, CycleStatus, CycleTarget, FieldChange, LiveCycle, OperationKind, Reason, Run,
    Shown, TemplateShape, TemplateSpec,
};

/// The calls that change a cycle, and what the plan says of them.
struct Found {
    writes: Vec<OperationKind>,
    fields: Vec<FieldChange>,
    /// Whether the first call names or marks it.
    names_it: bool,
}

impl Found {
    /// Whether nothing that anybody declared differs.
    fn only_mark(&self) -> bool {
        self.fields.is_empty() && self.writes.len() == usize::from(self.names_it)
    }
}

/// Brings name, mark, variables, mappings and run state to tally; a running cycle is stopped for a
/// change and started again.
pub(super) fn existing(
    pass: &mut Pass<'_>,
    scene: Scene<'_>,
    spec: &TemplateSpec,
    cycle: &LiveCycle,
    unmarked: bool,
) -> TemplateDecision {
    if let CycleStatus::Other(word) = &cycle.status {
        let why = format!("the cycle's status is {word:?}, which is not known; see the Console");
        return blocked(scene, spec, why);
    }
    if let Some(why) = wrong_binding(scene, cycle) {
        return blocked(scene, spec, why);
    }
    if let Some(why) = unknown_names(pass, spec, cycle) {
        return blocked(scene, spec, why);
    }
    let (mut writes, mut fields) = mapping::variables(cycle, spec);
    match mapping::mappings(cycle, spec) {
        Ok((more, changes)) => {
            writes.extend(more);
            fields.extend(changes);
        }
        Err(why) => return blocked(scene, spec, why),
    }
    let mut found = Found {
        writes,
        fields,
        names_it: false,
    };
    let run = running(pass, scene, spec, cycle);
    let why = moved(scene, spec);
    name_and_mark(pass, scene, (spec, cycle), &run, &mut found);
    found.fields.extend(run.field.clone());
    let only_mark = found.only_mark();
    let adopted = unmarked && found.names_it && only_mark;
    let (operations, interrupts) = match ordered(spec, cycle, &run, found.writes) {
        Ok(ordered) => ordered,
        Err(why) => return blocked(scene, spec, why),
    };
    let waits = run.waiting.iter().map(|why| not_activated(why));
    let action = match (operations.is_empty(), adopted) {
        (true, _) if run.waiting.is_empty() => {
            return TemplateDecision {
                change: None,
                operations,
            };
        }
        (true, _) => Action::Wait,
        (false, _) if !why.is_empty() => Action::Move,
        (false, true) => Action::Adopt,
        (false, false) => Action::Update,
    };
    let is_moved = action == Action::Move;
    let mut reasons = why;
    if action == Action::Adopt {
        reasons.push(Reason::Unmarked);
    } else if !is_moved && !only_mark && run.reason.is_none() {
        reasons.push(Reason::Differs);
    }
    reasons.extend(interrupts.then_some(Reason::Interrupts));
    reasons.extend(run.reason.clone());
    reasons.extend(waits);
    if reasons.is_empty() {
        reasons.push(Reason::Differs);
    }
    let change = Change {
        reasons,
        fields: found.fields,
        ..blank(scene, spec, action)
    };
    TemplateDecision {
        change: Some(change),
        operations,
    }
}

/// Tells of names that the cycle does not have. A variable would be made anew by the call that sets it,
/// and nothing would ever read it.
fn unknown_names(pass: &mut Pass<'_>, spec: &TemplateSpec, cycle: &LiveCycle) -> Option<String> {
    if !inside::names_any(spec) {
        return None;
    }
    let subject = format!("cycle {:?}", cycle.name);
    let unknown = inside::unknown(spec, &subject, &TemplateShape::of(cycle));
    let why: Vec<String> = unknown.iter().map(Unknown::plainly).collect();
    for name in unknown {
        pass.problems.push(name.warning(code::UNKNOWN_IN_CYCLE));
    }
    (!why.is_empty()).then(|| why.join("; "))
}

/// Puts the call that names and marks the cycle before the others. A running cycle is not stopped
/// for its mark alone; the mark goes along with the next change that stops it.
fn name_and_mark(
    pass: &Pass<'_>,
    scene: Scene<'_>,
    (spec, cycle): (&TemplateSpec, &LiveCycle),
    run: &Running,
    found: &mut Found,
) {
    let renamed = cycle.name != spec.name;
    let from = scene.ground.templates.renamed(&spec.name);
    // Where it was moved, that says so already.
    if renamed && from != Some(&*cycle.name) {
        found.fields.push(FieldChange {
            field: "name".into(),
            before: Shown::Text(cycle.name.clone()),
            after: Shown::Text(spec.name.clone()),
            origin: Some(spec.origin.clone()),
        });
    }
    let moves = &scene.ground.templates;
    let tags = tags(pass, moves, spec, cycle).filter(|tags| *tags != cycle.tags);
    let touched = !found.writes.is_empty() || renamed || run.stop || from.is_some();
    let may_mark = cycle.status != CycleStatus::Active || touched;
    found.names_it = renamed || (tags.is_some() && may_mark);
    if found.names_it {
        let call = OperationKind::UpdateCycle {
            cycle: CycleTarget::Existing(cycle.id.clone()),
            name: renamed.then(|| spec.name.clone()),
            // Its tags stay as they are where they are right.
            marks: if tags.is_some() {
                marks(moves, spec, Some(cycle))
            } else {
                Vec::new()
            },
            tags,
        };
        found.writes.insert(0, call);
    }
}

/// The calls in order, and whether they interrupt a running cycle. `Err` says why it may not be
/// touched.
fn ordered(
    spec: &TemplateSpec,
    cycle: &LiveCycle,
    run: &Running,
    mut writes: Vec<OperationKind>,
) -> Result<(Vec<OperationKind>, bool), String> {
    let mut operations = Vec::new();
    let mut start = run.start.clone();
    let paused = spec
        .run
        .as_ref()
        .is_some_and(|run| run.value == Run::Paused);
    let stops = cycle.status == CycleStatus::Active && (run.stop || !writes.is_empty());
    if stops {
        if !paused && start.is_none() {
            // Cut off between stop and start, the next run must know that it has to run.
            let why = "it runs, and has to be stopped for a change; declare `run:`, so that it is \
                       certain to be started again";
            start = Some(restart(spec).ok_or_else(|| why.to_owned())?);
        }
        operations.push(OperationKind::Deactivate {
            id: cycle.id.clone(),
        });
    }
    operations.append(&mut writes);
    if let Some(schedule) = start {
        let cycle = CycleTarget::Existing(cycle.id.clone());
        operations.push(OperationKind::Activate { cycle, schedule });
    }
    Ok((operations, stops && !paused))
}
