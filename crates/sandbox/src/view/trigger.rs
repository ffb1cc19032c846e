//! Look-ups of a connector as responses show them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::world::{TargetTrigger, Trigger, TriggerValue};

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

/// A trigger that looks up values for a parameter or field (cyclr-api.md 2.9).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TargetTriggerView<'a> {
    /// The installed connector that is asked; null in the library, where none is.
    account_connector_id: Option<u64>,
    /// Method that is called.
    method_id: Option<u64>,
    /// Id of the connector's look-up.
    trigger_id: u64,
    /// Name.
    name: &'a str,
    /// Key of the response that people see.
    human_readable_key: Option<&'a str>,
    /// Key of the response that is sent.
    identifier_key: Option<&'a str>,
    /// Look-ups that are made with what this one found.
    sub_triggers: Vec<Self>,
    /// Entity that it belongs to.
    entity_id: Option<&'a str>,
}

impl<'a> TargetTriggerView<'a> {
    /// Triggers of a connector that offers some look-ups, as deep as they are written, which a
    /// file's reader bounds.
    pub(crate) fn all(
        offered: &'a [Trigger],
        account_connector_id: Option<u64>,
        triggers: &'a [TargetTrigger],
    ) -> Vec<Self> {
        let view = |one: &'a TargetTrigger| {
            let mut offers = offered.iter();
            let known = offers.find(|known| known.trigger_id == one.trigger_id);
            let name = known.map_or("", |known| &known.name);
            Self {
                account_connector_id,
                method_id: one.method_id.or(known.and_then(|known| known.method_id)),
                trigger_id: one.trigger_id,
                name: if one.name.is_empty() { name } else { &one.name },
                human_readable_key: one.human_readable_key.as_deref(),
                identifier_key: one.identifier_key.as_deref(),
                sub_triggers: Self::all(offered, account_connector_id, &one.sub_triggers),
                entity_id: one.entity_id.as_deref(),
            }
        };
        triggers.iter().map(view).collect()
    }

    /// Its name.
    pub(crate) fn name(&self) -> &'a str {
        self.name
    }
}
