//! Calls of methods and look-ups through an installed connector (cyclr-api.md 2.5).

use axum::http::StatusCode;
use uuid::Uuid;

use super::account_connector::{find, replace};
use crate::body::{AnyObject, MethodCall, RawText};
use crate::call::Call;
use crate::input::Input;
use crate::openapi::{Need, Operation, Parameter, When};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::Entry;
use crate::variant::Switch;
use crate::view::{MethodAnswerView, TriggerValueView};
use crate::world::{AccountConnector, Hidden, Method, Step};

const ID: Parameter = Parameter::number("id", "The installed connector's id.");
const METHOD: Parameter = Parameter::text(
    "methodId",
    "The method's id, or its `MethodUniqueIdentifier`.",
);
const TRIGGER: Parameter = Parameter::number("triggerId", "The look-up's id.");
const EXAMPLE: &str = r#"{"Parameters": {}, "Fields": {}}"#;
const REFUSALS: &[(u16, &str)] = &[(
    400,
    "An id is malformed, or the connector is not authenticated (switch CALL_UNAUTHENTICATED).",
)];
const BLOCKED: &[When] = &[When::refuses(
    Switch::IpRestriction,
    "403",
    403,
    "Calls from this address are not allowed.",
)];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /account/connectors/{id}/methods/{methodId}",
        "callMethodWithoutBody",
        "Calls a method through an installed connector.",
        "2.5",
    )
    .says("The world says what the third party answers.")
    .path(&[ID, METHOD])
    .answers::<MethodAnswerView<'_>>("The third party's answer.")
    .refuses(REFUSALS)
    .switched(BLOCKED),
    Operation::new(
        "POST /account/connectors/{id}/methods/{methodId}",
        "callMethod",
        "Calls a method through an installed connector, with values.",
        "2.5",
    )
    .path(&[ID, METHOD])
    .reads::<MethodCall>(Need::Optional, EXAMPLE)
    .answers::<MethodAnswerView<'_>>("The third party's answer.")
    .refuses(REFUSALS)
    .switched(BLOCKED),
    Operation::new(
        "POST /account/connectors/{id}/methods/{methodId}/body",
        "callMethodWithText",
        "Calls a method through an installed connector, with text as it is.",
        "2.5",
    )
    .path(&[ID, METHOD])
    .reads_text::<RawText>()
    .answers::<MethodAnswerView<'_>>("The third party's answer.")
    .refuses(REFUSALS)
    .switched(BLOCKED),
    Operation::new(
        "GET /account/connectors/{id}/test/{methodId}",
        "testMethodWithoutBody",
        "Tests a method of an installed connector.",
        "2.5",
    )
    .path(&[ID, METHOD])
    .answers::<MethodAnswerView<'_>>("The third party's answer.")
    .refuses(REFUSALS)
    .switched(BLOCKED),
    Operation::new(
        "POST /account/connectors/{id}/test/{methodId}",
        "testMethod",
        "Tests a method of an installed connector, with values.",
        "2.5",
    )
    .path(&[ID, METHOD])
    .reads::<MethodCall>(Need::Optional, EXAMPLE)
    .answers::<MethodAnswerView<'_>>("The third party's answer.")
    .refuses(REFUSALS)
    .switched(BLOCKED),
    Operation::new(
        "POST /account/connectors/{id}/triggers/{triggerId}",
        "callTrigger",
        "Looks values up through an installed connector.",
        "2.5",
    )
    .path(&[ID, TRIGGER])
    .reads::<AnyObject>(Need::Optional, "{}")
    .answers::<Vec<TriggerValueView<'_>>>("What was found.")
    .refuses(REFUSALS),
];

/// `GET .../methods/{id}` and `GET .../test/{id}`, which have no body.
pub(crate) fn read(call: &mut Call<'_>) -> Outcome {
    answer(call, |_, _| Ok(()))
}

/// `POST .../methods/{id}` and `POST .../test/{id}`.
pub(crate) fn post(call: &mut Call<'_>) -> Outcome {
    answer(call, check_parameters)
}

/// `POST .../methods/{id}/body`: the text goes to the third party as it is.
pub(crate) fn post_raw(call: &mut Call<'_>) -> Outcome {
    answer(call, |_, _| Ok(()))
}

/// `POST .../triggers/{id}`.
pub(crate) fn trigger(call: &mut Call<'_>) -> Outcome {
    let id = call.number(1)?;
    let missing = || Refusal::missing("Trigger");
    let installed = find(call)?;
    let entry = release(call, installed).ok_or_else(missing)?;
    let mut triggers = entry.connector.triggers.iter();
    triggers
        .find(|one| one.trigger_id == id)
        .ok_or_else(missing)?;
    Input::parse_or_empty(call.body)?;
    reach(call)?;
    let entry = release(call, find(call)?).ok_or_else(missing)?;
    let mut triggers = entry.connector.triggers.iter();
    let found = triggers.find(|one| one.trigger_id == id);
    let values = found.ok_or_else(missing)?.values.iter();
    let views: Vec<_> = values.map(TriggerValueView::new).collect();
    Ok(Reply::json(&views))
}

fn answer(
    call: &mut Call<'_>,
    check: impl Fn(&Call<'_>, &Method) -> Result<(), Refusal>,
) -> Outcome {
    let installed = find(call)?;
    if !installed.is_partner_integration_connector {
        // Blocked by default at the vendor's, and open to those who asked: its own suite passes.
        let status = match call.instance.variants.position(Switch::IpRestriction) {
            "403" => Some(StatusCode::FORBIDDEN),
            "401" => Some(StatusCode::UNAUTHORIZED),
            _ => None,
        };
        if let Some(status) = status {
            return Err(Refusal::new(status, "Your IP address is not allowed."));
        }
    }
    check(call, method(call)?)?;
    reach(call)?;
    Ok(Reply::json(&MethodAnswerView::new(method(call)?)))
}

/// The release that an installed connector is of.
fn release<'c>(call: &'c Call<'_>, installed: &AccountConnector) -> Option<&'c Entry> {
    call.instance.library.find(&installed.connector)
}

/// The method of the path: by number, or by its GUID.
fn method<'c>(call: &'c Call<'_>) -> Result<&'c Method, Refusal> {
    let installed = find(call)?;
    let wanted = call.segment(1);
    let is_number = wanted.bytes().all(|byte| byte.is_ascii_digit());
    let parsed = Uuid::try_parse(wanted).ok();
    let number: Option<u64> = match (is_number, parsed) {
        (true, _) => Some(call.number(1)?),
        (false, Some(_)) => None,
        (false, None) => {
            let problem = format!("The value '{wanted}' is not valid.");
            return Err(Refusal::invalid("methodId", problem));
        }
    };
    let fits = |method: &&Method| match number {
        Some(number) => method.id == number,
        None => Uuid::try_parse(&method.method_unique_identifier).ok() == parsed,
    };
    let entry = release(call, installed);
    let mut methods = entry.into_iter().flat_map(|entry| &entry.connector.methods);
    methods.find(fits).ok_or_else(|| Refusal::missing("Method"))
}

/// A parameter that the method lacks is refused; what its steps have, it has (cyclr-api.md 2.5).
fn check_parameters(call: &Call<'_>, method: &Method) -> Result<(), Refusal> {
    let input = Input::parse_or_empty(call.body)?;
    let parameters = input.object("Parameters")?;
    input.object("Fields")?;
    let connector = &find(call)?.connector.name;
    let calls_it =
        |step: &&Step| step.method == method.name && step.connector.eq_ignore_ascii_case(connector);
    let of_templates = call.instance.library.templates();
    let of_templates = of_templates.flat_map(|template| &template.steps);
    let of_cycles = call.account()?.cycles.iter().flat_map(|cycle| &cycle.steps);
    let of_steps = of_templates
        .chain(of_cycles)
        .filter(calls_it)
        .flat_map(|step| step.parameters.iter().map(|target| target.id));
    let own = method.parameters.iter().map(|parameter| parameter.id);
    let known: std::collections::HashSet<u64> = own.chain(of_steps).collect();
    for id in parameters.fields().keys() {
        let is_known = id.trim().parse().is_ok_and(|id: u64| known.contains(&id));
        if !is_known {
            let message = format!("Method '{}' does not have a parameter '{id}'.", method.name);
            return Err(Refusal::bad_request(message));
        }
    }
    Ok(())
}

/// Reaches the third party with the credential: it has to be there, and under U17's `lazy` the
/// first call shows whether it is any good.
fn reach(call: &mut Call<'_>) -> Result<(), Refusal> {
    let installed = find(call)?;
    if installed.authenticated == Some(true) {
        return Ok(());
    }
    let is_lazy = call.instance.variants.is(Switch::U17, "lazy");
    let credential = installed.auth_value.as_ref().map(Hidden::reveal);
    if let Some(credential) = credential.filter(|text| is_lazy && !text.is_empty()) {
        if credential.contains("wrong") {
            return Err(Refusal::bad_request("Authentication failed."));
        }
        let mut changed = installed.clone();
        changed.authenticated = Some(true);
        return replace(call, changed);
    }
    let message = format!("Connector '{}' is not authenticated.", installed.name);
    match call.instance.variants.position(Switch::CallUnauthenticated) {
        "200" => Ok(()),
        "401" => Err(Refusal::new(StatusCode::UNAUTHORIZED, message)),
        _ => Err(Refusal::bad_request(message)),
    }
}
