//! What is to become of one declared connector.

use gangplank_model::{
    AccountSpec, Action, Address, AuthMethod, AuthSpec, Change, ConnectorSpec, ConnectorWrite,
    LibraryConnector, LiveConnector, OperationKind, Reason, Sourced, Value,
};
use std::collections::BTreeMap;

/// Whether a template may count on a connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Authenticated, or about to be.
    Ready,
    /// A person has to act first.
    Waiting(String),
    /// In the way until somebody mends it.
    Blocked(String),
}

/// What is to become of one declared connector.
#[derive(Debug)]
pub(crate) struct Decision {
    /// Its own name.
    pub(crate) name: String,
    /// The library connector's name.
    pub(crate) library_name: String,
    /// Its id, if it is there.
    pub(crate) live_id: Option<i64>,
    pub(crate) state: State,
    pub(crate) change: Option<Change>,
    pub(crate) operation: Option<OperationKind>,
    /// All of it, for the mark.
    pub(crate) full: ConnectorWrite,
    /// Whether its mark is to be made anew, since a secret is sent.
    pub(crate) remark: bool,
    /// The former name with which its secrets are remembered: they are to be remembered with the present
    /// one.
    pub(crate) former: Option<String>,
}

impl Decision {
    /// Whether its call gives the entry's name to a connector.
    pub(crate) fn takes_name(&self) -> bool {
        self.renames() || matches!(self.operation, Some(OperationKind::InstallConnector { .. }))
    }

    /// Whether its call renames a connector.
    pub(crate) fn renames(&self) -> bool {
        let rename = OperationKind::is_rename;
        self.operation.as_ref().is_some_and(rename)
    }

    /// Whether nothing may be touched.
    pub(crate) fn is_blocked(&self) -> bool {
        let change = self.change.as_ref();
        change.is_some_and(|change| change.action == Action::Block)
    }

    /// Nothing is done with a connector that is there.
    pub(super) fn unchanged(spec: &ConnectorSpec, live: &LiveConnector) -> Self {
        Self {
            name: spec.name.clone(),
            library_name: live.connector_name.clone(),
            live_id: Some(live.id),
            state: State::Ready,
            change: None,
            operation: None,
            full: ConnectorWrite::default(),
            remark: false,
            former: None,
        }
    }

    /// Nothing may be touched, since it is not known which object is meant.
    pub(super) fn ambiguous(
        account: &AccountSpec,
        spec: &ConnectorSpec,
        library_name: String,
        why: String,
    ) -> Self {
        Self {
            name: spec.name.clone(),
            library_name,
            live_id: None,
            change: Some(blocked(account, spec, spec.name.clone(), &why)),
            state: State::Blocked(why),
            operation: None,
            full: ConnectorWrite::default(),
            remark: false,
            former: None,
        }
    }
}

/// A change that says why nothing may be touched.
pub(super) fn blocked(
    account: &AccountSpec,
    spec: &ConnectorSpec,
    title: String,
    why: &str,
) -> Change {
    Change {
        reasons: vec![Reason::Blocked(why.to_owned())],
        ..blank(account, spec, Action::Block, title)
    }
}

/// A change of this entry that says nothing yet.
pub(super) fn blank(
    account: &AccountSpec,
    spec: &ConnectorSpec,
    action: Action,
    title: String,
) -> Change {
    Change {
        address: Address::connector(&account.id, &spec.name),
        action,
        title,
        reasons: Vec::new(),
        fields: Vec::new(),
        origin: Some(spec.origin.clone()),
    }
}

/// How a connector that is there is called: `Mailchimp v3`.
pub(super) fn title(live: &LiveConnector) -> String {
    titled(&live.connector_name, live.connector_version.as_deref())
}

pub(super) fn titled(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
}

/// All that is declared of a connector.
pub(super) fn full(
    spec: &ConnectorSpec,
    properties: &BTreeMap<String, Sourced<Value>>,
    release: Option<&LibraryConnector>,
    method: Option<&AuthMethod>,
) -> ConnectorWrite {
    let several = release.is_some_and(|release| release.methods.len() > 1);
    ConnectorWrite {
        name: spec.name.clone(),
        description: spec.description.as_ref().map(|text| text.value.clone()),
        method: spec.authentication.as_ref().map(|name| name.value.clone()),
        // Optional where there is one method (cyclr-api.md 2.4).
        authentication_id: method
            .filter(|_| several)
            .and_then(|method| method.id.clone()),
        auth: spec.auth.as_ref().map(|auth| auth.value.clone()),
        properties: properties
            .iter()
            .map(|(key, it)| (key.clone(), it.value.clone()))
            .collect(),
        partner: spec.partner.as_ref().map(|partner| partner.value),
    }
}

/// Whether there is anything of a connector that the instance cannot tell.
pub(super) fn has_memory(write: &ConnectorWrite) -> bool {
    write.method.is_some()
        || write.auth.as_ref().is_some_and(AuthSpec::sends_value)
        || write
            .properties
            .values()
            .any(|value| value.secret().is_some())
}
