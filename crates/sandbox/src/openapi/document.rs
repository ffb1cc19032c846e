//! The parts of an OpenAPI 3.1 document that the sandbox needs.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// The whole document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    pub(crate) openapi: &'static str,
    pub(crate) info: Info,
    pub(crate) json_schema_dialect: &'static str,
    pub(crate) servers: [Server; 1],
    pub(crate) paths: BTreeMap<String, BTreeMap<String, OperationObject>>,
    pub(crate) components: Components,
    pub(crate) security: [Security; 1],
    pub(crate) tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Info {
    pub(crate) title: &'static str,
    pub(crate) version: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) description: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct Server {
    pub(crate) url: &'static str,
    pub(crate) description: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct Tag {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
}

/// The one scheme that a call needs, and the scopes it needs of it: none.
#[derive(Debug, Serialize)]
pub(crate) struct Security {
    pub(crate) oauth2: [&'static str; 0],
}

/// A part, or where it stands among the components.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Part<T> {
    Here(T),
    There {
        #[serde(rename = "$ref")]
        reference: String,
    },
}

impl<T> Part<T> {
    /// A part of the components, such as `headers/Total-Pages`.
    pub(crate) fn there(place: &str) -> Self {
        Self::There {
            reference: format!("#/components/{place}"),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperationObject {
    pub(crate) operation_id: &'static str,
    pub(crate) tags: [&'static str; 1],
    pub(crate) summary: &'static str,
    pub(crate) description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) parameters: Vec<Part<ParameterObject>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request_body: Option<RequestBody>,
    pub(crate) responses: BTreeMap<String, Part<Response>>,
    /// Left out where the document's own holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) security: Option<[Security; 0]>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ParameterObject {
    pub(crate) name: &'static str,
    #[serde(rename = "in")]
    pub(crate) place: &'static str,
    pub(crate) required: bool,
    pub(crate) description: &'static str,
    pub(crate) schema: Value,
}

#[derive(Debug, Serialize)]
pub(crate) struct RequestBody {
    pub(crate) required: bool,
    pub(crate) content: Content,
}

/// Bodies by media type.
pub(crate) type Content = BTreeMap<&'static str, MediaType>;

#[derive(Debug, Serialize)]
pub(crate) struct MediaType {
    pub(crate) schema: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) example: Option<Value>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Response {
    pub(crate) description: String,
    pub(crate) headers: BTreeMap<&'static str, Part<Header>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) content: Content,
}

#[derive(Debug, Serialize)]
pub(crate) struct Header {
    pub(crate) description: &'static str,
    pub(crate) required: bool,
    pub(crate) schema: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Components {
    pub(crate) schemas: BTreeMap<String, Value>,
    pub(crate) responses: BTreeMap<&'static str, Response>,
    pub(crate) parameters: BTreeMap<&'static str, ParameterObject>,
    pub(crate) headers: BTreeMap<&'static str, Header>,
    pub(crate) security_schemes: BTreeMap<&'static str, SecurityScheme>,
}

#[derive(Debug, Serialize)]
pub(crate) struct SecurityScheme {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) description: &'static str,
    pub(crate) flows: Flows,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Flows {
    pub(crate) client_credentials: Flow,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Flow {
    pub(crate) token_url: &'static str,
    pub(crate) scopes: BTreeMap<&'static str, &'static str>,
}
