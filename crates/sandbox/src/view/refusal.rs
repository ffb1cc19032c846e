//! A refusal and a mere message as responses show them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// Why a call was refused (cyclr-api.md 1.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct RefusalView {
    /// What is wrong, in words.
    pub(crate) message: String,
    /// What is wrong with which field, when the call could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) model_state: Option<BTreeMap<String, Vec<String>>>,
}

/// That something was done, in words (cyclr-api.md 2.4).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MessageView {
    /// What was done.
    pub(crate) message: String,
}
