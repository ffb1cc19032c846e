//! `/account/connectors/{id}/properties` (cyclr-api.md 2.4).

use super::account_connector::{find, replace};
use super::install::check_property;
use crate::body::{NewProperty, PropertyChange};
use crate::call::Call;
use crate::input::Input;
use crate::ledger::Action;
use crate::openapi::{Need, ORDERED, Operation, Parameter, When};
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::Switch;
use crate::view::PropertyView;
use crate::world::{AccountConnector, Property};

const ID: Parameter = Parameter::number("id", "The installed connector's id.");
const PROPERTY: Parameter = Parameter::number("propertyId", "The property's id.");
const EXAMPLE: &str = r#"{"Name": "DataCenter", "Value": "us1"}"#;

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /account/connectors/{id}/properties",
        "listProperties",
        "Lists the properties of an installed connector.",
        "2.4",
    )
    .path(&[ID])
    .query(&[ORDERED])
    .answers::<Vec<PropertyView<'_>>>("The properties."),
    Operation::new(
        "POST /account/connectors/{id}/properties",
        "createProperty",
        "Adds a property to an installed connector.",
        "2.4",
    )
    .says("What an existing or an unknown name does is switches U9 and U10.")
    .path(&[ID])
    .reads::<NewProperty>(Need::Required, EXAMPLE)
    .answers::<PropertyView<'_>>("The property.")
    .switched(&[When::empty(Switch::U10, "drop")]),
    Operation::new(
        "GET /account/connectors/{id}/properties/{propertyId}",
        "getProperty",
        "Shows a property.",
        "2.4",
    )
    .path(&[ID, PROPERTY])
    .answers::<PropertyView<'_>>("The property."),
    Operation::new(
        "PUT /account/connectors/{id}/properties/{propertyId}",
        "updateProperty",
        "Changes a property.",
        "2.4",
    )
    .path(&[ID, PROPERTY])
    .reads::<PropertyChange>(Need::Optional, EXAMPLE)
    .answers::<PropertyView<'_>>("The property as it is now."),
    Operation::new(
        "DELETE /account/connectors/{id}/properties/{propertyId}",
        "deleteProperty",
        "Deletes a property.",
        "2.4",
    )
    .path(&[ID, PROPERTY])
    .answers::<PropertyView<'_>>("The property as it was."),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let installed = find(call)?;
    let entry = call.instance.library.find(&installed.connector);
    let connector = entry.map(|entry| &entry.connector);
    let mut rows: Vec<&Property> = installed.properties.iter().collect();
    if call
        .query
        .get("orderBy")
        .is_some_and(|field| field.eq_ignore_ascii_case("name"))
    {
        rows.sort_by(|one, other| one.name.cmp(&other.name));
    }
    if call.query.boolean("sortOrderAsc") == Some(false) {
        rows.reverse();
    }
    let render = |one| PropertyView::new(call.instance, connector, installed.id, one);
    Ok(Reply::json(
        &rows.into_iter().map(render).collect::<Vec<_>>(),
    ))
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    let id = call.number(1)?;
    show(call, find(call)?.id, id)
}

fn show(call: &Call<'_>, owner: u64, id: u64) -> Outcome {
    let missing = || Refusal::missing("Property");
    let installed = call.account()?.connector(owner).ok_or_else(missing)?;
    let property = installed
        .properties
        .iter()
        .find(|one| one.id == id)
        .ok_or_else(missing)?;
    let entry = call.instance.library.find(&installed.connector);
    let connector = entry.map(|entry| &entry.connector);
    Ok(Reply::json(&PropertyView::new(
        call.instance,
        connector,
        owner,
        property,
    )))
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    let mut changed = find(call)?.clone();
    let input = Input::parse_or_empty(call.body)?;
    let name = input.text("Name")?.value().unwrap_or_default();
    if name.is_empty() {
        return Err(Refusal::bad_request("Name is required"));
    }
    if !is_accepted(call, &changed, &name)? {
        return Ok(Reply::empty());
    }
    let known = changed
        .properties
        .iter()
        .position(|one| one.name.eq_ignore_ascii_case(&name));
    let value = input.text("Value")?.value().map(Into::into);
    let position = call.instance.variants.position(Switch::U9);
    let id = match known.and_then(|index| changed.properties.get_mut(index)) {
        Some(_) if position == "400" => {
            let message = format!("Connector property name '{name}' is in use.");
            return Err(Refusal::bad_request(message));
        }
        Some(property) if position == "overwrite" => {
            property.value = value;
            property.id
        }
        _ => {
            let id = call.instance.next_number();
            changed.properties.push(Property {
                id,
                name: name.clone(),
                value,
            });
            id
        }
    };
    store(call, changed, Action::Created, &name, id)?;
    show(call, call.number(0)?, id)
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    let mut changed = find(call)?.clone();
    let id = call.number(1)?;
    let input = Input::parse_or_empty(call.body)?;
    let index = changed.properties.iter().position(|one| one.id == id);
    let index = index.ok_or_else(|| Refusal::missing("Property"))?;
    let name = input.text("Name")?.value().filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| changed.properties[index].name.clone());
    if !is_accepted(call, &changed, &name)? {
        return show(call, changed.id, id);
    }
    let property = &mut changed.properties[index];
    property.name.clone_from(&name);
    match input.text("Value")? {
        crate::input::Given::Value(value) => property.value = Some(value.into()),
        crate::input::Given::Null => property.value = None,
        crate::input::Given::Omitted => {}
    }
    store(call, changed, Action::Updated, &name, id)?;
    show(call, call.number(0)?, id)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    let mut changed = find(call)?.clone();
    let id = call.number(1)?;
    let reply = show(call, changed.id, id)?;
    let index = changed.properties.iter().position(|one| one.id == id);
    let index = index.ok_or_else(|| Refusal::missing("Property"))?;
    let gone = changed.properties.remove(index);
    store(call, changed, Action::Deleted, &gone.name, id)?;
    Ok(reply)
}

/// Puts the installed connector back, and notes its property.
fn store(
    call: &mut Call<'_>,
    mut changed: AccountConnector,
    action: Action,
    name: &str,
    id: u64,
) -> Result<(), Refusal> {
    let was = changed.authenticated == Some(true);
    changed.authenticated = Some(was || call.instance.holds_credential(&changed));
    let owner = changed.name.clone();
    replace(call, changed)?;
    // One commit: the property's, not that of its owner.
    call.commits.pop();
    call.record(action, "property", &format!("{owner}/{name}"), id);
    Ok(())
}

/// Whether a name may be written at all (U10).
fn is_accepted(call: &Call<'_>, installed: &AccountConnector, name: &str) -> Result<bool, Refusal> {
    let position = call.instance.variants.position(Switch::U10);
    let entry = call.instance.library.find(&installed.connector);
    let Some(entry) = entry.filter(|_| position != "anything") else {
        return Ok(true);
    };
    match check_property(&entry.connector, name) {
        Err(refusal) if position == "400" => Err(refusal),
        checked => Ok(checked.is_ok()),
    }
}

/// Writes one of the `Properties` of a PUT of the installed connector: by name, new or not.
pub(crate) fn upsert(
    call: &mut Call<'_>,
    changed: &mut AccountConnector,
    given: &Input,
) -> Result<(), Refusal> {
    let name = given.text("Name")?.value().unwrap_or_default();
    if name.is_empty() {
        return Err(Refusal::bad_request("Name is required"));
    }
    if !is_accepted(call, changed, &name)? {
        return Ok(());
    }
    let value = given.text("Value")?.value().map(Into::into);
    let known = changed
        .properties
        .iter_mut()
        .find(|one| one.name.eq_ignore_ascii_case(&name));
    if let Some(property) = known {
        property.value = value;
    } else {
        let id = call.instance.next_number();
        changed.properties.push(Property { id, name, value });
    }
    Ok(())
}
