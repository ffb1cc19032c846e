//! `/account/connectors/{id}/fields` (cyclr-api.md 2.4).

use uuid::Uuid;

use super::account_connector::find;
use crate::body::{CustomFieldChange, NewCustomField};
use crate::call::Call;
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::openapi::{Need, ORDERED, Operation, PAGED, Parameter};
use crate::page::page;
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::Switch;
use crate::view::CustomFieldView;
use crate::world::CustomField;

/// Types of fields (cyclr-api.md 2.3); their numbers are their places here.
pub(crate) const DATA_TYPES: &[&str] = &[
    "Undefined",
    "Text",
    "Integer",
    "Float",
    "Boolean",
    "DateTime",
    "Decimal",
    "File",
];

const ID: Parameter = Parameter::number("id", "The installed connector's id.");
const FIELD: Parameter = Parameter::number("fieldId", "The custom field's id.");
const EXAMPLE: &str = r#"{"ConnectorField": "custom_1", "DisplayName": "Size", "DataType": "Text", "ForRequestFormat": true}"#;

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /account/connectors/{id}/fields",
        "listCustomFields",
        "Lists the custom fields of an installed connector.",
        "2.4",
    )
    .path(&[ID])
    .query(&[PAGED, ORDERED])
    .lists::<CustomFieldView<'_>>("A page of custom fields."),
    Operation::new(
        "POST /account/connectors/{id}/fields",
        "createCustomField",
        "Adds a custom field to an installed connector.",
        "2.4",
    )
    .says("What one does whose `ConnectorField`, method and side exist is switch FIELD_AGAIN.")
    .path(&[ID])
    .reads::<NewCustomField>(Need::Required, EXAMPLE)
    .answers::<CustomFieldView<'_>>("The custom field."),
    Operation::new(
        "GET /account/connectors/{id}/fields/{fieldId}",
        "getCustomField",
        "Shows a custom field.",
        "2.4",
    )
    .path(&[ID, FIELD])
    .answers::<CustomFieldView<'_>>("The custom field."),
    Operation::new(
        "PUT /account/connectors/{id}/fields/{fieldId}",
        "updateCustomField",
        "Changes a custom field.",
        "2.4",
    )
    .path(&[ID, FIELD])
    .reads::<CustomFieldChange>(Need::Optional, EXAMPLE)
    .answers::<CustomFieldView<'_>>("The custom field as it is now."),
    Operation::new(
        "DELETE /account/connectors/{id}/fields/{fieldId}",
        "deleteCustomField",
        "Deletes a custom field.",
        "2.4",
    )
    .path(&[ID, FIELD])
    .answers::<CustomFieldView<'_>>("The custom field as it was."),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let mut rows: Vec<&CustomField> = find(call)?.custom_fields.iter().collect();
    match call.query.get("orderBy").map(str::to_ascii_lowercase) {
        Some(by) if by == "name" || by == "displayname" => {
            rows.sort_by(|one, other| one.display_name.cmp(&other.display_name));
        }
        Some(by) if by == "connectorfield" => {
            rows.sort_by(|one, other| one.connector_field.cmp(&other.connector_field));
        }
        _ => rows.sort_by_key(|one| one.id),
    }
    let variants = &call.instance.variants;
    Ok(page(&call.query, variants, rows, CustomFieldView::new))
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    let field = find_field(call)?;
    Ok(Reply::json(&CustomFieldView::new(field)))
}

/// The custom field of the path.
fn find_field<'c>(call: &'c Call<'_>) -> Result<&'c CustomField, Refusal> {
    let id = call.number(1)?;
    let mut fields = find(call)?.custom_fields.iter();
    let found = fields.find(|one| one.id == id);
    found.ok_or_else(|| Refusal::missing("Custom field"))
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    let input = Input::parse_or_empty(call.body)?;
    let mut field = CustomField {
        data_type: "Text".to_owned(),
        method_unique_identifier: Uuid::nil().to_string(),
        ..CustomField::default()
    };
    merge(&input, &mut field)?;
    if field.connector_field.is_empty() {
        return Err(Refusal::bad_request("ConnectorField is required"));
    }
    let mut known = find(call)?.custom_fields.iter();
    let known = known.find(|one| key(one) == key(&field)).map(|one| one.id);
    let position = call.instance.variants.position(Switch::FieldAgain);
    match known {
        Some(_) if position == "400" => {
            let message = format!("Custom field '{}' is in use.", field.connector_field);
            Err(Refusal::bad_request(message))
        }
        Some(id) if position == "overwrite" => {
            field.id = id;
            put(call, &field, Action::Updated)
        }
        _ => {
            field.id = call.instance.next_number();
            put(call, &field, Action::Created)
        }
    }
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    let mut field = find_field(call)?.clone();
    let input = Input::parse_or_empty(call.body)?;
    merge(&input, &mut field)?;
    put(call, &field, Action::Updated)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    let field = find_field(call)?.clone();
    change(call, |fields| fields.retain(|one| one.id != field.id))?;
    note(call, &field, Action::Deleted)?;
    Ok(Reply::json(&CustomFieldView::new(&field)))
}

/// What tells custom fields of an installed connector apart (cyclr-api.md 2.4).
fn key(field: &CustomField) -> (&str, String, bool) {
    (
        &field.connector_field,
        field.method_unique_identifier.to_ascii_lowercase(),
        field.for_request_format,
    )
}

/// Merges a body into a field: what is left out stays.
fn merge(input: &Input, field: &mut CustomField) -> Result<(), Refusal> {
    let name = input.text("ConnectorField")?;
    if let Some(name) = name.value().filter(|name| !name.is_empty()) {
        field.connector_field = name;
    }
    input
        .text("SystemField")?
        .merge_into(&mut field.system_field);
    input
        .text("DisplayName")?
        .merge_into(&mut field.display_name);
    input
        .text("Description")?
        .merge_into(&mut field.description);
    input
        .text("DataTypeFormat")?
        .merge_into(&mut field.data_type_format);
    input
        .text("EntityIdentifier")?
        .merge_into(&mut field.entity_identifier);
    input
        .boolean("ForRequestFormat")?
        .merge_value(&mut field.for_request_format);
    if let Given::Value(text) = input.text("DataType")? {
        let place = text.trim().parse::<usize>().ok();
        let numbered = place.and_then(|place| DATA_TYPES.get(place));
        let mut names = DATA_TYPES.iter();
        let found = numbered.or_else(|| names.find(|name| name.eq_ignore_ascii_case(text.trim())));
        let unknown = || Refusal::invalid("DataType", format!("'{text}' is not a data type."));
        let name: &str = found.ok_or_else(unknown)?;
        name.clone_into(&mut field.data_type);
    }
    if let Given::Value(text) = input.text("MethodUniqueIdentifier")? {
        let parsed = Uuid::try_parse(text.trim()).map_err(|_| {
            Refusal::invalid("MethodUniqueIdentifier", format!("'{text}' is not a GUID."))
        })?;
        field.method_unique_identifier = parsed.to_string();
    }
    Ok(())
}

/// Stores a field, and shows it.
fn put(call: &mut Call<'_>, field: &CustomField, action: Action) -> Outcome {
    let stored = field.clone();
    change(call, |fields| {
        match fields.iter_mut().find(|one| one.id == stored.id) {
            Some(known) => *known = stored,
            None => fields.push(stored),
        }
    })?;
    note(call, field, action)?;
    Ok(Reply::json(&CustomFieldView::new(field)))
}

/// Changes the fields of the path's installed connector.
fn change(call: &mut Call<'_>, edit: impl FnOnce(&mut Vec<CustomField>)) -> Result<(), Refusal> {
    let owner = call.number(0)?;
    let installed = call.account_mut()?.connector_mut(owner);
    let installed = installed.ok_or_else(|| Refusal::missing("Account connector"))?;
    edit(&mut installed.custom_fields);
    Ok(())
}

fn note(call: &mut Call<'_>, field: &CustomField, action: Action) -> Result<(), Refusal> {
    let (name, method, for_request) = key(field);
    let side = if for_request { "request" } else { "response" };
    let key = format!("{}/{name}/{method}/{side}", find(call)?.name);
    call.record(action, "custom_field", &key, field.id);
    Ok(())
}
