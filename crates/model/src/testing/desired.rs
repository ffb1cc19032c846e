//! Wanted objects, in short.

use crate::address::AccountId;
use crate::desired::{
    AccountFields, AccountSpec, AuthSpec, ByName, ConnectorChoice, ConnectorSpec, Desired,
    MappingSpec, Presence, TemplateChoice, TemplateSpec,
};
use crate::origin::{Origin, Sourced};
use crate::schedule::{Run, Schedule};
use crate::secret::{SecretRef, Value};
use std::sync::Arc;

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

/// A secret in an environment variable.
pub fn secret(name: &str) -> SecretRef {
    SecretRef::Env(name.into())
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
        labels: Arc::default(),
        protect: None,
        exclusive: None,
        connectors: Vec::new(),
        templates: Vec::new(),
    }
}

impl AccountSpec {
    /// With one more connector.
    #[must_use]
    pub fn connector(mut self, connector: ConnectorSpec) -> Self {
        self.connectors.push(Arc::new(connector));
        self
    }

    /// With one more template.
    #[must_use]
    pub fn template(mut self, template: TemplateSpec) -> Self {
        self.templates.push(Arc::new(template));
        self
    }

    /// With other fields.
    #[must_use]
    pub fn fields(mut self, change: impl FnOnce(&mut AccountFields)) -> Self {
        change(&mut self.fields);
        self
    }

    /// With `exclusive: true`, on line 9.
    #[must_use]
    pub fn exclusive(mut self) -> Self {
        self.exclusive = Some(Sourced::new(true, origin(9)));
        self
    }

    /// With `protect:`, on line 8.
    #[must_use]
    pub fn protect(mut self, protect: bool) -> Self {
        self.protect = Some(Sourced::new(protect, origin(8)));
        self
    }

    /// As a sub-account.
    #[must_use]
    pub fn below(mut self, parent: &str) -> Self {
        self.parent = Some(sourced(AccountId::new(parent)));
        self
    }

    /// With `state: absent`.
    #[must_use]
    pub fn absent(mut self) -> Self {
        self.presence = Presence::Absent;
        self
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
        properties: ByName::new(),
        moved: Vec::new(),
        protect: None,
    }
}

impl ConnectorSpec {
    /// Of another library connector than its own name says.
    #[must_use]
    pub fn of(mut self, choice: ConnectorChoice) -> Self {
        self.connector = sourced(choice);
        self
    }

    /// Of a version of its library connector.
    #[must_use]
    pub fn version(self, version: &str) -> Self {
        let name = self.name.clone();
        self.of(ConnectorChoice::Name {
            name,
            version: Some(version.into()),
        })
    }

    /// Under another name of its own.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    /// With `moved: { from: ... }`.
    #[must_use]
    pub fn moved(mut self, from: &[&str]) -> Self {
        self.moved = from.iter().map(|name| sourced((*name).into())).collect();
        self
    }

    /// With `protect:`, on line 8.
    #[must_use]
    pub fn protect(mut self, protect: bool) -> Self {
        self.protect = Some(Sourced::new(protect, origin(8)));
        self
    }

    /// With an authentication method by name.
    #[must_use]
    pub fn method(mut self, name: &str) -> Self {
        self.authentication = Some(sourced(name.into()));
        self
    }

    /// With one more property in plain text.
    #[must_use]
    pub fn text(mut self, key: &str, value: &str) -> Self {
        let value = sourced(Value::Text(value.into()));
        self.properties.insert(key.into(), value);
        self
    }

    /// With one more property that is a secret.
    #[must_use]
    pub fn hidden(mut self, key: &str, variable: &str) -> Self {
        let value = sourced(Value::Secret(secret(variable)));
        self.properties.insert(key.into(), value);
        self
    }

    /// With a description.
    #[must_use]
    pub fn described(mut self, text: &str) -> Self {
        self.description = Some(sourced(text.into()));
        self
    }

    /// With the partner flag.
    #[must_use]
    pub fn partner(mut self, partner: bool) -> Self {
        self.partner = Some(sourced(partner));
        self
    }

    /// With `state: absent`.
    #[must_use]
    pub fn absent(mut self) -> Self {
        self.presence = Presence::Absent;
        self
    }
}

/// A wanted template of the same name.
pub fn template(name: &str) -> TemplateSpec {
    TemplateSpec {
        name: name.into(),
        origin: origin(3),
        presence: Presence::Present,
        template: sourced(TemplateChoice::Name(name.into())),
        steps: ByName::new(),
        variables: ByName::new(),
        run: None,
        moved: Vec::new(),
        protect: None,
    }
}

impl TemplateSpec {
    /// Of another template than the entry's name says.
    #[must_use]
    pub fn of(mut self, choice: TemplateChoice) -> Self {
        self.template = sourced(choice);
        self
    }

    /// Under another name of its own.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    /// With `moved: { from: ... }`.
    #[must_use]
    pub fn moved(mut self, from: &[&str]) -> Self {
        self.moved = from.iter().map(|name| sourced((*name).into())).collect();
        self
    }

    /// With `protect:`, on line 8.
    #[must_use]
    pub fn protect(mut self, protect: bool) -> Self {
        self.protect = Some(Sourced::new(protect, origin(8)));
        self
    }

    /// To run every so many minutes.
    #[must_use]
    pub fn every(self, minutes: u32) -> Self {
        let start = None;
        self.run(Run::Active(Schedule::Every { minutes, start }))
    }

    /// To run so.
    #[must_use]
    pub fn run(mut self, run: Run) -> Self {
        self.run = Some(sourced(run));
        self
    }

    /// With one more variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.into(), sourced(value.into()));
        self
    }

    /// With one more parameter.
    #[must_use]
    pub fn parameter(mut self, step: &str, name: &str, mapping: MappingSpec) -> Self {
        let step = self.steps.entry(step.into()).or_default();
        step.parameters.insert(name.into(), sourced(mapping));
        self
    }

    /// With one more field mapping.
    #[must_use]
    pub fn field(mut self, step: &str, name: &str, mapping: MappingSpec) -> Self {
        let step = self.steps.entry(step.into()).or_default();
        step.fields.insert(name.into(), sourced(mapping));
        self
    }

    /// With `state: absent`.
    #[must_use]
    pub fn absent(mut self) -> Self {
        self.presence = Presence::Absent;
        self
    }
}

/// Everything wanted, without an instance.
pub fn desired(accounts: Vec<AccountSpec>) -> Desired {
    Desired {
        instance: None,
        accounts,
        secrets: crate::SecretsSpec::default(),
        digest: "0".repeat(64),
    }
}
