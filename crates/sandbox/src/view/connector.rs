//! A connector of the library as responses show it.

use schemars::JsonSchema;
use serde::Serialize;

use super::{TargetTriggerView, TriggerView};
use crate::world::{
    AuthType, Authentication, Connector, ConnectorStatus, Method, NamedValue, OAuth2Type,
    Parameter, Trigger,
};

/// A connector release (cyclr-api.md 2.3).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConnectorView<'a> {
    id: u64,
    name: &'a str,
    description: &'a str,
    status: ConnectorStatus,
    version: Option<&'a str>,
    icon: Option<&'a str>,
    auth_description: &'a str,
    auth_type: AuthType,
    #[serde(rename = "OAuth2Type")]
    oauth2_type: Option<OAuth2Type>,
    auth_scheme: Option<&'a str>,
    categories: &'a [String],
    triggers: Vec<TriggerView<'a>>,
    is_system_connector: bool,
    parameters: Vec<ParameterView<'a>>,
    authentication: Vec<AuthenticationView<'a>>,
}

impl<'a> ConnectorView<'a> {
    pub(crate) fn new(connector: &'a Connector) -> Self {
        let default = connector.authentication.first();
        Self {
            id: connector.id,
            name: &connector.name,
            description: &connector.description,
            status: connector.status,
            version: connector.version.as_deref(),
            icon: connector.icon.as_deref(),
            auth_description: default.map_or("", |one| &one.auth_description),
            auth_type: default.map_or(AuthType::None, |one| one.auth_type),
            oauth2_type: default.and_then(|one| one.oauth2_type),
            auth_scheme: default.and_then(|one| one.auth_scheme.as_deref()),
            categories: &connector.categories,
            triggers: connector.triggers.iter().map(TriggerView::new).collect(),
            is_system_connector: connector.is_system_connector,
            parameters: ParameterView::list(&connector.triggers, &connector.parameters),
            authentication: connector
                .authentication
                .iter()
                .map(AuthenticationView::new)
                .collect(),
        }
    }
}

/// What looking a connector up answers (cyclr-api.md 2.3).
#[derive(Debug, JsonSchema)]
#[schemars(untagged, rename = "FoundConnector")]
#[expect(
    dead_code,
    reason = "only its schema is used: connectors are rendered ahead of time"
)]
pub(crate) enum Found<'a> {
    /// The one with the id.
    ById(ConnectorView<'a>),
    /// All of the name.
    ByName(Vec<ConnectorView<'a>>),
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct AuthenticationView<'a> {
    id: &'a str,
    auth_name: &'a str,
    auth_description: &'a str,
    auth_type: AuthType,
    #[serde(rename = "OAuth2Type")]
    oauth2_type: Option<OAuth2Type>,
    auth_scheme: Option<&'a str>,
}

impl<'a> AuthenticationView<'a> {
    fn new(one: &'a Authentication) -> Self {
        Self {
            id: &one.id,
            auth_name: &one.auth_name,
            auth_description: &one.auth_description,
            auth_type: one.auth_type,
            oauth2_type: one.oauth2_type,
            auth_scheme: one.auth_scheme.as_deref(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ParameterView<'a> {
    id: u64,
    name: &'a str,
    description: &'a str,
    is_account_connector_property: bool,
    target_type: Option<&'a str>,
    target_name: &'a str,
    is_sensitive: bool,
    is_optional: bool,
    data_type: &'a str,
    trigger_name: Option<&'a str>,
    values: &'a [NamedValue],
    display_order: u32,
    /// Look-ups that find values for it.
    triggers: Vec<TargetTriggerView<'a>>,
}

impl<'a> ParameterView<'a> {
    /// All parameters of a connector or a method, in their order.
    fn list(offered: &'a [Trigger], parameters: &'a [Parameter]) -> Vec<Self> {
        let numbered = parameters.iter().zip(0..);
        let views = numbered.map(|(one, place)| Self::new(offered, one, place));
        views.collect()
    }

    fn new(offered: &'a [Trigger], parameter: &'a Parameter, place: u32) -> Self {
        let triggers = TargetTriggerView::all(offered, None, &parameter.triggers);
        let first = triggers.first().map(TargetTriggerView::name);
        Self {
            id: parameter.id,
            name: &parameter.name,
            description: &parameter.description,
            is_account_connector_property: parameter.is_account_connector_property,
            target_type: parameter.target_type.as_deref(),
            target_name: &parameter.target_name,
            is_sensitive: parameter.is_sensitive,
            is_optional: parameter.is_optional,
            data_type: &parameter.data_type,
            trigger_name: parameter.trigger_name.as_deref().or(first),
            values: &parameter.values,
            display_order: parameter.display_order.unwrap_or(place),
            triggers,
        }
    }
}

/// A method of a connector (cyclr-api.md 2.3).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MethodView<'a> {
    id: u64,
    name: &'a str,
    description: &'a str,
    category: &'a str,
    method_type: &'a str,
    end_point: &'a str,
    method_unique_identifier: &'a str,
    parameters: Vec<ParameterView<'a>>,
}

impl<'a> MethodView<'a> {
    pub(crate) fn new(connector: &'a Connector, method: &'a Method) -> Self {
        Self {
            id: method.id,
            name: &method.name,
            description: &method.description,
            category: &method.category,
            method_type: &method.method_type,
            end_point: &method.end_point,
            method_unique_identifier: &method.method_unique_identifier,
            parameters: ParameterView::list(&connector.triggers, &method.parameters),
        }
    }
}
