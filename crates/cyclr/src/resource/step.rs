//! Steps of a cycle, their parameters and field mappings (cyclr-api.md 2.8, 2.9).

use super::connector::AllowedValue;
use super::null_is_default;
use crate::body::Object;
use crate::page::Identified;
use crate::request::{Call, Method, Request};
use serde::Deserialize;

/// A step.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Step {
    /// Its GUID.
    #[serde(deserialize_with = "null_is_default")]
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// Its method, with the ids of what can be mapped.
    #[serde(deserialize_with = "null_is_default")]
    pub method: StepMethod,
}

/// The method of a step.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StepMethod {
    /// Set through `/parameters`.
    #[serde(deserialize_with = "null_is_default")]
    pub parameters: Vec<Target>,
    /// Set through `/fieldmappings`.
    #[serde(deserialize_with = "null_is_default")]
    pub request_fields: Vec<Target>,
}

/// Something that can be mapped: a parameter or a field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Target {
    /// Its id; bound to the release.
    pub id: i64,
    /// The display name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// Whether it may be left unmapped.
    #[serde(deserialize_with = "null_is_default")]
    pub is_optional: bool,
    /// The allowed values.
    #[serde(deserialize_with = "null_is_default")]
    pub values: Vec<AllowedValue>,
}

/// What a parameter or a field is mapped to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Mapping {
    /// The parameter, in the list of parameters.
    pub parameter: Option<Target>,
    /// The field, in the list of field mappings.
    pub field: Option<Target>,
    /// `StaticValue`, `ValueList`, `Ignore`, `null`, or another word.
    pub mapping_type: Option<String>,
    /// The value.
    pub value: Option<String>,
}

impl Identified for Step {
    fn identity(&self) -> String {
        self.id.clone()
    }
}

/// What a parameter or a field is to be mapped to.
#[derive(Clone, Copy, Debug)]
pub struct MappingBody<'a> {
    /// `StaticValue`, `ValueList`, `Ignore`, or another word.
    pub mapping_type: &'a str,
    /// The value; not said when there is none.
    pub value: Option<&'a str>,
}

impl MappingBody<'_> {
    fn put(&self, request: Request) -> Request {
        let body = Object::new()
            .field("MappingType", Some(self.mapping_type))
            .field("Value", self.value)
            .finish();
        request.body(body)
    }
}

/// Lists the steps of a cycle. No source shows paging here.
pub fn list(account: &str, cycle: &str) -> Call<Vec<Step>> {
    Call::new(Request::new(Method::Get, "/cycles/{id}/steps", &[cycle]).within(account))
}

/// Lists a step's parameters and what they are mapped to.
pub fn parameters(account: &str, step: &str) -> Call<Vec<Mapping>> {
    Call::new(Request::new(Method::Get, "/steps/{id}/parameters", &[step]).within(account))
}

/// Sets a parameter.
pub fn set_parameter(
    account: &str,
    step: &str,
    id: i64,
    mapping: &MappingBody<'_>,
) -> Call<Mapping> {
    let segments = [step, &*id.to_string()];
    let request = Request::new(
        Method::Put,
        "/steps/{id}/parameters/{parameterId}",
        &segments,
    );
    Call::new(mapping.put(request.within(account)))
}

/// Lists a step's fields and what they are mapped to.
pub fn field_mappings(account: &str, step: &str) -> Call<Vec<Mapping>> {
    Call::new(Request::new(Method::Get, "/steps/{id}/fieldmappings", &[step]).within(account))
}

/// Maps a field.
pub fn set_field_mapping(
    account: &str,
    step: &str,
    id: i64,
    mapping: &MappingBody<'_>,
) -> Call<Mapping> {
    let segments = [step, &*id.to_string()];
    let request = Request::new(
        Method::Put,
        "/steps/{id}/fieldmappings/{fieldId}",
        &segments,
    );
    Call::new(mapping.put(request.within(account)))
}
