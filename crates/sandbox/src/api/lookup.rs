//! Look-ups of a step: values of triggers, and the customer's own fields (cyclr-api.md 2.9).

use super::{cycle, step};
use crate::body::{AnyObject, TriggerChoice};
use crate::call::Call;
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::openapi::{Need, Operation, Parameter};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::flow;
use crate::view::{CandidateView, LookupView, MappingKind, MappingView};

const STEP: Parameter = Parameter::guid("id", "The step's id.");
const PARAMETER: Parameter = Parameter::number("parameterId", "The parameter's id.");
const BARE: &[(u16, &str)] = &[(400, "The step's account connector is not authenticated.")];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /steps/{id}/fieldsformapping",
        "listFieldsForMapping",
        "Lists the fields of earlier steps.",
        "2.9",
    )
    .path(&[STEP])
    .answers::<Vec<CandidateView<'_>>>("The fields."),
    Operation::new(
        "POST /steps/{id}/parameters/{parameterId}/lookup",
        "lookUpValues",
        "Asks the third party for the values of a parameter.",
        "2.9",
    )
    .path(&[STEP, PARAMETER])
    .reads::<TriggerChoice>(Need::Optional, "")
    .answers::<Vec<LookupView<'_>>>("The values.")
    .refuses(BARE),
    Operation::new(
        "POST /steps/{id}/fieldmappings/lookup",
        "lookUpFields",
        "Starts a look for the customer's own fields.",
        "2.9",
    )
    .says("What it finds is among the field mappings a moment later.")
    .path(&[STEP])
    .reads::<AnyObject>(Need::Optional, "{}")
    .answers::<Vec<MappingView<'_>>>("The field mappings as they are.")
    .refuses(BARE),
];

/// How long a look for fields takes, in milliseconds of the sandbox's clock.
const DISCOVERY_MILLISECONDS: i64 = 2_000;

/// Values of a parameter from the third party's system, which needs a credential.
pub(crate) fn values(call: &mut Call<'_>) -> Outcome {
    let (cycle, step) = step::find(call)?;
    let id = call.number(1)?;
    let parameter = step.parameters.iter().find(|one| one.id == id);
    let parameter = parameter.ok_or_else(|| Refusal::missing("Parameter"))?;
    let input = Input::parse_or_empty(call.body)?;
    let trigger = match input.integer("TriggerId") {
        Ok(Given::Value(id)) => u64::try_from(id).ok(),
        Ok(Given::Omitted | Given::Null) => parameter.triggers.first().map(|one| one.trigger_id),
        Err(()) => return Err(Refusal::invalid("TriggerId", "A number was expected.")),
    };
    let account = call.account()?;
    let connector = call.instance.connector_of(account, cycle, step);
    let known = connector.map_or(&[][..], |connector| &connector.triggers);
    let known = known.iter().find(|one| Some(one.trigger_id) == trigger);
    let is_listed = |one: &crate::world::TargetTrigger| Some(one.trigger_id) == trigger;
    if known.is_none() && !parameter.triggers.iter().any(is_listed) {
        return Err(Refusal::missing("Trigger"));
    }
    check_credential(call.instance.installed_of(account, cycle, step))?;
    let values = known.map_or(&[][..], |known| &known.values);
    let views: Vec<_> = values.iter().map(LookupView::new).collect();
    Ok(Reply::json(&views))
}

fn check_credential(installed: Option<&crate::world::AccountConnector>) -> Result<(), Refusal> {
    match installed {
        Some(one) if one.authenticated == Some(true) => Ok(()),
        Some(one) => Err(Refusal::bad_request(format!(
            "Account connector '{}' is not authenticated.",
            one.name
        ))),
        None => Err(Refusal::bad_request("The step has no account connector.")),
    }
}

/// Starts the look for the customer's own fields; what it finds is there a moment later.
pub(crate) fn discover(call: &mut Call<'_>) -> Outcome {
    let (cycle, step) = step::find(call)?;
    let (step_id, step_name) = (step.id.clone(), step.name.clone());
    check_credential(call.instance.installed_of(call.account()?, cycle, step))?;
    let place = (call.account()?, cycle, step);
    let view = |target| MappingView::new(call.instance, place, MappingKind::Field, target);
    let reply = Reply::json(&step.fields.iter().map(view).collect::<Vec<_>>());
    if step.discovered_fields.is_empty() || step.discovers_at_milliseconds.is_some() {
        return Ok(reply);
    }
    let mut changed = cycle.clone();
    let at = call
        .now
        .as_millisecond()
        .saturating_add(DISCOVERY_MILLISECONDS);
    let mut steps = changed.steps.iter_mut();
    if let Some(step) = steps.find(|one| one.id == step_id) {
        step.discovers_at_milliseconds = Some(at);
    }
    let key = format!("{}/{step_name}", changed.name);
    cycle::put_back(call, changed)?;
    call.record(Action::Updated, "step", &key, &step_id);
    Ok(reply)
}

/// Fields of earlier steps, which a mapping can take its value from.
pub(crate) fn candidates(call: &mut Call<'_>) -> Outcome {
    let (cycle, step) = step::find(call)?;
    let account = call.account()?;
    let mut views = Vec::new();
    for one in flow::earlier(cycle, step) {
        let method = call.instance.method_of(account, cycle, one);
        let fields = method.map_or(&[][..], |method| &method.response_fields);
        views.extend(fields.iter().map(|field| CandidateView::new(one, field)));
    }
    Ok(Reply::json(&views))
}
