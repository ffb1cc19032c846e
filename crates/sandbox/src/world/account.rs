//! `Account`: one customer, with everything installed for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CustomConnector, CustomField, Cycle, Hidden, User, is_default};

/// One customer of the partner (cyclr-api.md 2.1).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Account {
    /// API id; empty is made up as a GUID.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// Name.
    pub name: String,
    /// Description.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: Option<String>,
    /// Free text of the partner.
    #[serde(default, skip_serializing_if = "is_default")]
    pub audit_info: Option<String>,
    /// More free text of the partner.
    #[serde(default, skip_serializing_if = "is_default")]
    pub task_audit_info: Option<String>,
    /// IANA name of the time zone; empty is `UTC`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub timezone: String,
    /// When it was created; empty is the first of January 2026.
    #[serde(default, skip_serializing_if = "is_default")]
    pub created_date: String,
    /// Next bill; empty is a month after its creation.
    #[serde(default, skip_serializing_if = "is_default")]
    pub next_bill_date_utc: String,
    /// Hours for which data of successful steps is kept; null is the console's default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub step_data_success_retention_hours: Option<i64>,
    /// Hours for which data of failed steps is kept; null is the console's default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub step_data_errored_retention_hours: Option<i64>,
    /// Errors of transactions are posted to the URL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transaction_error_webhook_enabled: bool,
    /// The URL that errors are posted to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transaction_error_webhook_url: Option<String>,
    /// Warnings are posted as well.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transaction_error_webhook_include_warnings: bool,
    /// The account it is a sub-account of.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parent_account_id: Option<String>,
    /// People who may sign in, by name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub users: Vec<User>,
    /// Connectors that the account defined for itself.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custom_connectors: Vec<CustomConnector>,
    /// Installed connectors.
    #[serde(default, skip_serializing_if = "is_default")]
    pub connectors: Vec<AccountConnector>,
    /// When a delayed removal takes it away (U11), in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "is_default")]
    pub removed_at_milliseconds: Option<i64>,
    /// Installed templates, and integrations built there.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cycles: Vec<Cycle>,
}

/// A connector installed in an account (cyclr-api.md 2.4).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct AccountConnector {
    /// Id; `0` is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: u64,
    /// Its own name, unique in the account.
    pub name: String,
    /// Description.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: Option<String>,
    /// The connector that is installed.
    pub connector: ConnectorReference,
    /// Authentication method chosen (a GUID of the connector's `Authentication`).
    #[serde(default, skip_serializing_if = "is_default")]
    pub authentication_id: Option<String>,
    /// Credential.
    #[serde(default, skip_serializing_if = "is_default")]
    pub auth_value: Option<Hidden>,
    /// Whether it is authenticated; left out: whether there is a credential or none is needed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub authenticated: Option<bool>,
    /// The partner's own connector, hidden from the customer.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_partner_integration_connector: bool,
    /// Properties.
    #[serde(default, skip_serializing_if = "is_default")]
    pub properties: Vec<Property>,
    /// Fields of the customer's own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custom_fields: Vec<CustomField>,
}

/// Names a connector release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ConnectorReference {
    /// Name of the connector.
    pub name: String,
    /// Version; left out: the last one listed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub version: Option<String>,
    /// Id of the account's custom connector, when it is one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custom_id: Option<u64>,
}

/// A property of an installed connector.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Property {
    /// Id; `0` is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: u64,
    /// Key, the parameter's `TargetName`.
    pub name: String,
    /// Value.
    #[serde(default, skip_serializing_if = "is_default")]
    pub value: Option<Hidden>,
}
