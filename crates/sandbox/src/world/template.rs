//! `Template`: a blueprint that an account installs as a cycle, and the steps it is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{NamedValue, is_default};

/// A template of the partner's library (cyclr-api.md 2.7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Template {
    /// GUID; empty is made up from the name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// Name.
    pub name: String,
    /// What it does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: String,
    /// Tags, copied to the cycles made from it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tags: Vec<String>,
    /// Only published templates are listed and can be installed.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub published: bool,
    /// Connectors its steps use.
    #[serde(default, skip_serializing_if = "is_default")]
    pub connectors: Vec<TemplateConnector>,
    /// Variables, copied to the cycles made from it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub variables: Vec<Variable>,
    /// Steps in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub steps: Vec<Step>,
}

impl Default for Template {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            description: String::new(),
            tags: Vec::new(),
            published: true,
            connectors: Vec::new(),
            variables: Vec::new(),
            steps: Vec::new(),
        }
    }
}

fn yes() -> bool {
    true
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_yes(value: &bool) -> bool {
    *value
}

/// A connector that a template needs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TemplateConnector {
    /// Name of the connector.
    pub name: String,
    /// Version of the connector; left out: the last one listed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub version: Option<String>,
    /// What an install does when the account has the connector already.
    #[serde(default, skip_serializing_if = "is_default")]
    pub installation: Installation,
}

/// What an install of a template does about a connector.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Installation {
    /// Uses the account's, and installs one only where there is none.
    #[default]
    Existing,
    /// Always installs a new one.
    Fresh,
}

/// A variable of a template or a cycle.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Variable {
    /// Name that people see.
    pub display_name: String,
    /// Name in paths; empty is made from the display name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub system_name: String,
    /// Value, or null.
    #[serde(default, skip_serializing_if = "is_default")]
    pub value: Option<String>,
    /// How the value is given, such as `StaticValue`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mapping_type: Option<String>,
}

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
    /// `Action` (when left out), `Decision`, `Delay`, ...
    #[serde(default, skip_serializing_if = "is_default")]
    pub action_type: String,
    /// Name of the connector it calls; empty for a step without one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub connector: String,
    /// Name of the connector's method.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method: String,
    /// Parameters of the method, with their mappings.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parameters: Vec<Target>,
    /// Request fields of the method, with their mappings.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fields: Vec<Target>,
}

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
    /// `Text`, `Integer`, ... ; empty is `Text`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub data_type: String,
    /// Values to choose from, for a value list.
    #[serde(default, skip_serializing_if = "is_default")]
    pub values: Vec<NamedValue>,
    /// How it is mapped, such as `StaticValue`; null is unmapped.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mapping_type: Option<String>,
    /// The mapped value.
    #[serde(default, skip_serializing_if = "is_default")]
    pub value: Option<String>,
    /// Field of an earlier step that it takes its value from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source_field_id: Option<u64>,
    /// The earlier step.
    #[serde(default, skip_serializing_if = "is_default")]
    pub source_step_id: Option<String>,
    /// The value looked up through a trigger.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trigger_value: Option<String>,
    /// Its display name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub trigger_value_display_name: Option<String>,
}
