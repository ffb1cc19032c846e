//! `Folder`: a place for templates in the console.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// A folder that an import of a template may name (cyclr-api.md 2.7).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Folder {
    /// GUID; empty is made up from the name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// Name.
    pub name: String,
}
