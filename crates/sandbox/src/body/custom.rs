//! Bodies about custom fields and connectors, calls of methods, and files of templates
//! (cyclr-api.md 2.4, 2.5, 2.7).

use schemars::JsonSchema;

use super::lenient::{AnyObject, DataType, Flag, Name, Text};

/// A custom field.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct NewCustomField {
    /// Key of the field in the third party's system.
    connector_field: Name,
    /// Key of the field elsewhere.
    system_field: Option<Text>,
    /// Name that people see.
    display_name: Option<Text>,
    /// What it is for.
    description: Option<Text>,
    /// Type of its value; left out, it is `Text`.
    data_type: Option<DataType>,
    /// GUID of the method that has the field; left out or all zeros, all have it.
    method_unique_identifier: Option<Text>,
    /// Format of its value.
    data_type_format: Option<Text>,
    /// Entity that has the field.
    entity_identifier: Option<Text>,
    /// Whether it is of the method's request; otherwise of its response.
    for_request_format: Option<Flag>,
}

/// What is to change about a custom field. What is left out stays as it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct CustomFieldChange {
    /// Key of the field in the third party's system.
    connector_field: Option<Text>,
    /// Key of the field elsewhere.
    system_field: Option<Text>,
    /// Name that people see.
    display_name: Option<Text>,
    /// What it is for.
    description: Option<Text>,
    /// Type of its value.
    data_type: Option<DataType>,
    /// GUID of the method that has the field.
    method_unique_identifier: Option<Text>,
    /// Format of its value.
    data_type_format: Option<Text>,
    /// Entity that has the field.
    entity_identifier: Option<Text>,
    /// Whether it is of the method's request; otherwise of its response.
    for_request_format: Option<Flag>,
}

/// The definition of a custom connector; whatever else it holds is kept as well.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct NewCustomConnector {
    /// Its name.
    name: Text,
    /// A GUID of your own.
    unique_identifier: String,
}

/// What is to change about a definition. What is left out stays as it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct CustomConnectorChange {
    /// Its name.
    name: Option<Text>,
    /// A GUID of your own.
    unique_identifier: Option<String>,
}

/// A call of a method.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct MethodCall {
    /// Values by the ids of the method's parameters.
    parameters: Option<AnyObject>,
    /// Values by the ids of the method's fields.
    fields: Option<AnyObject>,
}

/// Text that goes to the third party as it is, such as JSON or XML.
#[derive(JsonSchema)]
pub(crate) struct RawText(String);

/// A template as `GET /templates/{id}/export` answers it.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct TemplateFile {
    /// Its name.
    name: Text,
    /// Whether it is published, and its tags.
    versioned_cycle: Option<AnyObject>,
    /// Its steps.
    steps: Option<Vec<AnyObject>>,
    /// Which step follows which.
    edges: Option<Vec<AnyObject>>,
}
