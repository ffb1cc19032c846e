//! Properties of an account connector (cyclr-api.md 2.4).

use super::null_is_default;
use crate::body::Object;
use crate::request::{Call, Method, Request};
use crate::sensitive::Sensitive;
use serde::Deserialize;

/// One property. Its value may be a secret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Property {
    /// Its id.
    pub id: i64,
    /// Its name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// Its value.
    pub value: Option<Sensitive>,
}

/// Lists the properties.
pub fn list(account: &str, connector: i64) -> Call<Vec<Property>> {
    let segments = [&*connector.to_string()];
    let request = Request::new(
        Method::Get,
        "/account/connectors/{id}/properties",
        &segments,
    )
    .query("orderBy", "Name")
    .query("sortOrderAsc", "true");
    Call::new(request.within(account))
}

/// Adds a property; whether a name may be there twice is not known (cyclr-api.md 4, U9).
pub fn create(account: &str, connector: i64, name: &str, value: &Sensitive) -> Call<Property> {
    let segments = [&*connector.to_string()];
    let body = Object::new()
        .field("Name", Some(name))
        .secret("Value", Some(value));
    let request = Request::new(
        Method::Post,
        "/account/connectors/{id}/properties",
        &segments,
    );
    Call::new(request.within(account).body(body.finish()))
}

/// Sets a property by its id; the body repeats the name.
pub fn update(
    account: &str,
    connector: i64,
    id: i64,
    name: &str,
    value: &Sensitive,
) -> Call<Property> {
    let segments = [&*connector.to_string(), &*id.to_string()];
    let body = Object::new()
        .field("Name", Some(name))
        .secret("Value", Some(value));
    let route = "/account/connectors/{id}/properties/{propertyId}";
    Call::new(
        Request::new(Method::Put, route, &segments)
            .within(account)
            .body(body.finish()),
    )
}

/// Removes a property.
pub fn delete(account: &str, connector: i64, id: i64) -> Request {
    let segments = [&*connector.to_string(), &*id.to_string()];
    let route = "/account/connectors/{id}/properties/{propertyId}";
    Request::new(Method::Delete, route, &segments).within(account)
}
