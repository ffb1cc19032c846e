//! What an instance holds, in short.

use crate::address::AccountId;
use crate::live::{
    BoundConnector, CycleStatus, Live, LiveAccount, LiveConnector, LiveCycle, LiveMapping,
    LiveProperty, LiveStep,
};

/// An instance with these accounts, and nothing in its library.
pub fn live<'a>(accounts: impl IntoIterator<Item = (&'a str, LiveAccount)>) -> Live {
    Live {
        accounts: accounts
            .into_iter()
            .map(|(id, account)| (AccountId::new(id), account))
            .collect(),
        connectors: Some(Vec::new()),
        templates: Some(Vec::new()),
        ..Live::default()
    }
}

/// An account that tallies with `account(id)`, read in full and empty.
pub fn live_account(id: &str) -> LiveAccount {
    LiveAccount {
        name: format!("{id} Ltd"),
        connectors: Some(Vec::new()),
        cycles: Some(Vec::new()),
        ..LiveAccount::default()
    }
}

impl LiveAccount {
    /// With one more connector.
    #[must_use]
    pub fn connector(mut self, connector: LiveConnector) -> Self {
        self.connectors.get_or_insert_default().push(connector);
        self
    }

    /// With one more sub-account.
    #[must_use]
    pub fn sub_account(mut self, id: &str) -> Self {
        self.sub_accounts
            .get_or_insert_default()
            .push(AccountId::new(id));
        self
    }

    /// With one more cycle.
    #[must_use]
    pub fn cycle(mut self, cycle: LiveCycle) -> Self {
        self.cycles.get_or_insert_default().push(cycle);
        self
    }

    /// With this `AuditInfo`.
    #[must_use]
    pub fn audit(mut self, text: impl Into<String>) -> Self {
        self.audit_info = Some(text.into());
        self
    }
}

/// An authenticated connector of the library connector of the same name, version 1.0.
pub fn live_connector(id: i64, name: &str) -> LiveConnector {
    LiveConnector {
        id,
        name: name.into(),
        connector_name: name.into(),
        connector_version: Some("1.0".into()),
        authenticated: true,
        ..LiveConnector::default()
    }
}

impl LiveConnector {
    /// Not authenticated.
    #[must_use]
    pub fn signed_out(mut self) -> Self {
        self.authenticated = false;
        self
    }

    /// Under another name of its own.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    /// With one more property; `None` where its value is not kept.
    #[must_use]
    pub fn property(mut self, name: &str, value: Option<&str>) -> Self {
        self.properties.push(LiveProperty {
            name: name.into(),
            value: value.map(Into::into),
        });
        self
    }
}

/// A paused cycle of a template, without tags, that never ran.
pub fn live_cycle(id: &str, name: &str, template_id: &str) -> LiveCycle {
    LiveCycle {
        id: id.into(),
        name: name.into(),
        template_id: Some(template_id.into()),
        ..LiveCycle::default()
    }
}

impl LiveCycle {
    /// Running.
    #[must_use]
    pub fn active(mut self) -> Self {
        self.status = CycleStatus::Active;
        self.has_run = true;
        self
    }

    /// With signs that it ran.
    #[must_use]
    pub fn ran(mut self) -> Self {
        self.has_run = true;
        self
    }

    /// With these tags as well.
    #[must_use]
    pub fn tags(mut self, tags: &[&str]) -> Self {
        self.tags.extend(tags.iter().map(|tag| (*tag).to_owned()));
        self
    }

    /// Bound to one more connector.
    #[must_use]
    pub fn bound(mut self, name: &str, id: impl Into<Option<i64>>, authenticated: bool) -> Self {
        self.connectors.push(BoundConnector {
            name: name.into(),
            account_connector_id: id.into(),
            authenticated,
        });
        self
    }

    /// With one more variable.
    #[must_use]
    pub fn variable(mut self, name: &str, value: Option<&str>) -> Self {
        let variables = self.variables.get_or_insert_default();
        variables.insert(name.into(), value.map(Into::into));
        self
    }

    /// With one more step.
    #[must_use]
    pub fn step(mut self, step: LiveStep) -> Self {
        self.steps.get_or_insert_default().push(step);
        self
    }
}

/// A step whose GUID is its name, read in full and empty.
pub fn live_step(name: &str) -> LiveStep {
    LiveStep {
        id: name.into(),
        name: name.into(),
        parameters: Some(Vec::new()),
        fields: Some(Vec::new()),
    }
}

impl LiveStep {
    /// With one more parameter; `None` where nothing was chosen.
    #[must_use]
    pub fn parameter(mut self, id: i64, name: &str, mapping: Option<(&str, &str)>) -> Self {
        let parameters = self.parameters.get_or_insert_default();
        parameters.push(mapped(id, name, mapping));
        self
    }

    /// With one more field; `None` where nothing was chosen.
    #[must_use]
    pub fn field(mut self, id: i64, name: &str, mapping: Option<(&str, &str)>) -> Self {
        self.fields
            .get_or_insert_default()
            .push(mapped(id, name, mapping));
        self
    }
}

fn mapped(id: i64, name: &str, mapping: Option<(&str, &str)>) -> LiveMapping {
    LiveMapping {
        id,
        name: name.into(),
        mapping_type: mapping.map(|(kind, _)| kind.into()),
        value: mapping.map(|(_, value)| value.into()),
        values: Vec::new(),
    }
}
