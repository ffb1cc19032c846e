//! `/connectors` and `/methods`: the connector library (cyclr-api.md 2.3).

use serde_json::value::RawValue;

use crate::call::Call;
use crate::openapi::{ORDERED, Operation, PAGED, Parameter};
use crate::page::{Order, page};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::Entry;
use crate::variant::Switch;
use crate::view::{ConnectorView, Found, MethodView};
use crate::world::{Connector, ConnectorReference, ConnectorStatus};

const ID_OR_NAME: Parameter = Parameter::text(
    "idOrName",
    "The connector's id if it is made of digits, or else its name.",
);
const NAME: Parameter = Parameter::text("name", "The connector's name.");
const VERSION: Parameter = Parameter::text("version", "The connector's version, such as `1.0`.");
const FILTER: &[Parameter] = &[
    Parameter::text("query", "A part of the name, in any case."),
    Parameter::text("category", "A category, in any case."),
];
const LIST_FILTER: &[Parameter] = &[Parameter::switch(
    "includeCustomConnectors",
    "Whether accounts' own connectors are listed.",
)];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /connectors",
        "listConnectors",
        "Lists the library's connectors.",
        "2.3",
    )
    .query(&[PAGED, ORDERED, FILTER, LIST_FILTER])
    .lists::<ConnectorView<'_>>("A page of connectors."),
    Operation::new(
        "GET /connectors/{idOrName}",
        "getConnector",
        "Shows a connector by id, or all of a name.",
        "2.3",
    )
    .routes(&["GET /connectors/{id}", "GET /connectors/{name}"])
    .says("By id, the answer is an object; by name, it is an array.")
    .path(&[ID_OR_NAME])
    .answers::<Found<'_>>("The connector, or those of the name.")
    .refuses(&[(400, "The id is too large.")]),
    Operation::new(
        "GET /connectors/{idOrName}/methods",
        "listMethods",
        "Lists the methods of a connector.",
        "2.3",
    )
    .routes(&[
        "GET /connectors/{id}/methods",
        "GET /connectors/{name}/methods",
    ])
    .path(&[ID_OR_NAME])
    .query(&[FILTER])
    .answers::<Vec<MethodView<'_>>>("The methods, by name.")
    .refuses(&[(400, "The id is too large.")]),
    Operation::new(
        "GET /connectors/{name}/{version}",
        "listConnectorReleases",
        "Shows a connector by name and version.",
        "2.3",
    )
    .path(&[NAME, VERSION])
    .answers::<Vec<ConnectorView<'_>>>("The connectors of that name and version."),
    Operation::new(
        "GET /connectors/{name}/{version}/methods",
        "listMethodsOfRelease",
        "Lists the methods of a version of a connector.",
        "2.3",
    )
    .path(&[NAME, VERSION])
    .query(&[FILTER])
    .answers::<Vec<MethodView<'_>>>("The methods, by name."),
    Operation::new("GET /methods/{id}", "getMethod", "Shows a method.", "2.3")
        .path(&[Parameter::number("id", "The method's id.")])
        .answers::<MethodView<'_>>("The method."),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let query = call.query.get("query").unwrap_or_default().to_lowercase();
    let category = call.query.get("category");
    let at_start = call.instance.variants.is(Switch::NameQuery, "start");
    let fits = |entry: &&Entry| {
        let connector = &entry.connector;
        let name = connector.name.to_lowercase();
        let is_named = name.starts_with(&query) || (!at_start && name.contains(&query));
        is_named
            && connector.status != ConnectorStatus::Draft
            && category.is_none_or(|category| {
                connector
                    .categories
                    .iter()
                    .any(|one| one.eq_ignore_ascii_case(category))
            })
    };
    let named = call.query.boolean("includeCustomConnectors");
    let by_default = call.instance.variants.is(Switch::CustomListed, "true");
    let custom = own_custom(call).filter(|_| named.unwrap_or(by_default));
    let all = call.instance.library.connectors().chain(custom);
    let mut rows: Vec<&Entry> = all.filter(fits).collect();
    match Order::of(&call.query) {
        Order::Id => rows.sort_by_key(|entry| entry.connector.id),
        Order::Name => rows.sort_by(|one, other| {
            let key = |entry: &Entry| (entry.connector.name.to_lowercase(), entry.connector.id);
            key(one).cmp(&key(other))
        }),
    }
    Ok(page(
        &call.query,
        &call.instance.variants,
        rows,
        Entry::rendered,
    ))
}

pub(crate) fn by_id(call: &mut Call<'_>) -> Outcome {
    Ok(Reply::json(entry_by_id(call)?.rendered()))
}

pub(crate) fn by_name(call: &mut Call<'_>) -> Outcome {
    let found: Vec<&RawValue> = named(call).map(Entry::rendered).collect();
    array(call, &found)
}

pub(crate) fn by_version(call: &mut Call<'_>) -> Outcome {
    let version = call.segment(1);
    let fits = named(call).filter(|entry| entry.connector.version.as_deref() == Some(version));
    let found: Vec<&RawValue> = fits.map(Entry::rendered).collect();
    array(call, &found)
}

/// By name, the answer is an array even of one (cyclr-api.md 2.3); of none: U19.
fn array(call: &Call<'_>, found: &[&RawValue]) -> Outcome {
    if found.is_empty() && !call.instance.variants.is(Switch::U19, "empty") {
        return Err(Refusal::missing("Connector"));
    }
    Ok(Reply::json(found))
}

pub(crate) fn methods_by_id(call: &mut Call<'_>) -> Outcome {
    Ok(methods(call, &entry_by_id(call)?.connector))
}

pub(crate) fn methods_by_name(call: &mut Call<'_>) -> Outcome {
    Ok(methods(call, &entry_by_name(call, None)?.connector))
}

pub(crate) fn methods_by_version(call: &mut Call<'_>) -> Outcome {
    let version = Some(call.segment(1).to_owned());
    Ok(methods(call, &entry_by_name(call, version)?.connector))
}

fn methods(call: &Call<'_>, connector: &Connector) -> Reply {
    let query = call.query.get("query").unwrap_or_default().to_lowercase();
    let category = call.query.get("category");
    let fits = |method: &&crate::world::Method| {
        method.name.to_lowercase().contains(&query)
            && category.is_none_or(|category| method.category.eq_ignore_ascii_case(category))
    };
    let mut rows: Vec<_> = connector.methods.iter().filter(fits).collect();
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    let render = |method| MethodView::new(connector, method);
    let rows: Vec<_> = rows.into_iter().map(render).collect();
    Reply::json(&rows)
}

pub(crate) fn method(call: &mut Call<'_>) -> Outcome {
    let id = call.number(0)?;
    let entries = call.instance.library.connectors().chain(own_custom(call));
    let found = entries.into_iter().find_map(|entry| {
        let mut methods = entry.connector.methods.iter();
        let method = methods.find(|method| method.id == id)?;
        Some(MethodView::new(&entry.connector, method))
    });
    found
        .map(|view| Reply::json(&view))
        .ok_or_else(|| Refusal::missing("Method"))
}

/// The custom connectors of the call's account.
pub(super) fn own_custom<'c>(call: &'c Call<'_>) -> impl Iterator<Item = &'c Entry> {
    let account = call.account().ok().into_iter();
    let live = account.flat_map(|account| &account.custom_connectors);
    let live = live.filter(|custom| !custom.deleted);
    live.filter_map(|custom| call.instance.library.custom(custom.id))
}

/// The releases of a path by name: the library's, or else the account's own.
fn named<'c>(call: &'c Call<'_>) -> impl Iterator<Item = &'c Entry> {
    let name = call.segment(0);
    let is_known = call.instance.library.named(name).next().is_some();
    let own = own_custom(call)
        .filter(move |entry| !is_known && entry.connector.name.eq_ignore_ascii_case(name));
    call.instance.library.named(name).chain(own)
}

/// The connector of a numeric path.
pub(crate) fn entry_by_id<'c>(call: &'c Call<'_>) -> Result<&'c Entry, Refusal> {
    let id = call.number(0)?;
    let own = || own_custom(call).find(|entry| entry.connector.id == id);
    let found = call.instance.library.connector(id).or_else(own);
    found.ok_or_else(|| Refusal::missing("Connector"))
}

/// The connector of a path by name; without a version, the last listed.
pub(crate) fn entry_by_name<'c>(
    call: &'c Call<'_>,
    version: Option<String>,
) -> Result<&'c Entry, Refusal> {
    let library = &call.instance.library;
    let wanted = ConnectorReference {
        name: call.segment(0).to_owned(),
        version,
        custom_id: None,
    };
    let found = match wanted.version {
        Some(_) => library.find(&wanted),
        None => library.latest(&wanted.name),
    };
    let own = || {
        named(call)
            .find(|entry| wanted.version.is_none() || entry.connector.version == wanted.version)
    };
    let found = found.or_else(own);
    found.ok_or_else(|| Refusal::missing("Connector"))
}
