//! A custom connector as responses show it.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::world::CustomConnector;

/// A connector that an account defined for itself (cyclr-api.md 2.4).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CustomConnectorView<'a> {
    /// Id of the connector.
    id: u64,
    /// The definition as it was given: `Name`, `UniqueIdentifier`, `Methods` and all else.
    #[serde(flatten)]
    definition: &'a Map<String, Value>,
}

impl<'a> CustomConnectorView<'a> {
    pub(crate) fn new(custom: &'a CustomConnector) -> Self {
        Self {
            id: custom.id,
            definition: &custom.definition,
        }
    }
}
