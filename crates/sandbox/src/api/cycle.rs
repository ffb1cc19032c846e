//! `/cycles` (cyclr-api.md 2.8).

use axum::http::StatusCode;

use crate::body::{CycleChange, NewCycle};
use crate::call::Call;
use crate::date;
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::openapi::{Need, ORDERED, Operation, PAGED, Parameter, When};
use crate::page::{Order, page};
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::Switch;
use crate::view::CycleView;
use crate::world::{Cycle, CycleStatus};

const ID: Parameter = Parameter::guid("id", "The cycle's id.");
const FILTER: &[Parameter] = &[
    Parameter::text("tag", "A tag, in this very case."),
    Parameter::text("connectorName", "The name of a connector that is used."),
    Parameter::text(
        "connectorVersion",
        "The version of a connector that is used.",
    ),
    Parameter::switch("includeIcons", "Whether icons of connectors are shown."),
];
const ICONS: &[Parameter] = &[Parameter::switch(
    "includeIcons",
    "Whether icons of connectors are shown.",
)];
const EXAMPLE: &str =
    r#"{"Name": "Contacts to news", "Tags": ["news"], "StepErrorAction": "Retry"}"#;

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /cycles",
        "listCycles",
        "Lists the cycles of an account.",
        "2.8",
    )
    .says("Deleted ones are still listed, as `DeleteScheduled`.")
    .query(&[PAGED, ORDERED, FILTER])
    .lists::<CycleView<'_>>("A page of cycles."),
    Operation::new(
        "POST /cycles",
        "createCycle",
        "Creates a cycle without steps.",
        "2.8",
    )
    .reads::<NewCycle>(Need::Required, EXAMPLE)
    .answers::<CycleView<'_>>("The cycle.")
    .status(201),
    Operation::new(
        "GET /cycles/upgradeable",
        "listUpgradeableCycles",
        "Lists the cycles whose template has a newer release.",
        "2.8",
    )
    .query(&[PAGED, ORDERED, ICONS])
    .lists::<CycleView<'_>>("A page of cycles."),
    Operation::new("GET /cycles/{id}", "getCycle", "Shows a cycle.", "2.8")
        .path(&[ID])
        .answers::<CycleView<'_>>("The cycle."),
    Operation::new(
        "PUT /cycles/{id}",
        "updateCycle",
        "Changes a paused cycle.",
        "2.8",
    )
    .says("What is left out stays as it is.")
    .path(&[ID])
    .reads::<CycleChange>(Need::Optional, EXAMPLE)
    .answers::<CycleView<'_>>("The cycle as it is now.")
    .refuses(&[(409, "The cycle runs.")]),
    Operation::new(
        "DELETE /cycles/{id}",
        "deleteCycle",
        "Deletes a cycle.",
        "2.8",
    )
    .path(&[ID])
    .answers::<CycleView<'_>>("The cycle, `DeleteScheduled`.")
    .switched(&[When::refuses(Switch::U12, "409", 409, "The cycle runs.")]),
];

/// `StepErrorAction` as seen (cyclr-api.md 2.8), and what the console offers besides.
pub(crate) const STEP_ERROR_ACTIONS: &[&str] = &[
    "Ignore",
    "Retry",
    "Stop",
    "StopIntegration",
    "StopCycle",
    "StopTransaction",
];
/// `CollectionSplitType` as seen, and what the console offers besides.
pub(crate) const SPLIT_TYPES: &[&str] = &["None", "All", "First", "FirstStep"];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let tag = call.query.get("tag");
    let name = call.query.get("connectorName");
    let version = call.query.get("connectorVersion");
    let fits = |cycle: &&Cycle| {
        tag.is_none_or(|tag| cycle.tags.iter().flatten().any(|one| one == tag))
            && (name.is_none() && version.is_none()
                || cycle.connectors.iter().any(|one| {
                    name.is_none_or(|name| one.name.eq_ignore_ascii_case(name))
                        && version.is_none_or(|version| one.version.as_deref() == Some(version))
                }))
    };
    let instance = &*call.instance;
    let account = call.account()?;
    let mut rows: Vec<&Cycle> = account.cycles.iter().filter(fits).collect();
    sort(&mut rows, Order::of(&call.query));
    let icons = call.query.boolean("includeIcons").unwrap_or(false);
    let render = |one| CycleView::new(instance, account, one, icons);
    Ok(page(&call.query, &instance.variants, rows, render))
}

/// Cycles of templates that have a newer release (cyclr-api.md 2.8).
pub(crate) fn upgradeable(call: &mut Call<'_>) -> Outcome {
    let instance = &*call.instance;
    let account = call.account()?;
    let is_old = |cycle: &&Cycle| {
        let template = cycle.template_id.as_deref();
        let template = template.and_then(|id| instance.library.template(id));
        cycle.status != CycleStatus::DeleteScheduled
            && template.is_some_and(|template| {
                let of = cycle.template_release;
                of.is_some_and(|release| release < template.release)
            })
    };
    let mut rows: Vec<&Cycle> = account.cycles.iter().filter(is_old).collect();
    sort(&mut rows, Order::of(&call.query));
    let icons = call.query.boolean("includeIcons").unwrap_or(false);
    let render = |one| CycleView::new(instance, account, one, icons);
    Ok(page(&call.query, &instance.variants, rows, render))
}

fn sort(rows: &mut [&Cycle], order: Order) {
    match order {
        Order::Id => rows.sort_by(|one, other| one.id.cmp(&other.id)),
        Order::Name => {
            rows.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        }
    }
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    let id = call.guid(0)?;
    let account = call.account()?;
    let cycle = account.cycle(id).ok_or_else(|| Refusal::missing("Cycle"))?;
    Ok(Reply::json(&CycleView::new(
        call.instance,
        account,
        cycle,
        true,
    )))
}

/// The cycle of the path, unless it is about to be deleted.
pub(crate) fn find<'c>(call: &'c Call<'_>) -> Result<&'c Cycle, Refusal> {
    let found = call.account()?.cycle(call.guid(0)?);
    let live = found.filter(|cycle| cycle.status != CycleStatus::DeleteScheduled);
    live.ok_or_else(|| Refusal::missing("Cycle"))
}

/// The cycle of the path, to be written: 409 while it runs (cyclr-api.md 1.5).
pub(crate) fn find_paused<'c>(call: &'c Call<'_>) -> Result<&'c Cycle, Refusal> {
    let cycle = find(call)?;
    if cycle.status == CycleStatus::Active {
        Err(Refusal::running())
    } else {
        Ok(cycle)
    }
}

/// Puts a changed cycle back, without a note of it.
pub(crate) fn put_back(call: &mut Call<'_>, changed: Cycle) -> Result<(), Refusal> {
    let mut cycles = call.account_mut()?.cycles.iter_mut();
    let place = cycles.find(|one| one.id == changed.id);
    *place.ok_or_else(|| Refusal::missing("Cycle"))? = changed;
    Ok(())
}

/// Puts a changed cycle back, notes it, and shows it.
pub(crate) fn replace(call: &mut Call<'_>, changed: Cycle) -> Outcome {
    let (id, name) = (changed.id.clone(), changed.name.clone());
    put_back(call, changed)?;
    call.record(Action::Updated, "cycle", &name, &id);
    let account = call.account()?;
    let cycle = account
        .cycle(&id)
        .ok_or_else(|| Refusal::missing("Cycle"))?;
    Ok(Reply::json(&CycleView::new(
        call.instance,
        account,
        cycle,
        true,
    )))
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    let input = Input::parse_or_empty(call.body)?;
    let mut cycle = Cycle {
        created_on_utc: date::round_trip(call.now),
        tags: Some(Vec::new()),
        edges: Some(Vec::new()),
        ..Cycle::default()
    };
    apply(&mut cycle, &input)?;
    if cycle.name.is_empty() {
        return Err(Refusal::bad_request("Name is required"));
    }
    cycle.id = call.instance.next_guid("cycle");
    let (id, name) = (cycle.id.clone(), cycle.name.clone());
    call.account_mut()?.cycles.push(cycle);
    call.record(Action::Created, "cycle", &name, &id);
    let account = call.account()?;
    let cycle = account
        .cycle(&id)
        .ok_or_else(|| Refusal::missing("Cycle"))?;
    let view = CycleView::new(call.instance, account, cycle, true);
    // The one create that answers 201 (cyclr-api.md 1.4).
    Ok(Reply::with_status(StatusCode::CREATED, &view))
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    let mut changed = find_paused(call)?.clone();
    let input = Input::parse_or_empty(call.body)?;
    apply(&mut changed, &input)?;
    if changed.name.is_empty() {
        return Err(Refusal::bad_request("Name is required"));
    }
    replace(call, changed)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    let mut changed = find(call)?.clone();
    if changed.status == CycleStatus::Active {
        match call.instance.variants.position(Switch::U12) {
            "409" => return Err(Refusal::running()),
            "400" => return Err(Refusal::bad_request("Cycle is running.")),
            _ => {}
        }
    }
    changed.stop();
    changed.status = CycleStatus::DeleteScheduled;
    let reply = replace(call, changed)?;
    if let Some(draft) = call.commits.last_mut() {
        draft.action = Action::Deleted;
    }
    Ok(reply)
}

/// Merges a body into a cycle.
fn apply(cycle: &mut Cycle, input: &Input) -> Result<(), Refusal> {
    input.text("Name")?.merge_value(&mut cycle.name);
    input
        .text("Description")?
        .merge_into(&mut cycle.description);
    input
        .boolean("Shareable")?
        .merge_value(&mut cycle.shareable);
    input
        .boolean("LogStepDataRequests")?
        .merge_value(&mut cycle.log_step_data_requests);
    choice(input, "StepErrorAction", STEP_ERROR_ACTIONS)?.merge_into(&mut cycle.step_error_action);
    choice(input, "CollectionSplitType", SPLIT_TYPES)?.merge_into(&mut cycle.collection_split_type);
    if let Given::Value(tags) = input.texts("Tags")? {
        cycle.tags = Some(tags);
    }
    if let Ok(hours) = input.integer("StepDataSuccessRetentionHours") {
        hours.merge_into(&mut cycle.step_data_success_retention_hours);
    }
    if let Ok(hours) = input.integer("StepDataErroredRetentionHours") {
        hours.merge_into(&mut cycle.step_data_errored_retention_hours);
    }
    Ok(())
}

/// An enum by name, or by number in the order of the names; anything else is a 400.
pub(super) fn choice(input: &Input, name: &str, names: &[&str]) -> Result<Given<String>, Refusal> {
    let Given::Value(text) = input.text(name)? else {
        return Ok(Given::Omitted);
    };
    let by_number = text.parse().ok().and_then(|index: usize| names.get(index));
    let by_name = || names.iter().find(|one| one.eq_ignore_ascii_case(&text));
    let found = by_number.or_else(by_name);
    let refusal = || Refusal::invalid(name, format!("The value '{text}' is not valid."));
    found
        .map(|one| Given::Value((*one).to_owned()))
        .ok_or_else(refusal)
}
