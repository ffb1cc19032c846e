//! Look-ups of a connector as responses show them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::world::{Trigger, TriggerValue};

/// A look-up that a connector offers (cyclr-api.md 2.3, 2.9).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TriggerView<'a> {
    /// Id for `POST /account/connectors/{id}/triggers/{triggerId}`.
    trigger_id: u64,
    /// Name.
    name: &'a str,
    /// Method that it calls, or null.
    method_id: Option<u64>,
}

impl<'a> TriggerView<'a> {
    pub(crate) fn new(trigger: &'a Trigger) -> Self {
        Self {
            trigger_id: trigger.trigger_id,
            name: &trigger.name,
            method_id: trigger.method_id,
        }
    }
}

/// One value that a look-up finds (cyclr-api.md 2.5).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TriggerValueView<'a> {
    /// What people see; it may be missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    /// What is sent.
    value: &'a str,
}

impl<'a> TriggerValueView<'a> {
    pub(crate) fn new(value: &'a TriggerValue) -> Self {
        Self {
            name: value.name.as_deref(),
            value: &value.value,
        }
    }
}
