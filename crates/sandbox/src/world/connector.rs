//! `Connector`: one release of a connector in the library.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Field, TargetTrigger, Trigger, is_default};

/// One connector release of the library (cyclr-api.md 2.3).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Connector {
    /// Id of the release; `0` is made up from name and version.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: u64,
    /// Name, shared by all releases of the connector.
    pub name: String,
    /// Version of the third party's API, such as `v3` or `1.0`; null when it has none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub version: Option<String>,
    /// What the connector is for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: String,
    /// Whether it can be installed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub status: ConnectorStatus,
    /// Categories that `?category=` matches.
    #[serde(default, skip_serializing_if = "is_default")]
    pub categories: Vec<String>,
    /// A `data:image/...;base64` URL, or null.
    #[serde(default, skip_serializing_if = "is_default")]
    pub icon: Option<String>,
    /// A utility that needs no authentication.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_system_connector: bool,
    /// Authentication methods; the first is the default. None: no authentication is needed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub authentication: Vec<Authentication>,
    /// Parameters; those with `IsAccountConnectorProperty` are the properties of an installation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parameters: Vec<Parameter>,
    /// Look-ups, which `POST .../triggers/{triggerId}` calls.
    #[serde(default, skip_serializing_if = "is_default")]
    pub triggers: Vec<Trigger>,
    /// Methods that steps can call.
    #[serde(default, skip_serializing_if = "is_default")]
    pub methods: Vec<Method>,
}

/// Whether a connector release can be installed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ConnectorStatus {
    /// It can be installed.
    #[default]
    Approved,
    /// It is being built and cannot be installed.
    Draft,
    /// It can be installed, and is shown when the partner enables such connectors.
    Beta,
    /// It is announced, and is shown when the partner enables such connectors.
    Planned,
}

/// One way to authenticate a connector.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Authentication {
    /// GUID; empty is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// Name of the method, such as `API Key`.
    pub auth_name: String,
    /// What the customer has to provide.
    #[serde(default, skip_serializing_if = "is_default")]
    pub auth_description: String,
    /// Kind of authentication.
    pub auth_type: AuthType,
    /// Grant, for OAuth 2.
    #[serde(default, rename = "OAuth2Type", skip_serializing_if = "is_default")]
    pub oauth2_type: Option<OAuth2Type>,
    /// Scheme word of the header, such as `Bearer`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub auth_scheme: Option<String>,
}

/// Kinds of authentication (cyclr-api.md 2.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AuthType {
    /// A key in `AuthValue`.
    ApiKey,
    /// User name and password, base64 of `user:password` in `AuthValue`.
    Basic,
    /// OAuth 1, signed in by the customer.
    OAuth1,
    /// OAuth 2, by one of the grants.
    OAuth2,
    /// None is needed.
    #[default]
    None,
    /// Connector-specific fields, given as properties.
    AuthFields,
}

/// Grants of OAuth 2 (cyclr-api.md 2.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum OAuth2Type {
    /// Not said.
    #[default]
    Unknown,
    /// The customer signs in.
    AuthorisationCode,
    /// Client id and secret.
    ClientCredentials,
    /// User name and password.
    PasswordCredentials,
}

/// A parameter of a connector or of one of its methods.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Parameter {
    /// Id; `0` is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: u64,
    /// Display name.
    pub name: String,
    /// Key of the property; empty takes the display name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target_name: String,
    /// Where the value goes: `HttpHeader`, `MergeField`, `QueryString`, ...
    #[serde(default, skip_serializing_if = "is_default")]
    pub target_type: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: String,
    /// It is set per installation, as a property.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_account_connector_property: bool,
    /// It may be left unset.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_optional: bool,
    /// Its value is a secret.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_sensitive: bool,
    /// `Text`, `Integer`, ... ; empty is `Text`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub data_type: String,
    /// Place among the parameters; left out: as listed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub display_order: Option<u32>,
    /// Values to choose from, for a value list.
    #[serde(default, skip_serializing_if = "is_default")]
    pub values: Vec<NamedValue>,
    /// Name of the trigger that looks up its values; left out: that of its first trigger.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trigger_name: Option<String>,
    /// Triggers of the connector that look up values for it in the third party's system.
    #[serde(default, skip_serializing_if = "is_default")]
    pub triggers: Vec<TargetTrigger>,
}

/// One choice of a value list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct NamedValue {
    /// What people see.
    pub name: String,
    /// What is sent.
    pub value: String,
}

/// A method of a connector.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Method {
    /// Id in this release; `0` is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: u64,
    /// GUID that is the same in every release; empty is made up from connector and method name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method_unique_identifier: String,
    /// Name.
    pub name: String,
    /// What it does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: String,
    /// Category that `?category=` matches.
    #[serde(default, skip_serializing_if = "is_default")]
    pub category: String,
    /// HTTP verb of the third party's endpoint, such as `GET`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method_type: String,
    /// Path of the third party's endpoint.
    #[serde(default, skip_serializing_if = "is_default")]
    pub end_point: String,
    /// Parameters of the call.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parameters: Vec<Parameter>,
    /// Fields of the request, which a new step gets mappings for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub request_fields: Vec<Field>,
    /// Fields of the response, which later steps can take values from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub response_fields: Vec<Field>,
    /// Request fields that are found only when a step looks for the customer's own fields.
    #[serde(default, skip_serializing_if = "is_default")]
    pub discovered_fields: Vec<Field>,
    /// What the third party answers to a call, any JSON; left out: the method's name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub response: Option<serde_json::Value>,
}
