//! A cycle whose entry bore another name.

use super::decision::{Scene, TemplateDecision, blocked};
use crate::moves::{Standing, Taking, names_of, template_names};
use gangplank_model::mark::{TAG, entry_tag};
use gangplank_model::moves::temporary;
use gangplank_model::{CycleTarget, LiveCycle, OperationKind, Reason, TemplateSpec};

/// That the entry was moved, and from where.
pub(super) fn moved(scene: Scene<'_>, spec: &TemplateSpec) -> Vec<Reason> {
    match scene.ground.templates.standing(&spec.name) {
        Some(Standing::Renamed { from, cut_off }) => {
            let cut_off = cut_off.then_some(Reason::CutOff);
            [Reason::Moved(from.clone())]
                .into_iter()
                .chain(cut_off)
                .collect()
        }
        Some(Standing::Blocked(_)) | None => Vec::new(),
    }
}

/// Takes a cycle out of the way of those with which it exchanges names.
pub(crate) fn aside(cycle: &LiveCycle, entry: &str) -> OperationKind {
    let name = temporary(entry);
    let mark = entry_tag(&name);
    let is_entry = |tag: &&String| {
        let old = crate::moves::key(cycle);
        tag.strip_prefix(TAG) == Some(old)
    };
    let kept = cycle.tags.iter().filter(|tag| !is_entry(tag));
    let tags: Vec<String> = kept.cloned().chain([mark]).collect();
    let ours = tags.iter().filter(|tag| tag.starts_with(TAG));
    OperationKind::UpdateCycle {
        cycle: CycleTarget::Existing(cycle.id.clone()),
        name: Some(name),
        marks: ours.cloned().collect(),
        tags: Some(tags),
    }
}

/// Whoever waits for another one's name is held up by one that is blocked.
pub(crate) fn hold_up(scene: Scene<'_>, decisions: &mut [(&TemplateSpec, TemplateDecision)]) {
    let moves = &scene.ground.templates;
    let entries = template_names(scene.account);
    loop {
        let all = decisions.iter().map(|(spec, decision)| Taking {
            names: names_of(&entries, &spec.name),
            takes_name: decision.takes_name(),
            is_blocked: decision.is_blocked(),
        });
        let Some((index, why)) = moves.stuck(&all.collect::<Vec<_>>()) else {
            return;
        };
        let (spec, decision) = &mut decisions[index];
        *decision = blocked(scene, spec, why);
    }
}
