//! Our tags on a cycle.

use crate::diff::Pass;
use gangplank_model::mark::{RUN_TAG, TAG, entry_tag};
use gangplank_model::{LiveCycle, Run, Schedule, TemplateSpec};

/// Our tags that a cycle of this entry has to have.
pub(super) fn marks(spec: &TemplateSpec, cycle: Option<&LiveCycle>) -> Vec<String> {
    let mut marks = vec![entry_tag(&spec.name)];
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
    spec: &TemplateSpec,
    cycle: Option<&LiveCycle>,
) -> Vec<String> {
    if pass.context.marks {
        marks(spec, cycle)
    } else {
        Vec::new()
    }
}

/// All tags that the cycle should have; `None` when marks are off.
pub(super) fn tags(pass: &Pass<'_>, spec: &TemplateSpec, cycle: &LiveCycle) -> Option<Vec<String>> {
    if !pass.context.marks {
        return None;
    }
    let wanted = marks(spec, Some(cycle));
    let ours: Vec<&String> = cycle
        .tags
        .iter()
        .filter(|tag| tag.starts_with(TAG))
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
