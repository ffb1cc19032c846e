//! `Step`: one step of a template or a cycle, and what it needs before it can run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Target, is_default};

/// A step of a template or a cycle.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Step {
    /// GUID of a cycle's step; a template's steps need none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// Name.
    pub name: String,
    /// What it does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: String,
    /// `Action` (when left out), `Webhook`, `Decision`, `Delay`, `WaitUntil`, ...
    #[serde(default, skip_serializing_if = "is_default")]
    pub action_type: String,
    /// Name of the connector it calls; empty for a step without one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub connector: String,
    /// Installed connector it was pointed at; left out: the one its cycle is bound to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub account_connector_id: Option<u64>,
    /// Name of the connector's method.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method: String,
    /// Parameters of the method, with their mappings.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parameters: Vec<Target>,
    /// Request fields of the method, with their mappings.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fields: Vec<Target>,
    /// Fields that a look for the customer's own fields adds.
    #[serde(default, skip_serializing_if = "is_default")]
    pub discovered_fields: Vec<Target>,
    /// When a look that was started ends, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "is_default")]
    pub discovers_at_milliseconds: Option<i64>,
    /// What a `Decision` compares; it has to have at least one comparison.
    #[serde(default, skip_serializing_if = "is_default")]
    pub criteria: Vec<Criterion>,
    /// How long a `Delay` waits.
    #[serde(default, skip_serializing_if = "is_default")]
    pub delay: Option<Delay>,
    /// What a `WaitUntil` waits for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub wait_until: Option<WaitUntil>,
}

/// One comparison of a `Decision` step (cyclr-api.md 2.8, codes 31, 50 and 51).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Criterion {
    /// What is compared.
    #[serde(default, skip_serializing_if = "is_default")]
    pub left_operand: Option<String>,
    /// How, such as `Equals`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub operator: Option<String>,
    /// What it is compared with.
    #[serde(default, skip_serializing_if = "is_default")]
    pub right_operand: Option<String>,
}

/// How long a `Delay` step waits (cyclr-api.md 2.8, codes 32, 60 and 61).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Delay {
    /// `Minutes`, `Hours`, `Days`, ...
    #[serde(default, skip_serializing_if = "is_default")]
    pub unit: Option<String>,
    /// How many of them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub interval: Option<i64>,
}

/// What a `WaitUntil` step waits for (cyclr-api.md 2.8, codes 33 and 70).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct WaitUntil {
    /// The date.
    #[serde(default, skip_serializing_if = "is_default")]
    pub date: Option<String>,
}
