//! Which way a declared template goes.

use super::decision::{Scene, TemplateDecision, blank, blocked};
use super::existing::existing;
use super::install::install;
use super::moved::moved;
use crate::diff::Pass;
use crate::moves::Standing;
use crate::pair::{self, Pair};
use gangplank_model::LibraryTemplate;
use gangplank_model::mark::entry_of;
use gangplank_model::{
    Action, Change, CycleStatus, LiveAccount, LiveCycle, OperationKind, Presence, Reason,
    TemplateSpec,
};

/// Decides on one template. `None` when something is wrong with it, which is told, or nothing is
/// to be said of it.
pub(crate) fn decide(
    pass: &mut Pass<'_>,
    scene: Scene<'_>,
    spec: &TemplateSpec,
) -> Option<TemplateDecision> {
    if let Some(Standing::Blocked(why)) = scene.ground.templates.standing(&spec.name) {
        return Some(blocked(scene, spec, why.clone()));
    }
    if spec.presence == Presence::Absent {
        return remove(pass, scene, spec);
    }
    let template = pass.library.template(spec, &mut pass.problems)?;
    let pair = match scene.live {
        Some(live) => pair::cycle(scene.account, live, spec, template),
        None => Pair::None,
    };
    let decision = match pair {
        Pair::None => beside(scene, template, install(pass, scene, spec, template)),
        Pair::One(cycle) => existing(pass, scene, spec, scene.ground.cycle(cycle), false),
        Pair::Unmarked(cycle) => existing(pass, scene, spec, scene.ground.cycle(cycle), true),
        Pair::Ambiguous(why) => blocked(scene, spec, why),
    };
    // Where nothing but what is declared may stay, they go.
    let live = scene
        .live
        .filter(|_| scene.account.exclusive_at().is_none());
    let spare = live.map(|live| pair::spare(scene.account, live, spec, template));
    Some(with_spare(
        scene,
        spec,
        decision,
        &spare.unwrap_or_default(),
    ))
}

/// Says which cycles of the template a new one will stand beside: one of them may do its work already.
fn beside(
    scene: Scene<'_>,
    template: &LibraryTemplate,
    mut decision: TemplateDecision,
) -> TemplateDecision {
    let strangers = scene
        .live
        .map(|live| pair::strangers(scene.account, live, template));
    for cycle in strangers.unwrap_or_default() {
        let state = match &cycle.status {
            CycleStatus::Active => "running",
            CycleStatus::Paused => "paused",
            CycleStatus::Other(word) => word,
        };
        if let Some(change) = &mut decision.change {
            change.reasons.push(Reason::Waiting(format!(
                "cycle {:?} of this template is {state} already, and nobody marked it; if it is this \
                 entry's, write `name: {:?}`",
                cycle.name, cycle.name
            )));
        }
    }
    decision
}

/// Says that there are more copies than entries; nobody but a person can tell what they are for.
fn with_spare(
    scene: Scene<'_>,
    spec: &TemplateSpec,
    mut decision: TemplateDecision,
    spare: &[&LiveCycle],
) -> TemplateDecision {
    for copy in spare {
        let why = format!(
            "another copy of this template, cycle {} ({:?}), is paused and never ran; remove it in \
             the Console, or declare an entry for it",
            copy.id, copy.name
        );
        let change = decision
            .change
            .get_or_insert_with(|| blank(scene, spec, Action::Wait));
        change.reasons.push(Reason::Waiting(why));
    }
    decision
}

fn remove(pass: &mut Pass<'_>, scene: Scene<'_>, spec: &TemplateSpec) -> Option<TemplateDecision> {
    let live = scene.live?;
    // One that is published no more can still be removed by its mark.
    let pair = if pass.context.marks && has(live, |cycle| is_marked(cycle, spec)) {
        pair::cycle_by_mark(live, spec)
    } else if !has(live, |cycle| {
        is_marked(cycle, spec) || is_named(cycle, spec)
    }) {
        // It is gone already; whether the template is still published does not matter.
        Pair::None
    } else {
        let template = pass.library.template(spec, &mut pass.problems)?;
        pair::cycle(scene.account, live, spec, template)
    };
    match pair {
        Pair::None => None,
        Pair::Ambiguous(why) => Some(blocked(scene, spec, why)),
        Pair::One(cycle) | Pair::Unmarked(cycle) => {
            let change = Change {
                reasons: std::iter::once(Reason::Absent)
                    .chain(moved(scene, spec))
                    .collect(),
                ..blank(scene, spec, Action::Remove)
            };
            Some(TemplateDecision {
                change: Some(change),
                operations: removal(cycle),
            })
        }
    }
}

fn has(live: &LiveAccount, fits: impl Fn(&LiveCycle) -> bool) -> bool {
    live.cycles.iter().flatten().any(fits)
}

fn is_marked(cycle: &LiveCycle, spec: &TemplateSpec) -> bool {
    entry_of(&cycle.tags) == Some(spec.name.as_str())
}

/// Whether it may be the entry's by its name, if its template is the right one.
fn is_named(cycle: &LiveCycle, spec: &TemplateSpec) -> bool {
    cycle.name == spec.name && entry_of(&cycle.tags).is_none()
}

/// The calls that remove a cycle: a running one is stopped first.
pub(crate) fn removal(cycle: &LiveCycle) -> Vec<OperationKind> {
    let mut operations = Vec::new();
    if cycle.status != CycleStatus::Paused {
        operations.push(OperationKind::Deactivate {
            id: cycle.id.clone(),
        });
    }
    operations.push(OperationKind::DeleteCycle {
        id: cycle.id.clone(),
    });
    operations
}
