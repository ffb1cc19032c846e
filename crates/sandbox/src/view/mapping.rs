//! Mappings of steps and prerequisites as responses show them.

use schemars::JsonSchema;
use serde::Serialize;

use super::TargetTriggerView;
use crate::state::Instance;
use crate::world::{Account, Cycle, Field, NamedValue, Step, Target, TriggerValue};

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

/// Where a target stands: what its triggers are looked up for.
pub(crate) type Place<'a> = (&'a Account, &'a Cycle, &'a Step);

impl<'a> MappingView<'a> {
    pub(crate) fn new(
        instance: &'a Instance,
        place: Place<'a>,
        kind: MappingKind,
        target: &'a Target,
    ) -> Self {
        let is_field = kind == MappingKind::Field;
        let targets = match kind {
            MappingKind::Parameter => &place.2.parameters,
            MappingKind::Field => &place.2.fields,
        };
        let index = targets.iter().position(|one| one.id == target.id);
        let view = || TargetView::new(instance, place, target, index.unwrap_or_default());
        Self {
            parameter: (!is_field).then(view),
            field: is_field.then(view),
            is_entity_identifier: target.is_entity_identifier,
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
    triggers: Vec<TargetTriggerView<'a>>,
}

impl<'a> TargetView<'a> {
    fn new(instance: &'a Instance, place: Place<'a>, target: &'a Target, order: usize) -> Self {
        let (account, cycle, step) = place;
        let connector = instance.connector_of(account, cycle, step);
        let installed = instance.installed_of(account, cycle, step);
        let known = connector.map_or(&[][..], |connector| &connector.triggers);
        let installed = installed.map(|installed| installed.id);
        let triggers = TargetTriggerView::all(known, installed, &target.triggers);
        let first = triggers.first().map(TargetTriggerView::name);
        Self {
            id: target.id,
            name: &target.name,
            description: &target.description,
            is_optional: target.is_optional,
            data_type: &target.data_type,
            trigger_name: target.trigger_name.as_deref().or(first),
            values: &target.values,
            display_order: order,
            triggers,
        }
    }

    /// All parameters or fields of a step.
    pub(crate) fn all(
        instance: &'a Instance,
        place: Place<'a>,
        targets: &'a [Target],
    ) -> Vec<Self> {
        let numbered = targets.iter().enumerate();
        numbered
            .map(|(order, target)| Self::new(instance, place, target, order))
            .collect()
    }
}

/// A value that a trigger looked up (cyclr-api.md 2.9).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LookupView<'a> {
    /// What people see.
    name: Option<&'a str>,
    /// What is sent.
    value: &'a str,
}

impl<'a> LookupView<'a> {
    pub(crate) fn new(value: &'a TriggerValue) -> Self {
        Self {
            name: value.name.as_deref(),
            value: &value.value,
        }
    }
}

/// A field of an earlier step, which a later one can take its value from.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CandidateView<'a> {
    /// Id of the field: `SourceFieldId` of a mapping.
    id: u64,
    /// Name of the field.
    name: &'a str,
    /// What it is for.
    description: &'a str,
    /// `Text`, `Integer`, ...
    data_type: &'a str,
    /// GUID of the earlier step: `SourceStepId` of a mapping.
    step_id: &'a str,
    /// Name of the earlier step.
    step_name: &'a str,
}

impl<'a> CandidateView<'a> {
    pub(crate) fn new(step: &'a Step, field: &'a Field) -> Self {
        Self {
            id: field.id,
            name: &field.name,
            description: &field.description,
            data_type: &field.data_type,
            step_id: &step.id,
            step_name: &step.name,
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
