//! `/account/connectors/custom`: connectors that an account defines for itself (cyclr-api.md 2.4).

use serde_json::{Map, Value};
use uuid::Uuid;

use crate::body::{CustomConnectorChange, NewCustomConnector};
use crate::call::Call;
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::openapi::{Need, ORDERED, Operation, PAGED, Parameter};
use crate::page::{Order, page};
use crate::reply::{Outcome, Refusal, Reply};
use crate::variant::Switch;
use crate::view::CustomConnectorView;
use crate::world::CustomConnector;

/// Names of a definition that are shown as the vendor writes them, however they were given.
const KNOWN: &[&str] = &[
    "Name",
    "UniqueIdentifier",
    "Description",
    "Version",
    "Status",
    "ReleaseStatus",
    "ProductAddon",
    "Authentication",
    "Parameters",
    "Triggers",
    "MethodCategories",
    "Methods",
    "RateLimits",
    "Deprecations",
];

const ID: Parameter = Parameter::number("id", "The custom connector's id.");
const EXAMPLE: &str = r#"{"Name": "Our CRM", "UniqueIdentifier": "5f2b1c9e-8f5d-4b8e-9a3b-0a8b8f3c1d2e", "Status": "Approved"}"#;

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /account/connectors/custom",
        "listCustomConnectors",
        "Lists the account's own connectors.",
        "2.4",
    )
    .query(&[PAGED, ORDERED])
    .lists::<CustomConnectorView<'_>>("A page of definitions."),
    Operation::new(
        "POST /account/connectors/custom",
        "createCustomConnector",
        "Defines a connector of the account's own.",
        "2.4",
    )
    .says("It can then be installed by its id or its name. What one does whose `UniqueIdentifier` exists is switch CUSTOM_AGAIN.")
    .reads::<NewCustomConnector>(Need::Required, EXAMPLE)
    .answers::<CustomConnectorView<'_>>("The definition, with its id."),
    Operation::new(
        "GET /account/connectors/custom/{id}",
        "getCustomConnector",
        "Shows one of the account's own connectors.",
        "2.4",
    )
    .path(&[ID])
    .answers::<CustomConnectorView<'_>>("The definition."),
    Operation::new(
        "PUT /account/connectors/custom/{id}",
        "updateCustomConnector",
        "Changes one of the account's own connectors.",
        "2.4",
    )
    .path(&[ID])
    .reads::<CustomConnectorChange>(Need::Required, EXAMPLE)
    .answers::<CustomConnectorView<'_>>("The definition as it is now."),
    Operation::new(
        "DELETE /account/connectors/custom/{id}",
        "deleteCustomConnector",
        "Deletes one of the account's own connectors.",
        "2.4",
    )
    .says("Where it is installed it works on.")
    .path(&[ID])
    .answers::<CustomConnectorView<'_>>("The definition as it was."),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let live = call.account()?.custom_connectors.iter();
    let mut rows: Vec<&CustomConnector> = live.filter(|one| !one.deleted).collect();
    match Order::of(&call.query) {
        Order::Id => rows.sort_by_key(|one| one.id),
        Order::Name => rows.sort_by_key(|one| one.text("Name")),
    }
    let variants = &call.instance.variants;
    Ok(page(&call.query, variants, rows, CustomConnectorView::new))
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::json(&CustomConnectorView::new(find(call)?)))
}

/// The custom connector of the path.
fn find<'c>(call: &'c Call<'_>) -> Result<&'c CustomConnector, Refusal> {
    let id = call.number(0)?;
    let mut live = call.account()?.custom_connectors.iter();
    let found = live.find(|one| one.id == id && !one.deleted);
    found.ok_or_else(|| Refusal::missing("Connector"))
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    let definition = check(definition(call)?)?;
    let mut made = CustomConnector {
        definition,
        ..CustomConnector::default()
    };
    let mut live = call.account()?.custom_connectors.iter();
    let identifier = made.text("UniqueIdentifier");
    let known = live.find(|one| !one.deleted && one.text("UniqueIdentifier") == identifier);
    let known = known.map(|one| one.id);
    match (known, call.instance.variants.position(Switch::CustomAgain)) {
        (Some(_), "400") => Err(Refusal::bad_request(
            "Invalid connector: (UniqueIdentifier is in use)",
        )),
        (Some(id), "overwrite") => {
            made.id = id;
            put(call, &made, Action::Updated)
        }
        _ => {
            made.id = call.instance.next_custom_id();
            put(call, &made, Action::Created)
        }
    }
}

/// Merges, as other PUTs do: a part of the definition that is left out stays.
pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    let mut changed = find(call)?.clone();
    for (key, value) in definition(call)? {
        changed.definition.insert(key, value);
    }
    changed.definition = check(changed.definition)?;
    put(call, &changed, Action::Updated)
}

/// Where it is installed it works on, as releases do that the library no longer lists.
pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    let gone = find(call)?.clone();
    let mut installed = call.account()?.connectors.iter();
    let is_used = installed.any(|one| one.connector.custom_id == Some(gone.id));
    let own = &mut call.account_mut()?.custom_connectors;
    if is_used {
        let left = own.iter_mut().filter(|one| one.id == gone.id);
        left.for_each(|one| one.deleted = true);
    } else {
        own.retain(|one| one.id != gone.id);
        call.instance.library.remove_custom(gone.id);
    }
    note(call, &gone, Action::Deleted);
    Ok(Reply::json(&CustomConnectorView::new(&gone)))
}

/// The definition of the body, with the names that are known as the vendor writes them.
fn definition(call: &Call<'_>) -> Result<Map<String, Value>, Refusal> {
    let Some(input) = Input::parse(call.body)? else {
        return Err(Refusal::bad_request("Invalid connector: (no definition)"));
    };
    let mut definition = Map::new();
    for (key, value) in input.fields() {
        if key.eq_ignore_ascii_case("Id") {
            continue;
        }
        let known = KNOWN.iter().find(|known| known.eq_ignore_ascii_case(key));
        let key = known.map_or(key.as_str(), |known| known);
        definition.insert(key.to_owned(), value.clone());
    }
    Ok(definition)
}

/// The two things that a definition cannot do without (cyclr-api.md 5).
fn check(mut definition: Map<String, Value>) -> Result<Map<String, Value>, Refusal> {
    let identifier = definition.get("UniqueIdentifier").and_then(Value::as_str);
    let parsed = identifier.and_then(|text| Uuid::try_parse(text.trim()).ok());
    let Some(identifier) = parsed else {
        return Err(Refusal::invalid("UniqueIdentifier", "A GUID was expected."));
    };
    let input = Input::from(definition.clone());
    let Given::Value(name) = input.text("Name")? else {
        return Err(Refusal::bad_request(
            "Invalid connector: (Column 'Name' cannot be null)",
        ));
    };
    definition.insert("Name".to_owned(), name.into());
    definition.insert("UniqueIdentifier".to_owned(), identifier.to_string().into());
    Ok(definition)
}

/// Stores a custom connector, and shows it.
fn put(call: &mut Call<'_>, custom: &CustomConnector, action: Action) -> Outcome {
    call.instance.publish_custom(custom);
    let own = &mut call.account_mut()?.custom_connectors;
    match own.iter_mut().find(|one| one.id == custom.id) {
        Some(known) => *known = custom.clone(),
        None => own.push(custom.clone()),
    }
    note(call, custom, action);
    Ok(Reply::json(&CustomConnectorView::new(custom)))
}

fn note(call: &mut Call<'_>, custom: &CustomConnector, action: Action) {
    let name = custom.text("Name").unwrap_or_default();
    call.record(action, "custom_connector", name, custom.id);
}
