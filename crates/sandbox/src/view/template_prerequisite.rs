//! What an install of a template leaves to be mapped.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use super::TemplateOptions;
use super::export::step_id;
use crate::state::Instance;
use crate::world::{CustomField, Step, Target, Template};

/// One thing to be mapped after an install (cyclr-api.md 2.7; the shape is inferred from 2.8).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TemplatePrerequisiteView<'a> {
    /// Step that it is of.
    step_id: Cow<'a, str>,
    /// Name of the step.
    step_name: &'a str,
    /// 40 for a parameter, 41 for a field, and for other steps as prerequisites of cycles have it.
    reason_code: u32,
    /// The reason in words.
    reason: &'static str,
    /// `Parameter`, `ConnectorFieldMapping`, or `Action` for a step that is no call of a method.
    object_type: &'static str,
    /// Id of the parameter or field; null for a step.
    object_id: Option<u64>,
    /// Name of the parameter, the field or the step.
    name: &'a str,
    /// It may stay unmapped.
    is_optional: bool,
}

/// All of a template, in the order of its steps.
pub(super) fn prerequisites<'a>(
    instance: &'a Instance,
    template: &'a Template,
    options: TemplateOptions<'a>,
) -> Vec<TemplatePrerequisiteView<'a>> {
    let mut found = Vec::new();
    for step in &template.steps {
        let row = |target: Row<'a>| TemplatePrerequisiteView {
            step_id: step_id(instance, template, step),
            step_name: &step.name,
            reason_code: target.reason.0,
            reason: target.reason.1,
            object_type: target.object_type,
            object_id: target.object_id,
            name: target.name,
            is_optional: target.is_optional,
        };
        found.extend(setup(step).map(row));
        let parameters = open(&step.parameters, options).map(Row::parameter);
        let fields = open(&step.fields, options).map(Row::field);
        found.extend(parameters.chain(fields).map(row));
        if options.optional {
            found.extend(
                own_fields(instance, step, options)
                    .map(Row::custom)
                    .map(row),
            );
        }
    }
    found
}

/// What a row says besides its step.
struct Row<'a> {
    reason: (u32, &'static str),
    object_type: &'static str,
    object_id: Option<u64>,
    name: &'a str,
    is_optional: bool,
}

impl<'a> Row<'a> {
    fn parameter(target: &'a Target) -> Self {
        Self {
            reason: (40, "Missing parameter mapping"),
            object_type: "Parameter",
            object_id: Some(target.id),
            name: &target.name,
            is_optional: target.is_optional,
        }
    }

    fn field(target: &'a Target) -> Self {
        Self {
            reason: (41, "Missing field mapping"),
            object_type: "ConnectorFieldMapping",
            ..Self::parameter(target)
        }
    }

    fn custom(field: &'a CustomField) -> Self {
        Self {
            reason: (41, "Missing field mapping"),
            object_type: "ConnectorFieldMapping",
            object_id: Some(field.id),
            name: field
                .display_name
                .as_deref()
                .unwrap_or(&field.connector_field),
            is_optional: true,
        }
    }
}

/// What an install leaves unmapped: what is not mapped, and what is User Configurable.
fn open<'a>(
    targets: &'a [Target],
    options: TemplateOptions<'_>,
) -> impl Iterator<Item = &'a Target> {
    let is_open = |target: &&Target| target.mapping_type.is_none() || target.is_launch_visible;
    let is_asked = move |target: &&Target| options.optional || !target.is_optional;
    targets.iter().filter(is_open).filter(is_asked)
}

/// What a step needs that is no call of a method (cyclr-api.md 2.7, release of May 2023).
fn setup(step: &Step) -> Option<Row<'_>> {
    let is = |kind: &str| step.action_type.eq_ignore_ascii_case(kind);
    let reason = if is("Decision") && step.criteria.is_empty() {
        (31, "Missing decision criteria")
    } else if is("Delay") && step.delay.is_none() {
        (32, "Missing delay period")
    } else if is("WaitUntil") && step.wait_until.is_none() {
        (33, "Missing date to wait until")
    } else {
        return None;
    };
    Some(Row {
        reason,
        object_type: "Action",
        object_id: None,
        name: &step.name,
        is_optional: false,
    })
}

/// The custom fields that the account has for the request of a step's method.
fn own_fields<'a>(
    instance: &'a Instance,
    step: &'a Step,
    options: TemplateOptions<'a>,
) -> impl Iterator<Item = &'a CustomField> {
    let account = options.custom_fields_of.into_iter();
    let installed = account.flat_map(|account| &account.connectors);
    let installed =
        installed.filter(|one| !step.connector.is_empty() && one.connector.name == step.connector);
    installed.flat_map(|installed| {
        let entry = instance.library.find(&installed.connector);
        let mut methods = entry.into_iter().flat_map(|entry| &entry.connector.methods);
        let method = methods.find(|method| method.name == step.method);
        installed.custom_fields.iter().filter(move |field| {
            let id = &field.method_unique_identifier;
            let is_of_all = uuid::Uuid::try_parse(id).is_ok_and(|id| id.is_nil());
            let is_of_it = method
                .is_some_and(|method| method.method_unique_identifier.eq_ignore_ascii_case(id));
            field.for_request_format && (is_of_all || is_of_it)
        })
    })
}
