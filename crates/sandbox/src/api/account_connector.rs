//! `/account/connectors` (cyclr-api.md 2.4).

use axum::http::StatusCode;

use super::install::{check_name, choose_authentication, set_credential};
use super::property;
use crate::body::AccountConnectorChange;
use crate::call::Call;
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::openapi::{Need, ORDERED, Operation, PAGED, Parameter, When};
use crate::page::{Order, page};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::CycleKey;
use crate::variant::Switch;
use crate::view::{AccountConnectorView, MessageView};
use crate::world::{AccountConnector, Cycle, CycleStatus};

const ID: Parameter = Parameter::number("id", "The installed connector's id.");

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /account/connectors",
        "listAccountConnectors",
        "Lists the installed connectors.",
        "2.4",
    )
    .query(&[PAGED, ORDERED])
    .lists::<AccountConnectorView<'_>>("A page of installed connectors."),
    Operation::new(
        "GET /account/connectors/{id}",
        "getAccountConnector",
        "Shows an installed connector.",
        "2.4",
    )
    .path(&[ID])
    .answers::<AccountConnectorView<'_>>("The installed connector."),
    Operation::new(
        "PUT /account/connectors/{id}",
        "updateAccountConnector",
        "Changes an installed connector, and authenticates it.",
        "2.4",
    )
    .says("What is left out stays as it is. A written `AuthValue` authenticates (switch U17).")
    .path(&[ID])
    .reads::<AccountConnectorChange>(Need::Optional, r#"{"AuthValue": "0f9c1b7a-us1"}"#)
    .answers::<AccountConnectorView<'_>>("The installed connector as it is now.")
    .refuses(&[(
        400,
        "The name is in use, or there is no such `AuthenticationId`.",
    )])
    .switched(&[When::refuses(Switch::U8, "409", 409, "The name is in use.")]),
    Operation::new(
        "DELETE /account/connectors/{id}",
        "deleteAccountConnector",
        "Deletes an installed connector.",
        "2.4",
    )
    .path(&[ID])
    .answers::<AccountConnectorView<'_>>("The installed connector as it was.")
    .switched(&[
        When::refuses(Switch::U4, "refuse", 400, "A cycle uses it."),
        When::refuses(Switch::U4, "409", 409, "A cycle uses it."),
    ]),
    Operation::new(
        "PUT /account/connectors/{id}/deauthenticate",
        "deauthenticateAccountConnector",
        "Forgets the credential of an installed connector.",
        "2.4",
    )
    .says("Running cycles that use it are stopped.")
    .path(&[ID])
    .reads::<serde_json::Value>(Need::Optional, "{}")
    .answers::<MessageView>("That it was done.")
    .switched(&[When::refuses(
        Switch::DeauthenticateAgain,
        "400",
        400,
        "It is not authenticated.",
    )]),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let instance = &*call.instance;
    let mut rows: Vec<&AccountConnector> = call.account()?.connectors.iter().collect();
    match Order::of(&call.query) {
        Order::Id => rows.sort_by_key(|one| one.id),
        Order::Name => rows.sort_by(|one, other| one.name.cmp(&other.name)),
    }
    let render = |one| AccountConnectorView::read(instance, one);
    Ok(page(&call.query, &instance.variants, rows, render))
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::json(&AccountConnectorView::read(
        call.instance,
        find(call)?,
    )))
}

/// The installed connector of the path.
pub(crate) fn find<'c>(call: &'c Call<'_>) -> Result<&'c AccountConnector, Refusal> {
    let found = call.account()?.connector(call.number(0)?);
    found.ok_or_else(|| Refusal::missing("Account connector"))
}

/// Puts a changed installed connector back, and notes it.
pub(crate) fn replace(call: &mut Call<'_>, changed: AccountConnector) -> Result<(), Refusal> {
    let (id, name) = (changed.id, changed.name.clone());
    let place = call.account_mut()?.connector_mut(id);
    *place.ok_or_else(|| Refusal::missing("Account connector"))? = changed;
    call.record(Action::Updated, "account_connector", &name, id);
    Ok(())
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    let mut changed = find(call)?.clone();
    let input = Input::parse_or_empty(call.body)?;
    let connector = call
        .instance
        .library
        .find(&changed.connector)
        .map(|one| one.connector.clone());
    let given_name = input.text("Name")?.value().filter(|name| !name.is_empty());
    let new_name = given_name.filter(|name| *name != changed.name);
    let chosen = input.text("AuthenticationId")?;
    match call.instance.variants.position(Switch::U16) {
        "ignored" => {}
        "400" if new_name.is_some() || matches!(chosen, Given::Value(_)) => {
            return Err(Refusal::bad_request(
                "Name and AuthenticationId cannot be changed.",
            ));
        }
        _ => {
            if let Some(name) = new_name {
                check_name(call, &name, changed.id)?;
                changed.name = name;
            }
            if let Some(connector) = &connector {
                choose_authentication(&mut changed, connector, chosen)?;
            }
        }
    }
    input
        .text("Description")?
        .merge_into(&mut changed.description);
    let partner = input.boolean("IsPartnerIntegrationConnector")?;
    partner.merge_value(&mut changed.is_partner_integration_connector);
    let properties = input.list("Properties")?.value();
    if properties.is_some() && call.instance.variants.is(Switch::PutProperties, "replace") {
        changed.properties.clear();
    }
    for given in properties.unwrap_or_default() {
        property::upsert(call, &mut changed, &given)?;
    }
    let had_credential = changed.authenticated == Some(true);
    if let Given::Value(value) = input.text("AuthValue")? {
        set_credential(call, &mut changed, value)?;
    }
    changed.authenticated = Some(had_credential || call.instance.holds_credential(&changed));
    let id = changed.id;
    replace(call, changed)?;
    let account = call.account()?;
    let installed = account
        .connector(id)
        .ok_or_else(|| Refusal::missing("Account connector"))?;
    Ok(Reply::json(&AccountConnectorView::written(
        call.instance,
        installed,
    )))
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    let installed = find(call)?;
    let (id, name) = (installed.id, installed.name.clone());
    let reply = Reply::json(&AccountConnectorView::read(call.instance, installed));
    let users = users(call, id);
    let position = call.instance.variants.position(Switch::U4);
    if matches!(position, "refuse" | "409") && !users.is_empty() {
        let message = format!(
            "Account connector '{name}' is used by {} cycles.",
            users.len()
        );
        return Err(match position {
            "409" => Refusal::new(StatusCode::CONFLICT, message),
            _ => Refusal::bad_request(message),
        });
    }
    if position == "cascade" {
        for (owner, name, id) in users {
            if change(call, &owner, &id, |cycle| {
                cycle.stop();
                cycle.status = CycleStatus::DeleteScheduled;
            }) {
                call.record_of(&owner, Action::Deleted, "cycle", (&name, &id));
            }
        }
    } else {
        stop(call, users);
    }
    call.account_mut()?.connectors.retain(|one| one.id != id);
    call.record(Action::Deleted, "account_connector", &name, id);
    Ok(reply)
}

pub(crate) fn deauthenticate(call: &mut Call<'_>) -> Outcome {
    let mut changed = find(call)?.clone();
    let is_again = changed.authenticated != Some(true);
    if is_again
        && call
            .instance
            .variants
            .is(Switch::DeauthenticateAgain, "400")
    {
        let message = format!("Connector '{}' is not authenticated.", changed.name);
        return Err(Refusal::bad_request(message));
    }
    changed.auth_value = None;
    changed.authenticated = Some(false);
    let (id, name) = (changed.id, changed.name.clone());
    replace(call, changed)?;
    // Running cycles that use it are stopped (cyclr-api.md 2.4).
    let users = users(call, id);
    stop(call, users);
    let message = format!("Connector '{name}' successfully de-authenticated.");
    Ok(Reply::json(&MessageView { message }))
}

/// The cycles that use an installed connector and are not about to be deleted, those of
/// sub-accounts as well (cyclr-api.md 2.1).
fn users(call: &Call<'_>, id: u64) -> Vec<CycleKey> {
    let mut users = call.instance.cycles_using(&call.account, id);
    users.retain(|(owner, _, cycle)| {
        let account = call.instance.accounts.get(owner);
        let cycle = account.and_then(|account| account.cycle(cycle));
        cycle.is_some_and(|cycle| cycle.status != CycleStatus::DeleteScheduled)
    });
    users
}

/// Stops those of some cycles that run.
fn stop(call: &mut Call<'_>, cycles: Vec<CycleKey>) {
    for (owner, name, id) in cycles {
        let mut was_running = false;
        change(call, &owner, &id, |cycle| {
            was_running = cycle.status == CycleStatus::Active;
            if was_running {
                cycle.stop();
            }
        });
        if was_running {
            call.record_of(&owner, Action::Updated, "cycle", (&name, &id));
        }
    }
}

/// Changes a cycle of some account; says whether it is there.
fn change(call: &mut Call<'_>, owner: &str, id: &str, with: impl FnOnce(&mut Cycle)) -> bool {
    let account = call.instance.accounts.get_mut(owner);
    let mut cycles = account.into_iter().flat_map(|one| &mut one.cycles);
    let found = cycles.find(|cycle| cycle.id == id);
    found.map(with).is_some()
}
