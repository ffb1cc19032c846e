//! Installed templates: install, adopt, change, stop, restart, wait.

use super::connector::{Decision, State};
use super::mapping::{self, said};
use super::{Pass, text_change};
use crate::pair::{self, Pair};
use gangplank_model::mark::{RUN_TAG, TAG, entry_of, entry_tag};
use gangplank_model::{
    AccountSpec, Action, Address, AuthKind, Change, CycleStatus, CycleTarget, FieldChange,
    LibraryTemplate, LiveAccount, LiveCycle, OperationKind, Presence, Reason, Run, Schedule, Shown,
    TemplateSpec, WantedBinding,
};

/// What is to become of one declared template.
#[derive(Debug)]
pub(crate) struct TemplateDecision {
    pub(crate) change: Option<Change>,
    pub(crate) operations: Vec<OperationKind>,
}

/// The account's side of a decision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) account: &'a AccountSpec,
    pub(crate) live: Option<&'a LiveAccount>,
    pub(crate) connectors: &'a [Decision],
}

/// Decides on one template. `None` when something is wrong with it, which is told, or nothing is
/// to be said of it.
pub(crate) fn decide(
    pass: &mut Pass<'_>,
    scene: Scene<'_>,
    spec: &TemplateSpec,
) -> Option<TemplateDecision> {
    if spec.presence == Presence::Absent {
        return remove(pass, scene, spec);
    }
    let template = pass.library.template(spec, &mut pass.problems)?;
    let pair = match scene.live {
        Some(live) => pair::cycle(scene.account, live, spec, template),
        None => Pair::None,
    };
    let decision = match pair {
        Pair::None => install(pass, scene, spec, template),
        Pair::One(cycle) => existing(pass, scene, spec, cycle, false),
        Pair::Unmarked(cycle) => existing(pass, scene, spec, cycle, true),
        Pair::Ambiguous(why) => blocked(scene, spec, why),
    };
    Some(decision)
}

fn blank(scene: Scene<'_>, spec: &TemplateSpec, action: Action) -> Change {
    Change {
        address: Address::template(&scene.account.id, &spec.name),
        action,
        title: spec.template.value.to_string(),
        reasons: Vec::new(),
        fields: Vec::new(),
        origin: Some(spec.origin.clone()),
    }
}

fn blocked(scene: Scene<'_>, spec: &TemplateSpec, why: String) -> TemplateDecision {
    let reasons = vec![Reason::Blocked(why)];
    let change = Change {
        reasons,
        ..blank(scene, spec, Action::Block)
    };
    TemplateDecision {
        change: Some(change),
        operations: Vec::new(),
    }
}

fn remove(pass: &mut Pass<'_>, scene: Scene<'_>, spec: &TemplateSpec) -> Option<TemplateDecision> {
    let live = scene.live?;
    // One that is published no more can still be removed by its mark.
    let published = pass.context.marks && pair_by_mark(live, spec);
    let pair = if published {
        pair::cycle_by_mark(live, spec)
    } else {
        let template = pass.library.template(spec, &mut pass.problems)?;
        pair::cycle(scene.account, live, spec, template)
    };
    match pair {
        Pair::None => None,
        Pair::Ambiguous(why) => Some(blocked(scene, spec, why)),
        Pair::One(cycle) | Pair::Unmarked(cycle) => {
            let change = Change {
                reasons: vec![Reason::Absent],
                ..blank(scene, spec, Action::Remove)
            };
            Some(TemplateDecision {
                change: Some(change),
                operations: removal(cycle),
            })
        }
    }
}

fn pair_by_mark(live: &LiveAccount, spec: &TemplateSpec) -> bool {
    live.cycles
        .iter()
        .flatten()
        .any(|cycle| entry_of(&cycle.tags) == Some(spec.name.as_str()))
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

/// What a new cycle would wait for, and what is in its way.
fn needs(
    pass: &Pass<'_>,
    scene: Scene<'_>,
    template: &LibraryTemplate,
) -> (Vec<String>, Vec<String>) {
    let (mut waiting, mut in_the_way) = (Vec::new(), Vec::new());
    for needed in &template.connectors {
        let declared = || {
            scene
                .connectors
                .iter()
                .filter(|it| it.library_name == needed.name)
        };
        if declared().next().is_some() {
            for decision in declared() {
                match &decision.state {
                    State::Ready => {}
                    State::Waiting(why) => waiting.push(why.clone()),
                    State::Blocked(_) => in_the_way.push(decision.name.clone()),
                }
            }
            continue;
        }
        let held = scene
            .live
            .and_then(|live| live.connectors.as_deref())
            .unwrap_or_default();
        if held
            .iter()
            .any(|live| live.connector_name == needed.name && live.authenticated)
        {
            continue;
        }
        let release = pass.library.exact(&needed.name, needed.version.as_deref());
        let needs_none = release.is_some_and(|release| {
            release.is_system || release.methods.iter().all(|it| it.kind == AuthKind::None)
        });
        if !needs_none {
            waiting.push(format!(
                "{} is not declared for this account and is not authenticated",
                needed.name
            ));
        }
    }
    (waiting, in_the_way)
}

fn not_activated(why: &str) -> Reason {
    Reason::Waiting(format!("not activated yet: {why}"))
}

/// Our tags that a cycle of this entry has to have.
fn marks(spec: &TemplateSpec, cycle: Option<&LiveCycle>) -> Vec<String> {
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

fn run_said(run: &Run) -> String {
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

fn install(
    pass: &Pass<'_>,
    scene: Scene<'_>,
    spec: &TemplateSpec,
    template: &LibraryTemplate,
) -> TemplateDecision {
    let (waiting, in_the_way) = needs(pass, scene, template);
    if let Some(name) = in_the_way.first() {
        return blocked(
            scene,
            spec,
            format!("needs connector {name:?}, which is blocked"),
        );
    }
    let known_cycles = scene
        .live
        .and_then(|live| live.cycles.as_deref())
        .unwrap_or_default()
        .iter()
        .filter(|cycle| cycle.template_id.as_deref() == Some(template.id.as_str()))
        .map(|cycle| cycle.id.clone())
        .collect();
    let bindings = template
        .connectors
        .iter()
        .filter_map(|needed| {
            let serves = |it: &&Decision| it.library_name == needed.name;
            let allowed: Vec<String> = scene
                .connectors
                .iter()
                .filter(serves)
                .map(|it| it.name.clone())
                .collect();
            let connector = needed.name.clone();
            (!allowed.is_empty()).then_some(WantedBinding { connector, allowed })
        })
        .collect();
    let template_id = template.id.clone();
    let mut operations = vec![OperationKind::InstallTemplate {
        template_id,
        known_cycles,
        bindings,
    }];
    let renamed = spec.name != template.name;
    if pass.context.marks || renamed {
        // The name always goes along with a mark: the vendor may have put a number behind it
        // (cyclr-api.md 4, U21).
        operations.push(OperationKind::UpdateCycle {
            cycle: CycleTarget::Installed,
            name: Some(spec.name.clone()),
            marks: if pass.context.marks {
                marks(spec, None)
            } else {
                Vec::new()
            },
            tags: None,
        });
    }
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
    let mut reasons = vec![Reason::Missing];
    if let Some(Run::Active(schedule)) = spec.run.as_ref().map(|run| &run.value) {
        if waiting.is_empty() {
            operations.push(OperationKind::Activate {
                cycle: CycleTarget::Installed,
                schedule: schedule.clone(),
            });
        }
        reasons.extend(waiting.iter().map(|why| not_activated(why)));
    }
    let fields = declared(spec);
    let change = Change {
        reasons,
        fields,
        ..blank(scene, spec, Action::Create)
    };
    TemplateDecision {
        change: Some(change),
        operations,
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

/// The account connector that a cycle is bound to although another one is declared for it.
fn wrong_binding(scene: Scene<'_>, cycle: &LiveCycle) -> Option<String> {
    cycle.connectors.iter().find_map(|bound| {
        let id = bound.account_connector_id?;
        let mut declared = scene
            .connectors
            .iter()
            .filter(|it| it.library_name == bound.name)
            .peekable();
        declared.peek()?;
        let names: Vec<&str> = declared.clone().map(|it| it.name.as_str()).collect();
        declared.all(|it| it.live_id != Some(id)).then(|| {
            format!(
                "the cycle is bound to account connector {id} of {}, not to {:?}; choose that one \
                 in the Console, or remove the cycle with `state: absent` and install it anew",
                bound.name,
                names.join(" or ")
            )
        })
    })
}

/// What a cycle that exists waits for before it can run.
fn cycle_waits(scene: Scene<'_>, cycle: &LiveCycle) -> Vec<String> {
    let mut waiting = Vec::new();
    for bound in &cycle.connectors {
        let decision = bound
            .account_connector_id
            .and_then(|id| scene.connectors.iter().find(|it| it.live_id == Some(id)));
        match decision.map(|decision| &decision.state) {
            Some(State::Ready) => {}
            Some(State::Waiting(why) | State::Blocked(why)) => waiting.push(why.clone()),
            None if bound.authenticated || bound.account_connector_id.is_none() => {}
            None => waiting.push(format!("{} is not authenticated", bound.name)),
        }
    }
    waiting
}

/// What is to become of the run state.
struct Running {
    stop: bool,
    start: Option<Schedule>,
    reason: Option<Reason>,
    field: Option<FieldChange>,
    waiting: Vec<String>,
}

fn existing(
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
    let (mut writes, mut fields) = mapping::variables(cycle, spec);
    match mapping::mappings(pass, cycle, spec) {
        Ok((more, changes)) => {
            writes.extend(more);
            fields.extend(changes);
        }
        Err(why) => return blocked(scene, spec, why),
    }
    let run = running(pass, scene, spec, cycle);
    let active = cycle.status == CycleStatus::Active;
    let renamed = cycle.name != spec.name;
    if renamed {
        let before = Shown::Text(cycle.name.clone());
        fields.push(FieldChange {
            field: "name".into(),
            before,
            after: Shown::Text(spec.name.clone()),
            origin: Some(spec.origin.clone()),
        });
    }
    fields.extend(run.field.clone());
    let tags = tags(pass, spec, cycle);
    let retag = tags.as_ref().is_some_and(|tags| *tags != cycle.tags);
    // A running cycle is not stopped for its mark alone; the mark goes along with the next change.
    let touched = !writes.is_empty() || renamed || run.stop;
    let names_it = renamed || (retag && (!active || touched));
    if names_it {
        writes.insert(
            0,
            OperationKind::UpdateCycle {
                cycle: CycleTarget::Existing(cycle.id.clone()),
                name: renamed.then(|| spec.name.clone()),
                marks: if pass.context.marks {
                    marks(spec, Some(cycle))
                } else {
                    Vec::new()
                },
                tags: tags.filter(|_| retag),
            },
        );
    }
    let mut reasons = Vec::new();
    let mut operations = Vec::new();
    let mut start = run.start.clone();
    if active && (run.stop || !writes.is_empty()) {
        let paused = spec
            .run
            .as_ref()
            .is_some_and(|run| run.value == Run::Paused);
        if !paused && start.is_none() {
            match restart(spec, cycle) {
                Some(schedule) => start = Some(schedule),
                None => {
                    return blocked(
                        scene,
                        spec,
                        "it runs, and its schedule is not known, so it could not be restarted \
                         after the change; declare `run:`"
                            .to_owned(),
                    );
                }
            }
        }
        operations.push(OperationKind::Deactivate {
            id: cycle.id.clone(),
        });
        if !paused {
            reasons.push(Reason::Interrupts);
        }
    }
    let only_mark = writes.len() == usize::from(names_it) && fields.is_empty();
    operations.append(&mut writes);
    if let Some(schedule) = start {
        let cycle = CycleTarget::Existing(cycle.id.clone());
        operations.push(OperationKind::Activate { cycle, schedule });
    }
    let waits = !run.waiting.is_empty();
    reasons.extend(run.reason);
    if !only_mark && reasons.iter().all(|reason| *reason == Reason::Interrupts) {
        reasons.insert(0, Reason::Differs);
    }
    reasons.extend(run.waiting.iter().map(|why| not_activated(why)));
    let action = match (operations.is_empty(), unmarked && names_it && only_mark) {
        (true, _) if waits => Action::Wait,
        (true, _) => {
            return TemplateDecision {
                change: None,
                operations,
            };
        }
        (false, true) => {
            reasons.insert(0, Reason::Unmarked);
            Action::Adopt
        }
        (false, false) => Action::Update,
    };
    if reasons.is_empty() {
        reasons.push(Reason::Differs);
    }
    let change = Change {
        reasons,
        fields,
        ..blank(scene, spec, action)
    };
    TemplateDecision {
        change: Some(change),
        operations,
    }
}

/// All tags that the cycle should have; `None` when marks are off.
fn tags(pass: &Pass<'_>, spec: &TemplateSpec, cycle: &LiveCycle) -> Option<Vec<String>> {
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

/// The schedule with which a running cycle is started again.
fn restart(spec: &TemplateSpec, cycle: &LiveCycle) -> Option<Schedule> {
    match spec.run.as_ref().map(|run| &run.value) {
        Some(Run::Active(schedule)) => Some(schedule.clone()),
        Some(Run::Paused) | None => remembered(cycle),
    }
}

fn remembered(cycle: &LiveCycle) -> Option<Schedule> {
    cycle.tags.iter().find_map(|tag| Schedule::from_tag(tag))
}

fn running(
    pass: &mut Pass<'_>,
    scene: Scene<'_>,
    spec: &TemplateSpec,
    cycle: &LiveCycle,
) -> Running {
    let mut running = Running {
        stop: false,
        start: None,
        reason: None,
        field: None,
        waiting: Vec::new(),
    };
    let Some(run) = &spec.run else { return running };
    let active = cycle.status == CycleStatus::Active;
    let remembered = remembered(cycle);
    let before = match (&remembered, active) {
        (_, false) => Shown::Text("paused".into()),
        (Some(schedule), true) => Shown::Text(schedule_said(schedule)),
        (None, true) => Shown::Unknown,
    };
    let field = Some(text_change("run", before, run, run_said(&run.value)));
    match &run.value {
        Run::Paused => {
            if active {
                running.stop = true;
                running.reason = Some(Reason::Running);
                running.field = field;
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
        // It ran its one time, and paused itself.
        Run::Active(Schedule::Once) if remembered == Some(Schedule::Once) && cycle.has_run => {}
        Run::Active(schedule) => {
            running.waiting = cycle_waits(scene, cycle);
            if running.waiting.is_empty() {
                running.start = Some(schedule.clone());
                running.reason = Some(Reason::NotRunning);
                running.field = field;
            }
        }
    }
    running
}
