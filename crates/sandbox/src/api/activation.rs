//! `/cycles/{id}/activate` and `/deactivate` (cyclr-api.md 2.8).

use axum::http::StatusCode;

use super::{cycle, prerequisite};
use crate::body::Activation;
use crate::call::Call;
use crate::input::{Given, Input};
use crate::openapi::{Need, Operation, Parameter, When};
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::Switch;
use crate::view::CycleView;
use crate::world::CycleStatus;

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
        When::refuses(
            Switch::U6,
            "409",
            409,
            "The cycle cannot run, or runs already.",
        ),
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

/// What a schedule without an interval gets; the vendor's is unknown.
const DEFAULT_INTERVAL: u32 = 60;

/// How long a cycle that is to run once runs, in milliseconds of the sandbox's clock.
const ONE_RUN_MILLISECONDS: i64 = 3_000;

pub(crate) fn activate(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find(call)?.clone();
    let input = Input::parse_or_empty(call.body)?;
    let run_once = input.boolean("RunOnce")?.value().unwrap_or(false);
    let start_time = input.text("StartTime")?.value();
    let position = call.instance.variants.position(Switch::U6);
    let is_active = changed.status == CycleStatus::Active;
    if is_active && position == "409" {
        return Err(Refusal::running());
    }
    let refusal = |message: String| match position {
        "409" => Some(Refusal::new(StatusCode::CONFLICT, message)),
        "paused" => None,
        _ => Some(Refusal::bad_request(message)),
    };
    let first = changed.steps.first();
    let is_webhook = first.is_some_and(|step| step.action_type.eq_ignore_ascii_case("Webhook"));
    let mut interval = DEFAULT_INTERVAL;
    let mut problem = None;
    match input.integer("Interval") {
        // Ignored when it runs once, or when a webhook starts it (cyclr-api.md 2.8).
        _ if run_once || is_webhook => {}
        Ok(Given::Value(minutes)) if INTERVALS.contains(&minutes) => {
            interval = u32::try_from(minutes).unwrap_or(DEFAULT_INTERVAL);
        }
        Ok(Given::Value(minutes)) => problem = Some(format!("Interval {minutes} is not valid.")),
        Ok(Given::Omitted | Given::Null) => {}
        Err(()) => problem = Some("Interval is not valid.".to_owned()),
    }
    let unmet = prerequisite::unmet(call.account()?, &changed);
    if problem.is_none() && !unmet.is_empty() {
        problem = Some(format!("Cycle has {} unmet prerequisites.", unmet.len()));
    }
    if let Some(message) = problem {
        if let Some(refusal) = refusal(message) {
            return Err(refusal);
        }
        let shown = cycle::get(call);
        return get_or_empty(call, shown);
    }
    changed.status = CycleStatus::Active;
    changed.run_once = run_once;
    changed.start_time = start_time;
    changed.interval = (!run_once).then_some(interval);
    changed.pauses_at_milliseconds =
        run_once.then(|| call.now.as_millisecond() + ONE_RUN_MILLISECONDS);
    let shown = cycle::replace(call, changed);
    get_or_empty(call, shown)
}

/// Stops at once, queued transactions or not; again is fine (cyclr-api.md 2.8).
pub(crate) fn deactivate(call: &mut Call<'_>) -> Outcome {
    let mut changed = cycle::find(call)?.clone();
    changed.status = CycleStatus::Paused;
    changed.pauses_at_milliseconds = None;
    let shown = cycle::replace(call, changed);
    get_or_empty(call, shown)
}

/// The body of either is in no source (`ACTIVATE_BODY`).
fn get_or_empty(call: &Call<'_>, shown: Outcome) -> Outcome {
    let reply = shown?;
    let is_empty = call.instance.variants.is(Switch::ActivateBody, "empty");
    Ok(if is_empty { Reply::empty() } else { reply })
}
