//! Mappings of steps and prerequisites as responses show them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::world::{NamedValue, Target};

/// Whether a mapping is of a parameter or of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MappingKind {
    /// Under `/parameters`.
    Parameter,
    /// Under `/fieldmappings`.
    Field,
}

/// A mapping (cyclr-api.md 2.9); only fields have `IsLaunchVisible`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MappingView<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    parameter: Option<TargetView<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<TargetView<'a>>,
    is_entity_identifier: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_launch_visible: Option<bool>,
    mapping_type: Option<&'a str>,
    source_field_id: Option<u64>,
    source_step_id: Option<&'a str>,
    trigger_value: Option<&'a str>,
    trigger_value_display_name: Option<&'a str>,
    value: Option<&'a str>,
}

impl<'a> MappingView<'a> {
    pub(crate) fn new(kind: MappingKind, target: &'a Target) -> Self {
        let is_field = kind == MappingKind::Field;
        Self {
            parameter: (!is_field).then(|| TargetView::new(target)),
            field: is_field.then(|| TargetView::new(target)),
            is_entity_identifier: false,
            is_launch_visible: is_field.then_some(target.is_launch_visible),
            mapping_type: target.mapping_type.as_deref(),
            source_field_id: target.source_field_id,
            source_step_id: target.source_step_id.as_deref(),
            trigger_value: target.trigger_value.as_deref(),
            trigger_value_display_name: target.trigger_value_display_name.as_deref(),
            value: target.value.as_deref(),
        }
    }
}

/// A parameter or a field that can be mapped.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TargetView<'a> {
    id: u64,
    name: &'a str,
    description: &'a str,
    is_optional: bool,
    data_type: &'a str,
    trigger_name: Option<&'a str>,
    values: &'a [NamedValue],
    display_order: usize,
    triggers: [(); 0],
}

impl<'a> TargetView<'a> {
    pub(crate) fn new(target: &'a Target) -> Self {
        Self {
            id: target.id,
            name: &target.name,
            description: &target.description,
            is_optional: target.is_optional,
            data_type: &target.data_type,
            trigger_name: None,
            values: &target.values,
            display_order: 0,
            triggers: [],
        }
    }
}

/// What is left to do before a cycle can run (cyclr-api.md 2.8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Prerequisite {
    pub(crate) reason_code: u32,
    pub(crate) reason: &'static str,
    pub(crate) object_type: &'static str,
    /// A number or a GUID, by the type.
    pub(crate) object_id: serde_json::Value,
}
