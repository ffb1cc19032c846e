//! Whether and how a cycle runs.

use super::decision::Scene;
use super::needs;
use super::tags::remembered;
use crate::diff::{Pass, text_change};
use gangplank_model::mark::entry_of;
use gangplank_model::{
    CycleStatus, FieldChange, LiveCycle, Reason, Run, Schedule, Shown, Sourced, TemplateSpec,
};

/// How a run reads in a plan.
pub(super) fn run_said(run: &Run) -> String {
    match run {
        Run::Paused => "paused".to_owned(),
        Run::Active(schedule) => schedule_said(schedule),
    }
}

fn schedule_said(schedule: &Schedule) -> String {
    match schedule {
        Schedule::Once => "once".to_owned(),
        Schedule::Every { minutes, start } => {
            let every = match minutes {
                minutes if minutes % 1440 == 0 => format!("every {}d", minutes / 1440),
                minutes if minutes % 60 == 0 => format!("every {}h", minutes / 60),
                minutes => format!("every {minutes}m"),
            };
            start
                .as_ref()
                .map_or(every.clone(), |start| format!("{every} from {start}"))
        }
    }
}

/// What is to become of the run state.
#[derive(Debug, Default)]
pub(super) struct Running {
    /// A running cycle has to stop for it.
    pub(super) stop: bool,
    /// It is to be started, so.
    pub(super) start: Option<Schedule>,
    pub(super) reason: Option<Reason>,
    pub(super) field: Option<FieldChange>,
    /// Whom the start waits for.
    pub(super) waiting: Vec<String>,
}

/// The schedule with which a running cycle is started again after a change.
pub(super) fn restart(spec: &TemplateSpec) -> Option<Schedule> {
    match spec.run.as_ref().map(|run| &run.value) {
        Some(Run::Active(schedule)) => Some(schedule.clone()),
        Some(Run::Paused) | None => None,
    }
}

/// Whether it has been an entry's already.
fn is_marked(cycle: &LiveCycle) -> bool {
    entry_of(&cycle.tags).is_some()
}

/// How a cycle that does not run is to run once it is started: as it was remembered, and from now on.
fn planned(held: Option<&Schedule>, run: &Sourced<Run>) -> FieldChange {
    let held = held.map_or("paused".to_owned(), schedule_said);
    text_change("run", Shown::Text(held), run, run_said(&run.value))
}

/// What is to become of the run state of a cycle that exists.
pub(super) fn running(
    pass: &mut Pass<'_>,
    scene: Scene<'_>,
    spec: &TemplateSpec,
    cycle: &LiveCycle,
) -> Running {
    let mut running = Running::default();
    let Some(run) = &spec.run else { return running };
    let active = cycle.status == CycleStatus::Active;
    // Without marks a tag from former times would never be brought up to date.
    let marks = pass.context.marks;
    let remembered = remembered(cycle).filter(|_| marks);
    let before = match (&remembered, active) {
        (_, false) => Shown::Text("paused".into()),
        (Some(schedule), true) => Shown::Text(schedule_said(schedule)),
        (None, true) => Shown::Unknown,
    };
    let field = Some(text_change("run", before, run, run_said(&run.value)));
    match &run.value {
        Run::Paused if active => {
            running.stop = true;
            running.reason = Some(Reason::Running);
            running.field = field;
        }
        Run::Paused => {
            let was_to_run = |_: &Schedule| is_marked(cycle);
            if let Some(held) = remembered.filter(was_to_run) {
                running.field = Some(planned(Some(&held), run));
            }
        }
        Run::Active(schedule) if active => match &remembered {
            Some(held) if held == schedule => {}
            Some(_) => {
                running.stop = true;
                running.start = Some(schedule.clone());
                running.field = field;
            }
            None => pass.unknown_schedules += 1,
        },
        // It ran its one time, and paused itself. Without marks, that it ever ran has to do.
        Run::Active(Schedule::Once)
            if cycle.has_run && (!marks || remembered == Some(Schedule::Once)) => {}
        Run::Active(schedule) => {
            running.waiting = needs::of_cycle(scene, cycle);
            if running.waiting.is_empty() {
                running.start = Some(schedule.clone());
                running.reason = Some(Reason::NotRunning);
                running.field = field;
            } else if marks && is_marked(cycle) && remembered.as_ref() != Some(schedule) {
                running.field = Some(planned(remembered.as_ref(), run));
            }
        }
    }
    running
}
