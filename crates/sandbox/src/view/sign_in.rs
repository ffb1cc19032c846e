//! One-time sign-in tokens and URLs as responses show them.

use schemars::JsonSchema;
use serde::Serialize;

/// A token that signs a browser in once (cyclr-api.md 2.2).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SignInTokenView<'a> {
    /// The token; it contains `+`, `/` and `=`, and has to be encoded for a URL.
    pub(crate) token: &'a str,
    /// When it can no longer be used, five minutes after it was given.
    pub(crate) expires_at_utc: &'a str,
}

/// Where to send a customer for LAUNCH (cyclr-api.md 2.10).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LaunchView<'a> {
    /// API id of the account, new or not.
    pub(crate) account_id: &'a str,
    /// When the URL can no longer be used, five minutes after it was given.
    pub(crate) expires_at_utc: &'a str,
    /// The URL; it works once.
    pub(crate) launch_url: &'a str,
    /// The token in the URL.
    pub(crate) token: &'a str,
}

/// Where to send a customer for a marketplace (cyclr-api.md 2.10).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct MarketplaceView<'a> {
    /// API id of the account, new or not.
    pub(crate) account_id: &'a str,
    /// When the URL can no longer be used, five minutes after it was given.
    pub(crate) expires_at_utc: &'a str,
    /// The URL; it works once.
    pub(crate) marketplace_url: &'a str,
    /// The token in the URL.
    pub(crate) token: &'a str,
}

/// Where to send a customer for ORBIT (cyclr-api.md 2.10).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrbitView<'a> {
    /// API id of the account, new or not.
    pub(crate) account_id: &'a str,
    /// When the URL can no longer be used, five minutes after it was given.
    pub(crate) expires_at_utc: &'a str,
    /// The URL; it works once.
    pub(crate) orbit_url: &'a str,
    /// The token in the URL.
    pub(crate) token: &'a str,
}
