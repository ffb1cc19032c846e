//! `Target`: a parameter or a field of a step, and what is mapped to it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NamedValue, is_default};

/// A parameter or a field of a step, and what is mapped to it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Target {
    /// Id, bound to the connector's release; `0` is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: u64,
    /// Display name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: String,
    /// It may be left unmapped.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_optional: bool,
    /// User Configurable: an install of the template does not copy its value.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_launch_visible: bool,
    /// It identifies the record that the step works on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_entity_identifier: bool,
    /// A field that is a key, which has a prerequisite of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub key: Option<TargetKey>,
    /// `Text`, `Integer`, ... ; empty is `Text`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub data_type: String,
    /// Values to choose from, for a value list.
    #[serde(default, skip_serializing_if = "is_default")]
    pub values: Vec<NamedValue>,
    /// Name of the trigger that looks up its values; left out: that of its first trigger.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trigger_name: Option<String>,
    /// Triggers of the connector that look up values for it in the third party's system.
    #[serde(default, skip_serializing_if = "is_default")]
    pub triggers: Vec<TargetTrigger>,
    /// How it is mapped, such as `StaticValue`; null is unmapped.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mapping_type: Option<String>,
    /// The mapped value.
    #[serde(default, skip_serializing_if = "is_default")]
    pub value: Option<String>,
    /// Field of an earlier step that it takes its value from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source_field_id: Option<u64>,
    /// The earlier step; in a template, which has no ids of steps, its name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source_step_id: Option<String>,
    /// The value looked up through a trigger.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trigger_value: Option<String>,
    /// Its display name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trigger_value_display_name: Option<String>,
}

/// What a key field is the key of (cyclr-api.md 2.8, codes 42 and 43).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TargetKey {
    /// Key of a collection.
    Collection,
    /// Key that tells a webhook's events apart.
    Webhook,
}

/// A trigger of a parameter or field: a method that looks up values (cyclr-api.md 2.9).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TargetTrigger {
    /// Id of the connector's trigger.
    pub trigger_id: u64,
    /// Name; empty takes the connector's trigger's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: String,
    /// Method that is called.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method_id: Option<u64>,
    /// Key of the response that people see.
    #[serde(default, skip_serializing_if = "is_default")]
    pub human_readable_key: Option<String>,
    /// Key of the response that is sent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub identifier_key: Option<String>,
    /// Triggers that are called with what this one found.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sub_triggers: Vec<Self>,
    /// Entity that it belongs to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub entity_id: Option<String>,
}

/// A field of a method's request or response.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Field {
    /// Id, bound to the connector's release; `0` is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: u64,
    /// Display name.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: String,
    /// It may be left unmapped.
    #[serde(default, skip_serializing_if = "is_default")]
    pub is_optional: bool,
    /// `Text`, `Integer`, ... ; empty is `Text`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub data_type: String,
    /// Values to choose from, for a value list.
    #[serde(default, skip_serializing_if = "is_default")]
    pub values: Vec<NamedValue>,
    /// A field that is a key, which has a prerequisite of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub key: Option<TargetKey>,
}
