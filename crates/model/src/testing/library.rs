//! What an instance offers, in short.

use crate::library::{
    AuthKind, AuthMethod, ConnectorParameter, LibraryConnector, LibraryTemplate, TemplateConnector,
};

/// A library connector, version 1.0, with one method of the kind.
pub fn library_connector(id: i64, name: &str, kind: AuthKind) -> LibraryConnector {
    LibraryConnector {
        id,
        name: name.into(),
        version: Some("1.0".into()),
        status: "Approved".into(),
        is_system: false,
        methods: vec![AuthMethod {
            id: Some(format!("auth-{id}")),
            name: "Default".into(),
            kind,
        }],
        parameters: Vec::new(),
    }
}

impl LibraryConnector {
    /// Of another version.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        self.version = Some(version.into());
        self
    }

    /// With one more method, whose id is its name.
    #[must_use]
    pub fn method(mut self, name: &str, kind: AuthKind) -> Self {
        self.methods.push(AuthMethod {
            id: Some(name.into()),
            name: name.into(),
            kind,
        });
        self
    }

    /// With one more parameter.
    #[must_use]
    pub fn parameter(mut self, parameter: ConnectorParameter) -> Self {
        self.parameters.push(parameter);
        self
    }
}

/// An optional property that may be set on an account connector, in plain text and freely.
pub fn parameter(key: &str) -> ConnectorParameter {
    ConnectorParameter {
        name: key.into(),
        key: key.into(),
        is_account_connector_property: true,
        is_optional: true,
        is_sensitive: false,
        values: Vec::new(),
    }
}

/// A published template that uses connectors of version 1.0.
pub fn library_template(id: &str, name: &str, connectors: &[&str]) -> LibraryTemplate {
    LibraryTemplate {
        id: id.into(),
        name: name.into(),
        tags: Vec::new(),
        connectors: connectors
            .iter()
            .map(|name| TemplateConnector {
                name: (*name).into(),
                version: Some("1.0".into()),
            })
            .collect(),
    }
}
