//! The connector library and installing from it (cyclr-api.md 2.3, 2.4).

use super::account_connector::AccountConnector;
use super::null_is_default;
use crate::body::Object;
use crate::page::{Identified, Page};
use crate::request::{Call, Method, Request};
use crate::sensitive::Sensitive;
use serde::Deserialize;

/// A connector release of the library.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Connector {
    /// The release's id; changes with an upgrade, so never a key.
    pub id: i64,
    /// Its name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// The API version.
    pub version: Option<String>,
    /// `Approved`, or another word.
    #[serde(deserialize_with = "null_is_default")]
    pub status: String,
    /// Whether it is a utility that needs no authentication.
    #[serde(deserialize_with = "null_is_default")]
    pub is_system_connector: bool,
    /// The default method's kind, on instances that know no list of methods.
    pub auth_type: Option<String>,
    /// The default method's OAuth 2 flow.
    #[serde(rename = "OAuth2Type")]
    pub oauth2_type: Option<String>,
    /// Its authentication methods.
    #[serde(deserialize_with = "null_is_default")]
    pub authentication: Vec<Authentication>,
    /// Its parameters.
    #[serde(deserialize_with = "null_is_default")]
    pub parameters: Vec<Parameter>,
}

/// An authentication method.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Authentication {
    /// Its GUID.
    #[serde(deserialize_with = "null_is_default")]
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "null_is_default")]
    pub auth_name: String,
    /// `ApiKey`, `Basic`, `OAuth1`, `OAuth2`, `None`, `AuthFields`, or another word.
    #[serde(deserialize_with = "null_is_default")]
    pub auth_type: String,
    /// `AuthorisationCode`, `ClientCredentials`, `PasswordCredentials`, `Unknown`, or another word.
    #[serde(rename = "OAuth2Type")]
    pub oauth2_type: Option<String>,
}

/// A parameter of a connector; some of them are properties of its account connectors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Parameter {
    /// The display name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// The property's key.
    pub target_name: Option<String>,
    /// Whether it is a property of account connectors.
    #[serde(deserialize_with = "null_is_default")]
    pub is_account_connector_property: bool,
    /// Whether it may be left out.
    #[serde(deserialize_with = "null_is_default")]
    pub is_optional: bool,
    /// Whether its value is a secret.
    #[serde(deserialize_with = "null_is_default")]
    pub is_sensitive: bool,
    /// The allowed values.
    #[serde(deserialize_with = "null_is_default")]
    pub values: Vec<AllowedValue>,
}

/// An allowed value: a text, or a name with a value.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum AllowedValue {
    /// The value alone.
    Text(String),
    /// The value with its display name.
    Named {
        /// The value.
        #[serde(rename = "Value")]
        value: String,
    },
    /// Something else; not checked against.
    Other(serde::de::IgnoredAny),
}

impl AllowedValue {
    /// The value, when its form is known.
    pub fn value(&self) -> Option<&str> {
        match self {
            Self::Text(value) | Self::Named { value } => Some(value),
            Self::Other(_) => None,
        }
    }
}

impl Identified for Connector {
    fn identity(&self) -> String {
        self.id.to_string()
    }
}

/// Which of the three routes an install takes.
#[derive(Clone, Copy, Debug)]
pub enum InstallRoute<'a> {
    /// By the release's id.
    Id(i64),
    /// By the connector's name.
    Name(&'a str),
    /// By name and version.
    NameVersion(&'a str, &'a str),
}

/// What an install says; `None` is not said.
#[derive(Clone, Debug, Default)]
pub struct Install<'a> {
    /// `Name`: unique in its account. Always say it, so that a repeat is refused.
    pub name: Option<&'a str>,
    /// `Description`.
    pub description: Option<&'a str>,
    /// `AuthenticationId`.
    pub authentication_id: Option<&'a str>,
    /// `AuthValue`.
    pub auth_value: Option<&'a Sensitive>,
    /// `Properties` by name; every value is sent as text.
    pub properties: Vec<(&'a str, &'a Sensitive)>,
    /// `IsPartnerIntegrationConnector`.
    pub is_partner_integration_connector: Option<bool>,
}

fn request(
    method: Method,
    route: &'static str,
    segments: &[&str],
    account: Option<&str>,
) -> Request {
    let request = Request::new(method, route, segments);
    match account {
        Some(account) => request.within(account),
        None => request,
    }
}

/// Lists the library. Some instances want an account for it (cyclr-api.md 1.3).
pub fn list(account: Option<&str>, page: Page) -> Call<Vec<Connector>> {
    Call::new(page.put(request(Method::Get, "/connectors", &[], account)))
}

/// Reads one release by its id.
pub fn get(account: Option<&str>, id: i64) -> Call<Connector> {
    Call::new(request(
        Method::Get,
        "/connectors/{id}",
        &[&id.to_string()],
        account,
    ))
}

/// Reads the releases of a name: a list, unlike by id.
pub fn by_name(account: Option<&str>, name: &str) -> Call<Vec<Connector>> {
    Call::new(request(Method::Get, "/connectors/{name}", &[name], account))
}

/// Reads the releases of a name and version: a list.
pub fn by_name_and_version(
    account: Option<&str>,
    name: &str,
    version: &str,
) -> Call<Vec<Connector>> {
    let segments = [name, version];
    Call::new(request(
        Method::Get,
        "/connectors/{name}/{version}",
        &segments,
        account,
    ))
}

/// Installs a connector into an account. With a name a repeat is refused.
pub fn install(
    account: &str,
    route: InstallRoute<'_>,
    body: &Install<'_>,
) -> Call<AccountConnector> {
    let request = match route {
        InstallRoute::Id(id) => {
            Request::new(Method::Post, "/connectors/{id}/install", &[&id.to_string()])
        }
        InstallRoute::Name(name) => {
            Request::new(Method::Post, "/connectors/{name}/install", &[name])
        }
        InstallRoute::NameVersion(name, version) => Request::new(
            Method::Post,
            "/connectors/{name}/{version}/install",
            &[name, version],
        ),
    };
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
    Call::new(request.within(account).body(body))
}
