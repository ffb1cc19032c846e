//! What a call of a method answers.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::world::Method;

/// The third party's answer to a call of a method (cyclr-api.md 2.5).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum MethodAnswerView<'a> {
    /// What the world says that the third party answers: any JSON.
    Declared(&'a Value),
    /// What a method without a declared answer says of itself.
    Plain(PlainAnswerView<'a>),
}

/// The answer of a method without a declared one; it repeats nothing of the call.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PlainAnswerView<'a> {
    /// Name of the method that was called.
    method: &'a str,
    /// Its GUID, the same in every release.
    method_unique_identifier: &'a str,
}

impl<'a> MethodAnswerView<'a> {
    pub(crate) fn new(method: &'a Method) -> Self {
        match &method.response {
            Some(response) => Self::Declared(response),
            None => Self::Plain(PlainAnswerView {
                method: &method.name,
                method_unique_identifier: &method.method_unique_identifier,
            }),
        }
    }
}
