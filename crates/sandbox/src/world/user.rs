//! Users: people of the partner, and which accounts they may enter.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Hidden, is_default};

/// A person who may sign in to an account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct User {
    /// Sign-in name.
    pub user_name: String,
}

/// A person, who may enter several accounts of the partner (cyclr-api.md 3.3).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PartnerUser {
    /// Sign-in name, unique without regard to case.
    pub user_name: String,
    /// E-mail address; left out: the sign-in name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub email: Option<String>,
    /// Password; the API sets it and never shows it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub password: Option<Hidden>,
}
