//! What the token endpoint answers.

use schemars::JsonSchema;
use serde::Serialize;

/// A token and how long it lasts (cyclr-api.md 1.2).
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TokenView<'a> {
    /// The token: 64 hexadecimal digits.
    pub(crate) access_token: &'a str,
    /// Always `bearer`.
    pub(crate) token_type: &'a str,
    /// How many seconds it lasts.
    pub(crate) expires_in: i64,
    /// Whose it is.
    #[serde(rename = "clientId")]
    pub(crate) client_id: &'a str,
    /// Always `False`: there is nothing to refresh it with.
    #[serde(rename = ".refresh")]
    pub(crate) refresh: &'a str,
    /// When it was given, as in HTTP headers.
    #[serde(rename = ".issued")]
    pub(crate) issued: String,
    /// When it expires, as in HTTP headers.
    #[serde(rename = ".expires")]
    pub(crate) expires: String,
}

/// Why there is no token (cyclr-api.md 1.2, inferred).
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TokenRefusalView<'a> {
    /// A code of OAuth 2.0, such as `invalid_client`.
    pub(crate) error: &'a str,
}
