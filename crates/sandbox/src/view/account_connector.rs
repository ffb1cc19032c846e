//! An installed connector as responses show it.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{ConnectorView, CustomFieldView};
use crate::ledger::digest;
use crate::state::{Entry, Instance};
use crate::variant::Switch;
use crate::world::{AccountConnector, Connector, Hidden, Property};

/// An installed connector (cyclr-api.md 2.4).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AccountConnectorView<'a> {
    id: u64,
    name: &'a str,
    description: Option<&'a str>,
    auth_value: Option<Cow<'a, str>>,
    authenticated: bool,
    /// The release that is installed.
    #[schemars(with = "Option<ConnectorView<'static>>")]
    connector: Option<&'a RawValue>,
    is_partner_integration_connector: bool,
    properties: Vec<PropertyView<'a>>,
    custom_fields: Vec<CustomFieldView<'a>>,
}

impl<'a> AccountConnectorView<'a> {
    /// As a response to a write shows it, credential included.
    pub(crate) fn written(instance: &'a Instance, installed: &'a AccountConnector) -> Self {
        let mut view = Self::read(instance, installed);
        view.auth_value = installed
            .auth_value
            .as_ref()
            .map(|value| value.reveal().into());
        view
    }

    /// As it is read back (U2).
    pub(crate) fn read(instance: &'a Instance, installed: &'a AccountConnector) -> Self {
        let entry = instance.library.find(&installed.connector);
        let connector = entry.map(|entry| &entry.connector);
        let properties = installed.properties.iter();
        Self {
            id: installed.id,
            name: &installed.name,
            description: installed.description.as_deref(),
            auth_value: installed
                .auth_value
                .as_ref()
                .filter(|_| !instance.variants.is(Switch::U2, "null"))
                .map(|value| veil(instance, value)),
            authenticated: installed.authenticated == Some(true),
            connector: entry.map(Entry::rendered),
            is_partner_integration_connector: installed.is_partner_integration_connector,
            properties: properties
                .map(|one| PropertyView::new(instance, connector, installed.id, one))
                .collect(),
            custom_fields: installed
                .custom_fields
                .iter()
                .map(CustomFieldView::new)
                .collect(),
        }
    }
}

/// A property of an installed connector (cyclr-api.md 2.4).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PropertyView<'a> {
    id: u64,
    name: &'a str,
    value: Option<Cow<'a, str>>,
    account_connector_id: u64,
}

impl<'a> PropertyView<'a> {
    pub(crate) fn new(
        instance: &'a Instance,
        connector: Option<&Connector>,
        account_connector_id: u64,
        property: &'a Property,
    ) -> Self {
        let sensitive = connector.is_some_and(|connector| {
            let mut parameters = connector.parameters.iter();
            parameters.any(|one| one.is_sensitive && one.target_name == property.name)
        });
        let masked = sensitive && instance.variants.is(Switch::U2, "masked");
        let value = property.value.as_ref();
        Self {
            id: property.id,
            name: &property.name,
            value: value.map(|value| {
                if masked {
                    MASK.into()
                } else {
                    value.reveal().into()
                }
            }),
            account_connector_id,
        }
    }
}

/// What a masked value shows.
const MASK: &str = "********";

/// A credential as it is read back (U2).
fn veil<'a>(instance: &Instance, value: &'a Hidden) -> Cow<'a, str> {
    match instance.variants.position(Switch::U2) {
        "masked" => MASK.into(),
        "opaque" => format!("ENC:{}", digest(value.reveal().as_bytes())).into(),
        _ => value.reveal().into(),
    }
}
