//! The form that asks for a token (cyclr-api.md 1.2).

use schemars::JsonSchema;

/// Who asks for a token.
#[derive(JsonSchema)]
pub(crate) struct TokenForm {
    /// Always `client_credentials`.
    grant_type: GrantType,
    /// Your client id.
    client_id: String,
    /// Your client secret.
    client_secret: String,
    /// `account:` and an account's id, for a token that is for that account alone.
    scope: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case")]
enum GrantType {
    ClientCredentials,
}
