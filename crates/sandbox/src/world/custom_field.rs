//! `CustomField`: a field of the customer's own, added to an installed connector.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// A field that the third party's system has for this customer alone (cyclr-api.md 2.4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CustomField {
    /// Id; `0` is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: u64,
    /// Key of the field in the third party's system.
    pub connector_field: String,
    /// Key of the field elsewhere, or null.
    #[serde(default, skip_serializing_if = "is_default")]
    pub system_field: Option<String>,
    /// Name that people see.
    #[serde(default, skip_serializing_if = "is_default")]
    pub display_name: Option<String>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: Option<String>,
    /// `Text`, `Integer`, ... ; empty is `Text`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub data_type: String,
    /// Method that has the field; empty is the GUID of zeros, which stands for all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method_unique_identifier: String,
    /// Format of the value, or null.
    #[serde(default, skip_serializing_if = "is_default")]
    pub data_type_format: Option<String>,
    /// Entity that has the field, or null.
    #[serde(default, skip_serializing_if = "is_default")]
    pub entity_identifier: Option<String>,
    /// It is of the method's request; otherwise of its response.
    #[serde(default, skip_serializing_if = "is_default")]
    pub for_request_format: bool,
}
