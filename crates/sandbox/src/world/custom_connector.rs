//! `CustomConnector`: a connector that an account has defined for itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::is_default;

/// A connector of one account alone (cyclr-api.md 2.4).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CustomConnector {
    /// Id; `0` is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: u64,
    /// It was deleted while it was installed, and works on where it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deleted: bool,
    /// The definition as it was given, with `Name`, `UniqueIdentifier` and all else.
    pub definition: Map<String, Value>,
}

impl CustomConnector {
    /// A text of the definition, if it has it.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.definition.get(key).and_then(Value::as_str)
    }
}
