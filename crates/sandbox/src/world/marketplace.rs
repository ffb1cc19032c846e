//! `Marketplace`: a page on which customers choose from some of the templates.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// A marketplace of the console (cyclr-api.md 2.10).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Marketplace {
    /// Id that a call gives as `MarketplaceId`.
    pub id: u64,
    /// Name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: String,
    /// Tags of the templates it shows; without any it shows all that are published.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tags: Vec<String>,
}
