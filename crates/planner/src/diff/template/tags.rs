//! Our tags on a cycle.

use crate::diff::Pass;
use crate::moves::Moves;
use gangplank_model::mark::{MOVED_TAG, RUN_TAG, TAG, entry_tag, moved_from};
use gangplank_model::{LiveCycle, Run, Schedule, TemplateSpec};

/// Our tags that a cycle of this entry has to have.
pub(super) fn marks(moves: &Moves, spec: &TemplateSpec, cycle: Option<&LiveCycle>) -> Vec<String> {
    let mut marks = vec![entry_tag(&spec.name)];
    // After names were exchanged, nothing else would tell that it is done.
    if moves.circle(&spec.name).is_some() {
        let was = |name: &&str| spec.moved.iter().any(|from| from.value == **name);
        let known = cycle.and_then(|cycle| moved_from(&cycle.tags)).filter(was);
        let from = known.or(moves.renamed(&spec.name).filter(was));
        let first = spec.moved.first().map(|from| from.value.as_str());
        let from = from.or(first).unwrap_or_default();
        marks.push(format!("{MOVED_TAG}{from}"));
    }
    match spec.run.as_ref().map(|run| &run.value) {
        Some(Run::Active(schedule)) => marks.push(schedule.tag()),
        Some(Run::Paused) => {}
        None => {
            let held = cycle.map(|cycle| cycle.tags.as_slice()).unwrap_or_default();
            marks.extend(held.iter().filter(|tag| tag.starts_with(RUN_TAG)).cloned());
        }
    }
    marks
}

/// Our tags for a call that names a cycle; none when marks are off.
pub(super) fn marks_if_kept(
    pass: &Pass<'_>,
    moves: &Moves,
    spec: &TemplateSpec,
    cycle: Option<&LiveCycle>,
) -> Vec<String> {
    if pass.context.marks {
        marks(moves, spec, cycle)
    } else {
        Vec::new()
    }
}

/// All tags that the cycle should have; `None` when marks are off.
pub(super) fn tags(
    pass: &Pass<'_>,
    moves: &Moves,
    spec: &TemplateSpec,
    cycle: &LiveCycle,
) -> Option<Vec<String>> {
    if !pass.context.marks {
        return None;
    }
    let wanted = marks(moves, spec, Some(cycle));
    // What is remembered of names that are exchanged no more goes along with the next change.
    let in_circle = moves.circle(&spec.name).is_some();
    let ours: Vec<&String> = cycle
        .tags
        .iter()
        .filter(|tag| tag.starts_with(TAG) && (in_circle || !tag.starts_with(MOVED_TAG)))
        .collect();
    // The order of tags means nothing.
    if ours.len() == wanted.len() && wanted.iter().all(|tag| ours.contains(&tag)) {
        return Some(cycle.tags.clone());
    }
    let foreign = cycle
        .tags
        .iter()
        .filter(|tag| !tag.starts_with(TAG))
        .cloned();
    Some(foreign.chain(wanted).collect())
}

/// The schedule that the tags remember.
pub(super) fn remembered(cycle: &LiveCycle) -> Option<Schedule> {
    cycle.tags.iter().find_map(|tag| Schedule::from_tag(tag))
}
