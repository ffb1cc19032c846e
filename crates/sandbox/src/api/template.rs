//! `/templates` (cyclr-api.md 2.7).

use super::prefill;
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
use crate::view::{CycleView, TemplateOptions, TemplateView};
use crate::world::{ConnectorReference, CycleConnector, CycleStatus, Template, TemplateConnector};

const ID: Parameter = Parameter::guid("id", "The template's id.");
const FILTER: &[Parameter] = &[
    Parameter::text("tag", "A tag, in this very case."),
    Parameter::text("connectorName", "The name of a connector that is used."),
    Parameter::text(
        "connectorVersion",
        "The version of a connector that is used.",
    ),
];
const SHOWN: &[Parameter] = &[
    Parameter::switch("includeIcons", "Whether icons of connectors are shown."),
    Parameter::switch(
        "includePrerequisites",
        "Whether it is shown what an install leaves to be mapped.",
    ),
    Parameter::switch(
        "includeOptional",
        "Whether these hold what may stay unmapped as well.",
    ),
    Parameter::switch(
        "lookupCustomFields",
        "Whether these hold the account's custom fields as well.",
    ),
];

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /templates",
        "listTemplates",
        "Lists the published templates.",
        "2.7",
    )
    .query(&[PAGED, ORDERED, FILTER, SHOWN])
    .lists::<TemplateView<'_>>("A page of templates."),
    Operation::new(
        "GET /templates/{id}",
        "getTemplate",
        "Shows a template.",
        "2.7",
    )
    .path(&[ID])
    .query(&[SHOWN])
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
        "It cannot be told which installed connector to use (switches U3 and U3_PARENT), or mappings are wrong (switch U22).",
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
                        && version.is_none_or(|version| is_version(call, one, version))
                }))
    };
    let mut rows: Vec<&Template> = call.instance.library.templates().filter(fits).collect();
    match Order::of(&call.query) {
        Order::Id => rows.sort_by(|one, other| one.id.cmp(&other.id)),
        Order::Name => rows.sort_by(|one, other| one.name.cmp(&other.name)),
    }
    let instance = &*call.instance;
    let options = options(call, false);
    let render = |one| TemplateView::new(instance, one, options);
    Ok(page(&call.query, &instance.variants, rows, render))
}

/// Whether a connector of a template is of a version, also when it leaves its version out.
fn is_version(call: &Call<'_>, wanted: &TemplateConnector, version: &str) -> bool {
    let reference = ConnectorReference {
        name: wanted.name.clone(),
        version: wanted.version.clone(),
        custom_id: None,
    };
    let found = call.instance.library.find(&reference);
    let found = found.and_then(|entry| entry.connector.version.as_deref());
    found.or(wanted.version.as_deref()) == Some(version)
}

/// What the query asks for besides.
fn options<'c>(call: &'c Call<'_>, icons: bool) -> TemplateOptions<'c> {
    let asked = |name: &str| call.query.boolean(name) == Some(true);
    TemplateOptions {
        icons: call.query.boolean("includeIcons").unwrap_or(icons),
        prerequisites: asked("includePrerequisites"),
        optional: asked("includeOptional"),
        custom_fields_of: call.account().ok().filter(|_| asked("lookupCustomFields")),
    }
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    let template = find(call)?;
    Ok(Reply::json(&TemplateView::new(
        call.instance,
        template,
        options(call, true),
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
    let input = Input::parse_or_empty(call.body)?;
    // What is wrong with the body shows before anything is installed.
    let mut trial = instantiate(&template, String::new(), Vec::new(), call.instance.identity);
    prefill::install(call, &template, &mut trial, &input)?;
    let mut bindings = Vec::new();
    for wanted in &template.connectors {
        let binding = call.instance.bind(call.account()?, wanted);
        let problem = match binding {
            Binding::Existing(_) | Binding::Missing => None,
            Binding::Ambiguous => Some("There are several account connectors of"),
            Binding::Above => Some("Only a parent account has an account connector of"),
        };
        if let Some(problem) = problem {
            return Err(Refusal::bad_request(format!(
                "{problem} '{}'.",
                wanted.name
            )));
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
    prefill::install(call, &template, &mut cycle, &input)?;
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
