//! `/templates` (cyclr-api.md 2.7).

use crate::body::AnyObject;
use crate::call::Call;
use crate::date;
use crate::input::Input;
use crate::ledger::Action;
use crate::openapi::{Need, ORDERED, Operation, PAGED, Parameter};
use crate::page::{Order, page};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::{Binding, Instance, instantiate};
use crate::variant::Switch;
use crate::view::{CycleView, TemplateView};
use crate::world::{CycleConnector, CycleStatus, Template};

const ID: Parameter = Parameter::guid("id", "The template's id.");
const FILTER: &[Parameter] = &[
    Parameter::text("tag", "A tag, in this very case."),
    Parameter::text("connectorName", "The name of a connector that is used."),
    Parameter::text(
        "connectorVersion",
        "The version of a connector that is used.",
    ),
    Parameter::switch("includeIcons", "Whether icons of connectors are shown."),
];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /templates",
        "listTemplates",
        "Lists the published templates.",
        "2.7",
    )
    .query(&[PAGED, ORDERED, FILTER])
    .lists::<TemplateView<'_>>("A page of templates."),
    Operation::new(
        "GET /templates/{id}",
        "getTemplate",
        "Shows a template.",
        "2.7",
    )
    .path(&[ID])
    .query(&[&[Parameter::switch(
        "includeIcons",
        "Whether icons of connectors are shown.",
    )]])
    .answers::<TemplateView<'_>>("The template."),
    Operation::new(
        "POST /templates/{id}/install",
        "installTemplate",
        "Installs a template in an account, as a new cycle.",
        "2.7",
    )
    .says("Every call makes another cycle. Connectors that are missing are installed.")
    .path(&[ID])
    .reads::<AnyObject>(Need::Optional, "{}")
    .answers::<CycleView<'_>>("The cycle, paused.")
    .refuses(&[(
        400,
        "It cannot be told which installed connector to use (switch U3).",
    )]),
];

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    let tag = call.query.get("tag");
    let name = call.query.get("connectorName");
    let version = call.query.get("connectorVersion");
    let fits = |template: &&Template| {
        template.published
            // Case matters (cyclr-api.md 2.7).
            && tag.is_none_or(|tag| template.tags.iter().any(|one| one == tag))
            && (name.is_none() && version.is_none()
                || template.connectors.iter().any(|one| {
                    name.is_none_or(|name| one.name.eq_ignore_ascii_case(name))
                        && version.is_none_or(|version| one.version.as_deref() == Some(version))
                }))
    };
    let mut rows: Vec<&Template> = call.instance.library.templates().filter(fits).collect();
    match Order::of(&call.query) {
        Order::Id => rows.sort_by(|one, other| one.id.cmp(&other.id)),
        Order::Name => rows.sort_by(|one, other| one.name.cmp(&other.name)),
    }
    let icons = call.query.boolean("includeIcons").unwrap_or(false);
    let instance = &*call.instance;
    let render = |one| TemplateView::new(instance, one, icons);
    Ok(page(&call.query, &instance.variants, rows, render))
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    let template = find(call)?;
    let icons = call.query.boolean("includeIcons").unwrap_or(true);
    Ok(Reply::json(&TemplateView::new(
        call.instance,
        template,
        icons,
    )))
}

fn find<'c>(call: &'c Call<'_>) -> Result<&'c Template, Refusal> {
    let template = call.instance.library.template(call.guid(0)?);
    template
        .filter(|one| one.published)
        .ok_or_else(|| Refusal::missing("Template"))
}

/// Makes a new cycle every time it is called, and installs the connectors that are missing.
pub(crate) fn install(call: &mut Call<'_>) -> Outcome {
    let template = find(call)?.clone();
    // What the body may hold is in no source: it is read and ignored (U22's first behaviour).
    Input::parse_or_empty(call.body)?;
    let mut bindings = Vec::new();
    for wanted in &template.connectors {
        let binding = call.instance.bind(call.account()?, wanted);
        if matches!(binding, Binding::Ambiguous) {
            let message = format!("There are several account connectors of '{}'.", wanted.name);
            return Err(Refusal::bad_request(message));
        }
        bindings.push((wanted, binding));
    }
    let mut connectors = Vec::new();
    for (wanted, binding) in bindings {
        let account_connector_id = if let Binding::Existing(id) = binding {
            id
        } else {
            let name = Instance::free_name(call.account()?, &wanted.name);
            let bare = call.instance.bare_connector(name.clone(), wanted);
            let id = bare.id;
            call.account_mut()?.connectors.push(bare);
            call.record(Action::Created, "account_connector", &name, id);
            id
        };
        connectors.push(CycleConnector {
            name: wanted.name.clone(),
            version: wanted.version.clone(),
            account_connector_id,
        });
    }
    let id = call.instance.next_guid("cycle");
    let mut cycle = instantiate(&template, id.clone(), connectors, call.instance.identity);
    cycle.created_on_utc = date::round_trip(call.now);
    if call.instance.variants.is(Switch::U21, "suffixed") {
        let taken = |name: &str| {
            call.account().is_ok_and(|account| {
                let live = |status| status != CycleStatus::DeleteScheduled;
                account
                    .cycles
                    .iter()
                    .any(|one| one.name == name && live(one.status))
            })
        };
        let numbered = (2u32..).map(|number| format!("{} {number}", template.name));
        let names = std::iter::once(template.name.clone()).chain(numbered);
        cycle.name = names
            .into_iter()
            .find(|name| !taken(name))
            .unwrap_or(cycle.name);
    }
    let name = cycle.name.clone();
    call.account_mut()?.cycles.push(cycle);
    call.record(Action::Created, "cycle", &name, &id);
    let account = call.account()?;
    let cycle = account
        .cycle(&id)
        .ok_or_else(|| Refusal::missing("Cycle"))?;
    Ok(Reply::json(&CycleView::new(
        call.instance,
        account,
        cycle,
        true,
    )))
}
