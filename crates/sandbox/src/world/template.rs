//! `Template`: a blueprint that an account installs as a cycle.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Step, is_default};

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
    /// Number of the live release; a cycle made from an earlier one can be upgraded.
    #[serde(default, skip_serializing_if = "is_default")]
    pub release: u32,
    /// Folder it was imported into.
    #[serde(default, skip_serializing_if = "is_default")]
    pub folder_id: Option<String>,
    /// It came by an import, and so stands beside a shipped one of its name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub imported: bool,
    /// Connectors its steps use.
    #[serde(default, skip_serializing_if = "is_default")]
    pub connectors: Vec<TemplateConnector>,
    /// Variables, copied to the cycles made from it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub variables: Vec<Variable>,
    /// Steps in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub steps: Vec<Step>,
    /// Which step follows which, by name; left out: each follows the one before it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub edges: Option<Vec<TemplateEdge>>,
}

impl Default for Template {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            description: String::new(),
            tags: Vec::new(),
            published: true,
            release: 0,
            folder_id: None,
            imported: false,
            connectors: Vec::new(),
            variables: Vec::new(),
            steps: Vec::new(),
            edges: None,
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

/// One step of a template follows another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct TemplateEdge {
    /// Name of the earlier step.
    pub from: String,
    /// Name of the step that follows it.
    pub to: String,
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
