//! Bodies about installed connectors and their properties (cyclr-api.md 2.4).

use schemars::JsonSchema;

use super::lenient::{Flag, Name, Text};

/// How a connector is to be installed.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct Installation {
    /// Its name, unique in the account; left out or empty, it is that of the connector.
    name: Option<Text>,
    /// Free text.
    description: Option<Text>,
    /// One of the connector's `Authentication`; left out or empty, the first.
    authentication_id: Option<Text>,
    /// The credential, written as its kind wants it: the key of `ApiKey`, Base64 of `user:password` of
    /// `Basic`, JSON as text of `OAuth2`. Left out for one that a person signs in to.
    auth_value: Option<Text>,
    /// Values for those of the connector's parameters that are `IsAccountConnectorProperty`.
    properties: Option<Vec<InstalledProperty>>,
    /// Whether it is your own, and hidden from the customer.
    is_partner_integration_connector: Option<Flag>,
}

/// A property that is installed along.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(super) struct InstalledProperty {
    /// The parameter's `TargetName`.
    name: Text,
    /// Its value.
    value: Option<Text>,
    /// Ignored.
    id: Option<serde_json::Value>,
}

/// What is to change about an installed connector. What is left out stays as it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct AccountConnectorChange {
    /// Its name, unique in the account (switch U16).
    name: Option<Text>,
    /// Free text.
    description: Option<Text>,
    /// One of the connector's `Authentication` (switch U16).
    authentication_id: Option<Text>,
    /// The credential.
    auth_value: Option<Text>,
    /// Properties to write; others stay.
    properties: Option<Vec<NewProperty>>,
    /// Whether it is your own, and hidden from the customer.
    is_partner_integration_connector: Option<Flag>,
}

/// A property.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct NewProperty {
    /// Its name.
    name: Name,
    /// Its value.
    value: Option<Text>,
    /// Ignored.
    id: Option<serde_json::Value>,
}

/// What is to change about a property. What is left out stays as it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct PropertyChange {
    /// Its name.
    name: Option<Text>,
    /// Its value.
    value: Option<Text>,
    /// Ignored: the id of the path counts.
    id: Option<serde_json::Value>,
}
