//! Templates and installing them (cyclr-api.md 2.7).

use super::cycle::Cycle;
use super::null_is_default;
use crate::body;
use crate::page::{Identified, Page};
use crate::request::{Call, Method, Request};
use serde::Deserialize;

/// A published template.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Template {
    /// Its GUID; differs per console.
    #[serde(deserialize_with = "null_is_default")]
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// Its tags; case-sensitive.
    #[serde(deserialize_with = "null_is_default")]
    pub tags: Vec<String>,
    /// The connectors that it uses.
    #[serde(deserialize_with = "null_is_default")]
    pub connectors: Vec<TemplateConnector>,
}

/// A connector that a template uses.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TemplateConnector {
    /// Its name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// Its version.
    pub version: Option<String>,
}

impl Identified for Template {
    fn identity(&self) -> String {
        self.id.clone()
    }
}

/// Lists the published templates.
pub fn list(page: Page) -> Call<Vec<Template>> {
    Call::new(page.put(Request::new(Method::Get, "/templates", &[])))
}

/// Reads one template.
pub fn get(id: &str) -> Call<Template> {
    Call::new(Request::new(Method::Get, "/templates/{id}", &[id]))
}

/// Reads a template as a file. What it looks like inside is in no source that vouches for it
/// (cyclr-api.md 2.7).
pub fn export(id: &str) -> Call<serde_json::Value> {
    Call::new(Request::new(Method::Get, "/templates/{id}/export", &[id]))
}

/// Installs a template: every call makes another cycle, so never repeat it blindly.
pub fn install(account: &str, id: &str) -> Call<Cycle> {
    let request = Request::new(Method::Post, "/templates/{id}/install", &[id]);
    Call::new(request.within(account).body(body::empty()))
}
