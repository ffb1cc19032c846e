//! Short builders for tests.

use crate::address::AccountId;
use crate::desired::{
    AccountFields, AccountSpec, AuthSpec, ConnectorChoice, ConnectorSpec, Desired, Presence,
    TemplateChoice, TemplateSpec,
};
use crate::library::{AuthKind, AuthMethod, LibraryConnector, LibraryTemplate, TemplateConnector};
use crate::origin::{Origin, Sourced};
use std::collections::BTreeMap;

/// A place in `test.yaml`.
pub fn origin(line: u32) -> Origin {
    Origin {
        file: "test.yaml".into(),
        line,
        column: 1,
        length: 1,
    }
}

/// A value written on line 1 of `test.yaml`.
pub fn sourced<T>(value: T) -> Sourced<T> {
    Sourced::new(value, origin(1))
}

/// A wanted account with nothing but an id and a name.
pub fn account(id: &str) -> AccountSpec {
    AccountSpec {
        id: AccountId::new(id),
        origin: origin(1),
        presence: Presence::Present,
        fields: AccountFields {
            name: Some(sourced(format!("{id} Ltd"))),
            ..AccountFields::default()
        },
        parent: None,
        labels: BTreeMap::new(),
        connectors: Vec::new(),
        templates: Vec::new(),
    }
}

/// A wanted connector of the library connector of the same name.
pub fn connector(name: &str, auth: Option<AuthSpec>) -> ConnectorSpec {
    ConnectorSpec {
        name: name.into(),
        origin: origin(2),
        presence: Presence::Present,
        connector: sourced(ConnectorChoice::Name {
            name: name.into(),
            version: None,
        }),
        description: None,
        partner: None,
        authentication: None,
        auth: auth.map(sourced),
        properties: BTreeMap::new(),
    }
}

/// A wanted template of the same name.
pub fn template(name: &str) -> TemplateSpec {
    TemplateSpec {
        name: name.into(),
        origin: origin(3),
        presence: Presence::Present,
        template: sourced(TemplateChoice::Name(name.into())),
        steps: BTreeMap::new(),
        variables: BTreeMap::new(),
        run: None,
    }
}

/// Everything wanted, without an instance.
pub fn desired(accounts: Vec<AccountSpec>) -> Desired {
    Desired {
        instance: None,
        accounts,
        digest: "0".repeat(64),
    }
}

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
