//! `/connectors/.../install`: a connector of the library into an account (cyclr-api.md 2.4).

use axum::http::StatusCode;

use super::library::{entry_by_id, entry_by_name};
use crate::body::Installation;
use crate::call::Call;
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::openapi::{Need, Operation, Parameter, When};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::Instance;
use crate::variant::Switch;
use crate::view::AccountConnectorView;
use crate::world::{AccountConnector, AuthType, Connector, ConnectorStatus, Property};

const REFUSALS: &[(u16, &str)] = &[(
    400,
    "A property does not exist or is none of an installed connector, the connector is a draft, the name is in \
     use, or there is no such `AuthenticationId`.",
)];
const SWITCHED: &[When] = &[
    When::refuses(Switch::U8, "409", 409, "The name is in use."),
    When::refuses(Switch::NullBody, "500", 500, "There is no body."),
];
const EXAMPLE: &str =
    r#"{"Name": "Mailchimp for news", "Properties": [{"Name": "DataCenter", "Value": "us1"}]}"#;

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "POST /connectors/{idOrName}/install",
        "installConnector",
        "Installs a connector in an account.",
        "2.4",
    )
    .routes(&[
        "POST /connectors/{id}/install",
        "POST /connectors/{name}/install",
    ])
    .path(&[Parameter::text(
        "idOrName",
        "The connector's id if it is made of digits, or else its name.",
    )])
    .reads::<Installation>(Need::Required, EXAMPLE)
    .answers::<AccountConnectorView<'_>>("The installed connector.")
    .refuses(REFUSALS)
    .switched(SWITCHED),
    Operation::new(
        "POST /connectors/{name}/{version}/install",
        "installConnectorRelease",
        "Installs a version of a connector in an account.",
        "2.4",
    )
    .path(&[
        Parameter::text("name", "The connector's name."),
        Parameter::text("version", "The connector's version, such as `1.0`."),
    ])
    .reads::<Installation>(Need::Required, EXAMPLE)
    .answers::<AccountConnectorView<'_>>("The installed connector.")
    .refuses(REFUSALS)
    .switched(SWITCHED),
];

pub(crate) fn by_id(call: &mut Call<'_>) -> Outcome {
    let connector = entry_by_id(call)?.connector.clone();
    install(call, &connector)
}

pub(crate) fn by_name(call: &mut Call<'_>) -> Outcome {
    let connector = entry_by_name(call, None)?.connector.clone();
    install(call, &connector)
}

pub(crate) fn by_version(call: &mut Call<'_>) -> Outcome {
    // No source shows the path of this route (cyclr-api.md 2.0).
    if call.instance.variants.is(Switch::InstallByVersion, "404") {
        return Err(Refusal::missing("Connector"));
    }
    let version = Some(call.segment(1).to_owned());
    let connector = entry_by_name(call, version)?.connector.clone();
    install(call, &connector)
}

fn install(call: &mut Call<'_>, connector: &Connector) -> Outcome {
    let Some(input) = Input::parse(call.body)? else {
        // The suite keeps its test of a null body commented out: 500 then (cyclr-api.md 1.5).
        let is_broken = call.instance.variants.is(Switch::NullBody, "500");
        return Err(if is_broken {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "An error has occurred.")
        } else {
            Refusal::invalid("body", "A body was expected.")
        });
    };
    let installed = prepare(call, connector, &input)?;
    check_name(call, &installed.name, 0)?;
    let id = add(call, installed)?;
    let account = call.account()?;
    let installed = account
        .connector(id)
        .ok_or_else(|| Refusal::missing("Account connector"))?;
    Ok(Reply::json(&AccountConnectorView::written(
        call.instance,
        installed,
    )))
}

/// Puts a connector that is ready into the call's account, and says what its id is.
pub(super) fn add(call: &mut Call<'_>, mut installed: AccountConnector) -> Result<u64, Refusal> {
    installed.id = call.instance.next_number();
    let (name, id) = (installed.name.clone(), installed.id);
    call.account_mut()?.connectors.push(installed);
    call.record(Action::Created, "account_connector", &name, id);
    Ok(id)
}

/// Makes an installed connector of a body; it has no id yet, and its name may be taken.
pub(super) fn prepare(
    call: &mut Call<'_>,
    connector: &Connector,
    input: &Input,
) -> Result<AccountConnector, Refusal> {
    if matches!(connector.status, ConnectorStatus::Draft) {
        let message = format!(
            "Connector {} is a draft and cannot be installed.",
            connector.id
        );
        return Err(Refusal::bad_request(message));
    }
    let name = input.text("Name")?.value().filter(|name| !name.is_empty());
    let mut installed = AccountConnector {
        name: match name {
            Some(name) => name,
            None if call.instance.variants.is(Switch::DefaultName, "numbered") => {
                Instance::free_name(call.account()?, &connector.name)
            }
            None => connector.name.clone(),
        },
        description: input.text("Description")?.value(),
        connector: call.instance.library.reference(connector),
        is_partner_integration_connector: input
            .boolean("IsPartnerIntegrationConnector")?
            .value()
            .unwrap_or_default(),
        ..AccountConnector::default()
    };
    choose_authentication(&mut installed, connector, input.text("AuthenticationId")?)?;
    for property in input.list("Properties")?.value().unwrap_or_default() {
        let (name, value) = (
            property.text("Name")?.value(),
            property.text("Value")?.value(),
        );
        let name = name.unwrap_or_default();
        check_property(connector, &name)?;
        installed
            .properties
            .retain(|known| !known.name.eq_ignore_ascii_case(&name));
        let id = call.instance.next_number();
        installed.properties.push(Property {
            id,
            name,
            value: value.map(Into::into),
        });
    }
    if let Given::Value(value) = input.text("AuthValue")? {
        set_credential(call, &mut installed, value)?;
    }
    installed.authenticated = Some(call.instance.holds_credential(&installed));
    Ok(installed)
}

/// Writes a credential; an empty one counts as none. U17 may refuse it.
pub(crate) fn set_credential(
    call: &Call<'_>,
    installed: &mut AccountConnector,
    value: String,
) -> Result<(), Refusal> {
    if value.is_empty() {
        return Ok(());
    }
    if call.instance.variants.is(Switch::U17, "tested") && value.contains("wrong") {
        return Err(Refusal::bad_request("Authentication failed."));
    }
    installed.auth_value = Some(value.into());
    Ok(())
}

/// Writes the chosen method, which has to be one of the connector's.
pub(crate) fn choose_authentication(
    installed: &mut AccountConnector,
    connector: &Connector,
    given: Given<String>,
) -> Result<(), Refusal> {
    let Some(id) = given.value().filter(|id| !id.is_empty()) else {
        return Ok(());
    };
    if !connector
        .authentication
        .iter()
        .any(|one| one.id.eq_ignore_ascii_case(&id))
    {
        let message = format!("There is no authentication with ID '{id}'.");
        return Err(Refusal::bad_request(message));
    }
    installed.authentication_id = Some(id);
    Ok(())
}

/// The two errors about properties (cyclr-api.md 2.4).
pub(crate) fn check_property(connector: &Connector, name: &str) -> Result<(), Refusal> {
    // OAuth apps may be given per installation under exactly these names (cyclr-api.md 2.6).
    let is_oauth = connector
        .authentication
        .iter()
        .any(|one| matches!(one.auth_type, AuthType::OAuth1 | AuthType::OAuth2));
    if is_oauth && matches!(name, "ClientId" | "ClientSecret") {
        return Ok(());
    }
    let mut parameters = connector.parameters.iter();
    match parameters.find(|one| one.target_name.eq_ignore_ascii_case(name)) {
        None => Err(Refusal::bad_request(format!(
            "There is not a connector property that matches name '{name}'."
        ))),
        Some(parameter) if !parameter.is_account_connector_property => Err(Refusal::bad_request(
            format!("Connector property name '{name}' is not an account connector property."),
        )),
        Some(_) => Ok(()),
    }
}

/// Names are unique in an account (U8 says how the error looks).
pub(crate) fn check_name(call: &Call<'_>, name: &str, except: u64) -> Result<(), Refusal> {
    if !call.account()?.has_connector_named(name, except) {
        return Ok(());
    }
    let quoted = format!("Account connector name '{name}' is in use.");
    Err(match call.instance.variants.position(Switch::U8) {
        "plain" => Refusal::bad_request(format!("Account connector name {name} is in use.")),
        "409" => Refusal::new(StatusCode::CONFLICT, quoted),
        _ => Refusal::bad_request(quoted),
    })
}
