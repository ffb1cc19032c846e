//! `Trigger`: a look-up of a connector, and what the third party would answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// A look-up that a connector offers (cyclr-api.md 2.3, 2.5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Trigger {
    /// Id; `0` is made up. A world may call it `Id` too.
    #[serde(default, alias = "Id", skip_serializing_if = "is_default")]
    pub trigger_id: u64,
    /// Name.
    pub name: String,
    /// Method that it calls.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method_id: Option<u64>,
    /// What the third party answers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub values: Vec<TriggerValue>,
}

/// One value that a look-up finds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TriggerValue {
    /// What people see; it may be missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is sent.
    pub value: String,
}
