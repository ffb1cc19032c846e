//! A template as responses show it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::state::Instance;
use crate::world::{ConnectorReference, Template};

/// A template (cyclr-api.md 2.7).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TemplateView<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    tags: &'a [String],
    connectors: Vec<TemplateConnectorView<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct TemplateConnectorView<'a> {
    id: Option<u64>,
    name: &'a str,
    version: Option<&'a str>,
    step_count: usize,
    icon: Option<&'a str>,
}

impl<'a> TemplateView<'a> {
    pub(crate) fn new(instance: &'a Instance, template: &'a Template, icons: bool) -> Self {
        let connectors = template.connectors.iter().map(|one| {
            let reference = ConnectorReference {
                name: one.name.clone(),
                version: one.version.clone(),
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
                    .filter(|s| s.connector == one.name)
                    .count(),
                icon: found
                    .filter(|_| icons)
                    .and_then(|connector| connector.icon.as_deref()),
            }
        });
        Self {
            id: &template.id,
            name: &template.name,
            description: &template.description,
            tags: &template.tags,
            connectors: connectors.collect(),
        }
    }
}
