//! A template as it is exported to a file, and read back from one (cyclr-api.md 2.7).
//!
//! The vendor's format has numbers for its enumerations. Only that of `Action` is known
//! (cyclr-api.md 1.4); the others are the places in the lists below. Names are read as well.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::state::Instance;
use crate::world::{ConnectorReference, Step, Target, TargetKey, Template};

/// Enumerations of an export, by the name of the field; a value's number is its place.
const ENUMERATIONS: &[(&str, &[&str])] = &[
    (
        "ActionType",
        &[
            "Webhook",
            "Decision",
            "Delay",
            "Loop",
            "Action",
            "WaitUntil",
        ],
    ),
    (
        "MappingType",
        &[
            "Ignore",
            "StaticValue",
            "ValueList",
            "Variable",
            "PreviousStep",
            "Lookup",
        ],
    ),
    ("DataType", crate::api::custom_field::DATA_TYPES),
    ("Installation", &["Existing", "Fresh"]),
    ("Key", &["Collection", "Webhook"]),
];

/// A template as a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TemplateExportView<'a> {
    /// Name of the template.
    name: &'a str,
    /// What it does.
    description: &'a str,
    /// What is true of this release of the template alone.
    versioned_cycle: VersionedCycleView<'a>,
    /// Connectors that the steps use, and whether an install brings a new one.
    connectors: Vec<Value>,
    /// Steps with their mappings; those of webhook keys are not carried.
    steps: Vec<Value>,
    /// Which step follows which.
    edges: Vec<ExportedEdgeView<'a>>,
    /// Variables.
    variables: Vec<Value>,
    /// Releases of the connectors, which an import installs where they are missing.
    exported_connectors: Vec<Value>,
}

/// What is true of one release of a template.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct VersionedCycleView<'a> {
    /// It is listed and can be installed.
    published: bool,
    /// Tags.
    tags: &'a [String],
}

/// One step follows another.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ExportedEdgeView<'a> {
    /// `Id` of the earlier step.
    from_step_id: Cow<'a, str>,
    /// `Id` of the step that follows it.
    to_step_id: Cow<'a, str>,
}

impl<'a> TemplateExportView<'a> {
    pub(crate) fn new(instance: &'a Instance, template: &'a Template) -> Self {
        let id = |step: &'a Step| step_id(instance, template, step);
        let named = |name: &str| template.steps.iter().find(|step| step.name == name);
        let edges = match &template.edges {
            Some(edges) => {
                let ends = edges
                    .iter()
                    .filter_map(|one| Some((named(&one.from)?, named(&one.to)?)));
                ends.collect()
            }
            None => template
                .steps
                .iter()
                .zip(template.steps.iter().skip(1))
                .collect::<Vec<_>>(),
        };
        let steps = template.steps.iter().map(|step| {
            let mut carried = step.clone();
            carried.id = id(step).into_owned();
            carried.account_connector_id = None;
            carried.discovers_at_milliseconds = None;
            let targets = carried.parameters.iter_mut().chain(&mut carried.fields);
            for target in targets {
                forget_webhook_key(target);
                // In a template that is not exported, steps are named.
                let source = target.source_step_id.as_deref().and_then(named);
                if let Some(source) = source {
                    target.source_step_id = Some(id(source).into_owned());
                }
            }
            numbered(&carried)
        });
        let releases = template.connectors.iter().filter_map(|one| {
            let reference = ConnectorReference {
                name: one.name.clone(),
                version: one.version.clone(),
                custom_id: None,
            };
            serde_json::to_value(&instance.library.find(&reference)?.connector).ok()
        });
        Self {
            name: &template.name,
            description: &template.description,
            versioned_cycle: VersionedCycleView {
                published: template.published,
                tags: &template.tags,
            },
            connectors: template.connectors.iter().map(numbered).collect(),
            steps: steps.collect(),
            edges: edges
                .into_iter()
                .map(|(from, to)| ExportedEdgeView {
                    from_step_id: id(from),
                    to_step_id: id(to),
                })
                .collect(),
            variables: template.variables.iter().map(numbered).collect(),
            exported_connectors: releases.collect(),
        }
    }
}

/// The id of a template's step: its own, or one made from its place.
pub(crate) fn step_id<'a>(
    instance: &Instance,
    template: &Template,
    step: &'a Step,
) -> Cow<'a, str> {
    if !step.id.is_empty() {
        return step.id.as_str().into();
    }
    let place = template
        .steps
        .iter()
        .position(|one| std::ptr::eq(one, step));
    let place = place.unwrap_or_default().to_string();
    let parts = ["template step", &template.id, &place];
    instance.identity.guid(&parts).into()
}

/// Key mappings of webhooks are not carried (cyclr-api.md 2.7).
fn forget_webhook_key(target: &mut Target) {
    if target.key == Some(TargetKey::Webhook) {
        target.mapping_type = None;
        target.value = None;
        target.source_field_id = None;
        target.source_step_id = None;
        target.trigger_value = None;
        target.trigger_value_display_name = None;
    }
}

/// A part of a template as JSON, with numbers for its enumerations.
fn numbered<T: Serialize>(part: &T) -> Value {
    let mut value = serde_json::to_value(part).unwrap_or_default();
    walk(&mut value, &|names, value| {
        let name = value.as_str()?;
        let mut names = names.iter();
        let place = names.position(|one| one.eq_ignore_ascii_case(name))?;
        Some(place.into())
    });
    value
}

/// Puts names for the numbers of enumerations.
pub(crate) fn named_enumerations(value: &mut Value) {
    walk(value, &|names, value| {
        let place = usize::try_from(value.as_u64()?).ok()?;
        Some((*names.get(place)?).into())
    });
}

fn walk(value: &mut Value, translate: &impl Fn(&[&str], &Value) -> Option<Value>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let mut known = ENUMERATIONS.iter();
                let known = known.find(|(name, _)| name.eq_ignore_ascii_case(key));
                match known.and_then(|(_, names)| translate(names, value)) {
                    Some(translated) => *value = translated,
                    None => walk(value, translate),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, translate)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
