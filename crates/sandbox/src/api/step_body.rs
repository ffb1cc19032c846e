//! What the body of a step says: its kind, its method, its connector, and what it waits for.

use super::cycle::choice;
use crate::call::Call;
use crate::input::{Given, Input};
use crate::reply::Refusal;
use crate::state::{Instance, binding};
use crate::variant::Switch;
use crate::world::{
    AccountConnector, Connector, Criterion, Cycle, CycleConnector, Delay, Method, Step, WaitUntil,
};

/// `ActionType` by number; only `Action`, which is 4, is in a source (cyclr-api.md 1.4).
pub(crate) const ACTION_TYPES: &[&str] = &[
    "Unknown",
    "Decision",
    "Delay",
    "WaitUntil",
    "Action",
    "Webhook",
    "Script",
    "CallCycle",
];

/// Merges a body into a step, and binds its cycle to the connector that it calls.
pub(super) fn apply(
    call: &Call<'_>,
    cycle: &mut Cycle,
    step: &mut Step,
    input: &Input,
) -> Result<(), Refusal> {
    input.text("Name")?.merge_value(&mut step.name);
    input
        .text("Description")?
        .merge_value(&mut step.description);
    choice(input, "ActionType", ACTION_TYPES)?.merge_value(&mut step.action_type);
    apply_waiting(step, input)?;
    if let Given::Value(id) = number(input, "AccountConnector", "AccountConnectorId")? {
        let is_other = is_bound_elsewhere(cycle, step, id);
        match call.instance.variants.position(Switch::StepConnector) {
            "ignored" if is_other => {}
            "400" if is_other => {
                let message = "The account connector of a step cannot be changed.";
                return Err(Refusal::bad_request(message));
            }
            _ => point_at(call, cycle, step, id)?,
        }
    }
    let Some((connector, method)) = wanted_method(call, cycle, step, input)? else {
        return Ok(());
    };
    if binding::position(cycle, step).is_none() {
        step.connector.clone_from(&connector.name);
    }
    if binding::position(cycle, step).is_none() {
        let account = call.account()?;
        let mut above = call.instance.ancestors(account);
        above.retain(|_| call.instance.variants.is(Switch::U3Parent, "parent"));
        let mut owners = std::iter::once(account).chain(above);
        let fits = |one: &&AccountConnector| {
            let found = call.instance.library.find(&one.connector);
            found.is_some_and(|found| found.connector.id == connector.id)
        };
        let installed = owners.find_map(|owner| owner.connectors.iter().find(fits));
        cycle.connectors.push(CycleConnector {
            name: connector.name.clone(),
            version: connector.version.clone(),
            account_connector_id: installed.map_or(0, |one| one.id),
        });
    }
    step.call_method(method);
    Ok(())
}

/// Whether a step calls another installed connector than the one with the id (`STEP_CONNECTOR`).
fn is_bound_elsewhere(cycle: &Cycle, step: &Step, id: u64) -> bool {
    let bound = binding::position(cycle, step).and_then(|place| cycle.connectors.get(place));
    bound.is_some_and(|one| one.account_connector_id != id)
}

/// Points a step at an installed connector, which has to know its method.
fn point_at(call: &Call<'_>, cycle: &mut Cycle, step: &mut Step, id: u64) -> Result<(), Refusal> {
    let installed = call.instance.usable(call.account()?, id);
    let installed = installed.ok_or_else(|| {
        Refusal::bad_request(format!("Account connector {id} could not be found."))
    })?;
    step.account_connector_id = Some(id);
    step.connector.clone_from(&installed.connector.name);
    if binding::position(cycle, step).is_none() {
        cycle.connectors.push(CycleConnector {
            name: installed.connector.name.clone(),
            version: installed.connector.version.clone(),
            account_connector_id: id,
        });
    }
    Ok(())
}

/// The method that a body names, with its connector: of the step's connector if it has one, or
/// else of any. Naming the one it calls already changes nothing.
fn wanted_method<'c>(
    call: &'c Call<'_>,
    cycle: &Cycle,
    step: &Step,
    input: &Input,
) -> Result<Option<(&'c Connector, &'c Method)>, Refusal> {
    let nested = input.nested("Method")?.value();
    let in_nested = |name: &str| match &nested {
        Some(method) => Ok(method.text(name)?.value()),
        None => Ok(None),
    };
    let unique = input.text("MethodUniqueIdentifier")?.value();
    let unique = unique.or(in_nested("MethodUniqueIdentifier")?);
    let unique = unique.filter(|unique| !unique.is_empty());
    let id = match number(input, "Method", "MethodId")? {
        Given::Value(id) if id > 0 => Some(id),
        _ => None,
    };
    let instance: &Instance = call.instance;
    let own = instance.connector_of(call.account()?, cycle, step);
    let fits = |method: &Method| match &unique {
        Some(unique) => method.method_unique_identifier.eq_ignore_ascii_case(unique),
        None => id.is_some_and(|id| method.id == id),
    };
    if unique.is_none() && id.is_none() {
        // A step that was pointed at another connector goes on calling a method it had.
        let has_method = |own: &Connector| own.methods.iter().any(|one| one.name == step.method);
        let loses = step.account_connector_id.is_some()
            && !step.method.is_empty()
            && own.is_some_and(|own| !own.methods.is_empty() && !has_method(own));
        return match own.filter(|_| loses) {
            Some(own) => Err(Refusal::bad_request(format!(
                "Connector '{}' does not have the method '{}'.",
                own.name, step.method
            ))),
            None => Ok(None),
        };
    }
    let known = own
        .into_iter()
        .chain(
            instance
                .library
                .connectors()
                .map(|entry| &entry.connector)
                .filter(|_| own.is_none()),
        )
        .find_map(|connector| Some((connector, connector.methods.iter().find(|one| fits(one))?)));
    let is_known = |(_, method): &(&Connector, &Method)| method.name == step.method;
    match known {
        Some(found) if is_known(&found) => Ok(None),
        Some(found) => Ok(Some(found)),
        None => Err(Refusal::bad_request("Method could not be found.")),
    }
}

/// An id given flat, or in an object of its own.
fn number(input: &Input, object: &str, flat: &str) -> Result<Given<u64>, Refusal> {
    let nested = input.nested(object)?.value();
    let given = match (&nested, input.has(flat)) {
        (Some(nested), false) => nested.integer("Id"),
        _ => input.integer(flat),
    };
    let invalid = || Refusal::invalid(flat, "A number was expected.");
    match given.map_err(|()| invalid())? {
        Given::Value(id) => Ok(Given::Value(u64::try_from(id).map_err(|_| invalid())?)),
        Given::Null => Ok(Given::Null),
        Given::Omitted => Ok(Given::Omitted),
    }
}

/// Criteria, delay and date, which the vendor's body has in no source: named as in a world.
fn apply_waiting(step: &mut Step, input: &Input) -> Result<(), Refusal> {
    if let Given::Value(criteria) = input.list("Criteria")? {
        let criterion = |one: &Input| -> Result<Criterion, Refusal> {
            Ok(Criterion {
                left_operand: one.text("LeftOperand")?.value(),
                operator: one.text("Operator")?.value(),
                right_operand: one.text("RightOperand")?.value(),
            })
        };
        step.criteria = criteria.iter().map(criterion).collect::<Result<_, _>>()?;
    }
    match input.nested("Delay")? {
        Given::Value(given) => {
            let delay = step.delay.get_or_insert(Delay::default());
            given.text("Unit")?.merge_into(&mut delay.unit);
            if let Ok(interval) = given.integer("Interval") {
                interval.merge_into(&mut delay.interval);
            }
        }
        Given::Null => step.delay = None,
        Given::Omitted => {}
    }
    match input.nested("WaitUntil")? {
        Given::Value(given) => {
            let wait = step.wait_until.get_or_insert(WaitUntil::default());
            given.text("Date")?.merge_into(&mut wait.date);
        }
        Given::Null => step.wait_until = None,
        Given::Omitted => {}
    }
    Ok(())
}
