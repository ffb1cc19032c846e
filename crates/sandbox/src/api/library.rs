//! `/connectors` and `/methods`: the connector library (cyclr-api.md 2.3).

use serde_json::value::RawValue;

use crate::call::Call;
use crate::page::{Order, page};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::Entry;
use crate::variant::Switch;
use crate::view::MethodView;
use crate::world::{Connector, ConnectorReference, ConnectorStatus};

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let query = call.query.get("query").unwrap_or_default().to_lowercase();
    let category = call.query.get("category");
    let fits = |entry: &&Entry| {
        let connector = &entry.connector;
        connector.status != ConnectorStatus::Draft
            && connector.name.to_lowercase().contains(&query)
            && category.is_none_or(|category| {
                connector
                    .categories
                    .iter()
                    .any(|one| one.eq_ignore_ascii_case(category))
            })
    };
    let mut rows: Vec<&Entry> = call.instance.library.connectors().filter(fits).collect();
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
    let found: Vec<&RawValue> = call
        .instance
        .library
        .named(call.segment(0))
        .map(Entry::rendered)
        .collect();
    array(call, &found)
}

pub(crate) fn by_version(call: &mut Call<'_>) -> Outcome {
    let version = call.segment(1);
    let named = call.instance.library.named(call.segment(0));
    let fits = named.filter(|entry| entry.connector.version.as_deref() == Some(version));
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
    let rows: Vec<_> = rows.into_iter().map(MethodView::new).collect();
    Reply::json(&rows)
}

pub(crate) fn method(call: &mut Call<'_>) -> Outcome {
    let id = call.number(0)?;
    let methods = call
        .instance
        .library
        .connectors()
        .flat_map(|entry| &entry.connector.methods);
    let found = methods.into_iter().find(|method| method.id == id);
    found
        .map(|one| Reply::json(&MethodView::new(one)))
        .ok_or_else(|| Refusal::missing("Method"))
}

/// The connector of a numeric path.
pub(crate) fn entry_by_id<'c>(call: &'c Call<'_>) -> Result<&'c Entry, Refusal> {
    let found = call.instance.library.connector(call.number(0)?);
    found.ok_or_else(|| Refusal::missing("Connector"))
}

/// The connector of a path by name; without a version, the last listed.
pub(crate) fn entry_by_name<'c>(
    call: &'c Call<'_>,
    version: Option<String>,
) -> Result<&'c Entry, Refusal> {
    let library = &call.instance.library;
    let found = match version {
        Some(_) => library.find(&ConnectorReference {
            name: call.segment(0).to_owned(),
            version,
        }),
        None => library.latest(call.segment(0)),
    };
    found.ok_or_else(|| Refusal::missing("Connector"))
}
