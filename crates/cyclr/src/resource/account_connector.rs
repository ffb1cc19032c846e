//! Account connectors: connectors that are installed in an account (cyclr-api.md 2.4).

use super::null_is_default;
use super::property::Property;
use crate::body::{self, Object};
use crate::page::{Identified, Page};
use crate::request::{Call, Method, Request};
use crate::sensitive::Sensitive;
use serde::Deserialize;

/// An installed connector. Its `AuthValue`, which answers may echo, is not even kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AccountConnector {
    /// Its id.
    pub id: i64,
    /// Its own name, unique in its account.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// The only thing to be known of its authentication.
    #[serde(deserialize_with = "null_is_default")]
    pub authenticated: bool,
    /// Where it came from.
    #[serde(deserialize_with = "null_is_default")]
    pub connector: Installed,
    /// Whether it is the partner's own.
    #[serde(deserialize_with = "null_is_default")]
    pub is_partner_integration_connector: bool,
    /// Its properties.
    #[serde(deserialize_with = "null_is_default")]
    pub properties: Vec<Property>,
}

/// What an installed connector tells of its release; the rest is skipped unparsed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Installed {
    /// The release's id.
    pub id: Option<i64>,
    /// The connector's name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// The API version.
    pub version: Option<String>,
}

impl Identified for AccountConnector {
    fn identity(&self) -> String {
        self.id.to_string()
    }
}

/// What a PUT says; `None` is not said, and keeps its value.
#[derive(Clone, Debug, Default)]
pub struct AccountConnectorBody<'a> {
    /// `Name`.
    pub name: Option<&'a str>,
    /// `Description`.
    pub description: Option<&'a str>,
    /// `AuthenticationId`.
    pub authentication_id: Option<&'a str>,
    /// `AuthValue`.
    pub auth_value: Option<&'a Sensitive>,
    /// `Properties` to set by name; the others stay.
    pub properties: Vec<(&'a str, &'a Sensitive)>,
    /// `IsPartnerIntegrationConnector`.
    pub is_partner_integration_connector: Option<bool>,
}

/// Lists the connectors of an account.
pub fn list(account: &str, page: Page) -> Call<Vec<AccountConnector>> {
    Call::new(page.put(Request::new(Method::Get, "/account/connectors", &[]).within(account)))
}

/// Reads one.
pub fn get(account: &str, id: i64) -> Call<AccountConnector> {
    let segments = [&*id.to_string()];
    Call::new(Request::new(Method::Get, "/account/connectors/{id}", &segments).within(account))
}

/// Updates one: a merge.
pub fn update(account: &str, id: i64, body: &AccountConnectorBody<'_>) -> Call<AccountConnector> {
    let segments = [&*id.to_string()];
    let body = Object::new()
        .field("Name", body.name)
        .field("Description", body.description)
        .field("AuthenticationId", body.authentication_id)
        .secret("AuthValue", body.auth_value)
        .named_values("Properties", &body.properties)
        .field(
            "IsPartnerIntegrationConnector",
            body.is_partner_integration_connector,
        )
        .finish();
    let request = Request::new(Method::Put, "/account/connectors/{id}", &segments);
    Call::new(request.within(account).body(body))
}

/// Takes its authentication away; this stops running cycles that use it.
pub fn deauthenticate(account: &str, id: i64) -> Request {
    let segments = [&*id.to_string()];
    Request::new(
        Method::Put,
        "/account/connectors/{id}/deauthenticate",
        &segments,
    )
    .within(account)
    .body(body::empty())
}

/// Removes it.
pub fn delete(account: &str, id: i64) -> Request {
    let segments = [&*id.to_string()];
    Request::new(Method::Delete, "/account/connectors/{id}", &segments).within(account)
}
