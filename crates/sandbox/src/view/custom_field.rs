//! A custom field as responses show it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::world::CustomField;

/// A field that the third party's system has for this customer alone (cyclr-api.md 2.4).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CustomFieldView<'a> {
    /// Id of the field.
    id: u64,
    /// Key of the field in the third party's system.
    connector_field: &'a str,
    /// Key of the field elsewhere, or null.
    system_field: Option<&'a str>,
    /// Name that people see.
    display_name: Option<&'a str>,
    /// What it is for.
    description: Option<&'a str>,
    /// `Text`, `Integer`, ...
    data_type: &'a str,
    /// Method that has the field; the GUID of zeros stands for all.
    method_unique_identifier: &'a str,
    /// Format of the value, or null.
    data_type_format: Option<&'a str>,
    /// Entity that has the field, or null.
    entity_identifier: Option<&'a str>,
    /// It is of the method's request; otherwise of its response.
    for_request_format: bool,
}

impl<'a> CustomFieldView<'a> {
    pub(crate) fn new(field: &'a CustomField) -> Self {
        Self {
            id: field.id,
            connector_field: &field.connector_field,
            system_field: field.system_field.as_deref(),
            display_name: field.display_name.as_deref(),
            description: field.description.as_deref(),
            data_type: &field.data_type,
            method_unique_identifier: &field.method_unique_identifier,
            data_type_format: field.data_type_format.as_deref(),
            entity_identifier: field.entity_identifier.as_deref(),
            for_request_format: field.for_request_format,
        }
    }
}
