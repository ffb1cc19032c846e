//! `/cycles/{id}/activate` and `/deactivate` (cyclr-api.md 2.8).

use axum::http::StatusCode;

use super::{cycle, prerequisite};
use crate::body::Activation;
use crate::call::Call;
use crate::input::{Given, Input};
use crate::openapi::{Need, Operation, Parameter, When};
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::{Switch, Variants};
use crate::view::CycleView;
use crate::world::{Cycle, CycleStatus};

const ID: Parameter = Parameter::guid("id", "The cycle's id.");
const EMPTY: When = When::empty(Switch::ActivateBody, "empty");

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "PUT /cycles/{id}/activate",
        "activateCycle",
        "Starts a cycle.",
        "2.8",
    )
    .path(&[ID])
    .reads::<Activation>(Need::Optional, r#"{"Interval": 60}"#)
    .answers::<CycleView<'_>>("The cycle, `Active`.")
    .refuses(&[(
        400,
        "The interval is none of those allowed, or prerequisites are unmet (switch U6).",
    )])
    .switched(&[
        When::refuses(Switch::U6, "409", 409, "Prerequisites are unmet."),
        When::refuses(
            Switch::U6Interval,
            "409",
            409,
            "The interval is none of those.",
        ),
        When::refuses(Switch::U6Active, "409", 409, "The cycle runs already."),
        EMPTY,
    ]),
    Operation::new(
        "PUT /cycles/{id}/deactivate",
        "deactivateCycle",
        "Stops a cycle.",
        "2.8",
    )
    .says("A cycle that does not run is left as it is.")
    .path(&[ID])
    .query(&[&[Parameter::switch(
        "finishQueuedTransactions",
        "Whether what is queued is done first.",
    )]])
    .reads::<serde_json::Value>(Need::Optional, "{}")
    .answers::<CycleView<'_>>("The cycle.")
    .switched(&[EMPTY]),
];

/// Minutes that a schedule may have (cyclr-api.md 2.8).
const INTERVALS: &[i64] = &[1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440, 10080];

/// What a schedule without an interval gets; the vendor's is unknown (`DEFAULT_INTERVAL`).
fn default_interval(variants: &Variants) -> u32 {
    match variants.position(Switch::DefaultInterval) {
        "1440" => 1440,
        "1" => 1,
        _ => 60,
    }
}

/// How long a cycle that is to run once runs, in milliseconds of the sandbox's clock.
const ONE_RUN_MILLISECONDS: i64 = 3_000;

/// How long transactions take to finish, in milliseconds of the sandbox's clock.
const DRAIN_MILLISECONDS: i64 = 5_000;

/// What is done about an activation that cannot be (U6).
enum Verdict {
    GoOn,
    Stay,
}

pub(crate) fn activate(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find(call)?.clone();
    let input = Input::parse_or_empty(call.body)?;
    let run_once = input.boolean("RunOnce")?.value().unwrap_or(false);
    if changed.status == CycleStatus::Active {
        let message = || "Cycle is running.".to_owned();
        judge(call, Switch::U6Active, message)?;
    }
    let kept = changed
        .interval
        .unwrap_or(default_interval(&call.instance.variants));
    let (interval, problem) = interval(&changed, &input, run_once, kept);
    let problem = match problem {
        Some(message) => judge(call, Switch::U6Interval, || message)?,
        None => Verdict::GoOn,
    };
    let unmet = prerequisite::unmet(call.instance, call.account()?, &changed).len();
    let message = || format!("Cycle has {unmet} unmet prerequisites.");
    let problem = match problem {
        Verdict::GoOn if unmet > 0 => judge(call, Switch::U6, message)?,
        other => other,
    };
    if matches!(problem, Verdict::Stay) {
        let shown = cycle::get(call);
        return get_or_empty(call, shown);
    }
    changed.stop();
    changed.status = CycleStatus::Active;
    changed.run_once = run_once;
    changed.start_time = start_time(&input)?;
    changed.interval = (!run_once).then_some(interval);
    let end = call
        .now
        .as_millisecond()
        .saturating_add(ONE_RUN_MILLISECONDS);
    changed.pauses_at_milliseconds = run_once.then_some(end);
    let shown = cycle::replace(call, changed);
    get_or_empty(call, shown)
}

/// Refuses, lets it be, or goes on in spite of it, as a switch of U6 says.
fn judge(
    call: &Call<'_>,
    switch: Switch,
    message: impl FnOnce() -> String,
) -> Result<Verdict, Refusal> {
    match call.instance.variants.position(switch) {
        "400" => Err(Refusal::bad_request(message())),
        "409" => Err(Refusal::new(StatusCode::CONFLICT, message())),
        "paused" => Ok(Verdict::Stay),
        _ => Ok(Verdict::GoOn),
    }
}

/// The minutes between runs, and what is wrong with those asked for. They are ignored when it
/// runs once, or when a webhook starts it (cyclr-api.md 2.8).
fn interval(cycle: &Cycle, input: &Input, run_once: bool, kept: u32) -> (u32, Option<String>) {
    let trigger = cycle.trigger();
    if run_once || trigger.is_some_and(|step| step.action_type.eq_ignore_ascii_case("Webhook")) {
        return (kept, None);
    }
    match input.integer("Interval") {
        Ok(Given::Value(minutes)) if INTERVALS.contains(&minutes) => {
            (u32::try_from(minutes).unwrap_or(kept), None)
        }
        Ok(Given::Value(minutes)) => (kept, Some(format!("Interval {minutes} is not valid."))),
        Ok(Given::Omitted | Given::Null) => (kept, None),
        Err(()) => (kept, Some("Interval is not valid.".to_owned())),
    }
}

/// The first run, in UTC; what is no date is ignored, as a wrong type is (cyclr-api.md 1.4).
fn start_time(input: &Input) -> Result<Option<String>, Refusal> {
    let given = input.text("StartTime")?.value();
    Ok(given.filter(|text| crate::date::day(text).is_some()))
}

/// Stops at once, or when what is under way is finished; again is fine (cyclr-api.md 2.8).
pub(crate) fn deactivate(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find(call)?.clone();
    let finishes = call.query.boolean("finishQueuedTransactions") == Some(true);
    let is_running = changed.status == CycleStatus::Active;
    if finishes && is_running && changed.in_progress() > 0 {
        let now = call.now.as_millisecond();
        let end = now.saturating_add(DRAIN_MILLISECONDS);
        // A run that is to be the only one ends when it would.
        let end = changed.pauses_at_milliseconds.unwrap_or(end);
        changed.drained_at_milliseconds.get_or_insert(end);
    } else {
        changed.stop();
    }
    let shown = cycle::replace(call, changed);
    get_or_empty(call, shown)
}

/// The body of either is in no source (`ACTIVATE_BODY`).
fn get_or_empty(call: &Call<'_>, shown: Outcome) -> Outcome {
    let reply = shown?;
    let is_empty = call.instance.variants.is(Switch::ActivateBody, "empty");
    Ok(if is_empty { Reply::empty() } else { reply })
}
