//! A template as responses show it.

use schemars::JsonSchema;
use serde::Serialize;

use super::template_prerequisite::{TemplatePrerequisiteView, prerequisites};
use crate::state::Instance;
use crate::world::{Account, ConnectorReference, Template};

/// What a response about templates is asked to hold besides (cyclr-api.md 2.7).
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TemplateOptions<'a> {
    /// Icons of the connectors.
    pub(crate) icons: bool,
    /// What an install leaves to be mapped.
    pub(crate) prerequisites: bool,
    /// Of these, what may stay unmapped as well.
    pub(crate) optional: bool,
    /// Account whose custom fields are to be among them.
    pub(crate) custom_fields_of: Option<&'a Account>,
}

/// A template (cyclr-api.md 2.7).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TemplateView<'a> {
    /// GUID; it differs between consoles.
    id: &'a str,
    /// Name.
    name: &'a str,
    /// What it does.
    description: &'a str,
    /// Tags; case matters.
    tags: &'a [String],
    /// Connectors its steps use.
    connectors: Vec<TemplateConnectorView<'a>>,
    /// What an install leaves to be mapped, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    prerequisites: Option<Vec<TemplatePrerequisiteView<'a>>>,
}

/// A connector of a template.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct TemplateConnectorView<'a> {
    /// Id of the release; null when the library does not have it.
    id: Option<u64>,
    /// Name of the connector.
    name: &'a str,
    /// Version of the connector.
    version: Option<&'a str>,
    /// How many steps use it.
    step_count: usize,
    /// A `data:` URL, if it was asked for.
    icon: Option<&'a str>,
}

impl<'a> TemplateView<'a> {
    pub(crate) fn new(
        instance: &'a Instance,
        template: &'a Template,
        options: TemplateOptions<'a>,
    ) -> Self {
        let connectors = template.connectors.iter().map(|one| {
            let reference = ConnectorReference {
                name: one.name.clone(),
                version: one.version.clone(),
                custom_id: None,
            };
            let found = instance
                .library
                .find(&reference)
                .map(|entry| &entry.connector);
            TemplateConnectorView {
                id: found.map(|connector| connector.id),
                name: &one.name,
                version: found.map_or(one.version.as_deref(), |found| found.version.as_deref()),
                step_count: template
                    .steps
                    .iter()
                    .filter(|step| step.connector == one.name)
                    .count(),
                icon: found
                    .filter(|_| options.icons)
                    .and_then(|connector| connector.icon.as_deref()),
            }
        });
        Self {
            id: &template.id,
            name: &template.name,
            description: &template.description,
            tags: &template.tags,
            connectors: connectors.collect(),
            prerequisites: options
                .prerequisites
                .then(|| prerequisites(instance, template, options)),
        }
    }
}
