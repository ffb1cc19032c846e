//! Account connectors: install, update, authenticate, wait.

use super::{Pass, live_text, property, text_change};
use crate::library;
use crate::pair::{self, Pair};
use gangplank_model::compare::same_text;
use gangplank_model::{
    AccountMark, AccountSpec, Action, Address, AuthMethod, AuthSpec, Change, ConnectorMark,
    ConnectorSpec, ConnectorWrite, FieldChange, LibraryConnector, LiveAccount, LiveConnector,
    OperationKind, Presence, Reason, Shown, Sourced, Value,
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
    /// Whether its mark is to be made anew.
    pub(crate) remark: bool,
}

/// Decides on one connector. `None` when something is wrong with it, which is told.
pub(crate) fn decide(
    pass: &mut Pass<'_>,
    account: &AccountSpec,
    live: Option<&LiveAccount>,
    mark: Option<&AccountMark>,
    spec: &ConnectorSpec,
) -> Option<Decision> {
    let found = live.map_or(Pair::None, |live| pair::connector(live, &spec.name));
    match found {
        Pair::None if spec.presence == Presence::Absent => None,
        Pair::None => install(pass, account, spec),
        Pair::One(live) | Pair::Unmarked(live) if spec.presence == Presence::Absent => {
            let change = Change {
                reasons: vec![Reason::Absent],
                ..blank(account, spec, Action::Remove, title(live))
            };
            Some(Decision {
                change: Some(change),
                operation: Some(OperationKind::DeleteConnector { id: live.id }),
                ..unchanged(spec, live)
            })
        }
        Pair::One(live) | Pair::Unmarked(live) => update(pass, account, mark, spec, live),
        Pair::Ambiguous(why) => {
            let change = Change {
                reasons: vec![Reason::Blocked(why.clone())],
                ..blank(account, spec, Action::Block, spec.name.clone())
            };
            Some(Decision {
                name: spec.name.clone(),
                library_name: wanted_name(spec).unwrap_or_default().to_owned(),
                live_id: None,
                state: State::Blocked(why),
                change: Some(change),
                operation: None,
                full: ConnectorWrite::default(),
                remark: false,
            })
        }
    }
}

fn blank(account: &AccountSpec, spec: &ConnectorSpec, action: Action, title: String) -> Change {
    Change {
        address: Address::connector(&account.id, &spec.name),
        action,
        title,
        reasons: Vec::new(),
        fields: Vec::new(),
        origin: Some(spec.origin.clone()),
    }
}

fn unchanged(spec: &ConnectorSpec, live: &LiveConnector) -> Decision {
    Decision {
        name: spec.name.clone(),
        library_name: live.connector_name.clone(),
        live_id: Some(live.id),
        state: State::Ready,
        change: None,
        operation: None,
        full: ConnectorWrite::default(),
        remark: false,
    }
}

fn wanted_name(spec: &ConnectorSpec) -> Option<&str> {
    match &spec.connector.value {
        gangplank_model::ConnectorChoice::Name { name, .. } => Some(name),
        gangplank_model::ConnectorChoice::Id(_) => None,
    }
}

fn title(live: &LiveConnector) -> String {
    titled(&live.connector_name, live.connector_version.as_deref())
}

fn titled(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"))
}

fn full(
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
pub(crate) fn has_memory(write: &ConnectorWrite) -> bool {
    write.method.is_some()
        || write.auth.as_ref().is_some_and(AuthSpec::sends_value)
        || write
            .properties
            .values()
            .any(|value| value.secret().is_some())
}

fn install(pass: &mut Pass<'_>, account: &AccountSpec, spec: &ConnectorSpec) -> Option<Decision> {
    let release = pass.library.release(spec, &mut pass.problems)?;
    let properties = spec.all_properties();
    property::check(pass, spec, &properties, release, true);
    let method = library::method(spec, release, &mut pass.problems).ok()?;
    let write = full(spec, &properties, Some(release), method);
    let needs_none = release.is_system
        || release
            .methods
            .iter()
            .all(|m| m.kind == gangplank_model::AuthKind::None);
    let state = match &write.auth {
        Some(auth) if auth.needs_sign_in() => State::Waiting(sign_in(&release.name)),
        None if !needs_none => State::Waiting(format!("{} has no `auth` declared", spec.name)),
        Some(_) | None => State::Ready,
    };
    let mut reasons = vec![Reason::Missing];
    if let (State::Waiting(why), Some(_)) = (&state, &write.auth) {
        reasons.push(Reason::Waiting(why.clone()));
    }
    let change = Change {
        reasons,
        fields: declared(spec, &properties),
        ..blank(
            account,
            spec,
            Action::Create,
            titled(&release.name, release.version.as_deref()),
        )
    };
    Some(Decision {
        name: spec.name.clone(),
        library_name: release.name.clone(),
        live_id: None,
        state,
        change: Some(change),
        operation: Some(OperationKind::InstallConnector {
            release_id: release.id,
            connector: release.name.clone(),
            version: release.version.clone(),
            write: write.clone(),
        }),
        remark: has_memory(&write),
        full: write,
    })
}

fn sign_in(connector: &str) -> String {
    format!("the customer has to sign in to {connector}")
}

/// Everything that is declared of a new connector.
fn declared(
    spec: &ConnectorSpec,
    properties: &BTreeMap<String, Sourced<Value>>,
) -> Vec<FieldChange> {
    let mut fields = Vec::new();
    if let Some(description) = &spec.description {
        fields.push(text_change(
            "description",
            Shown::Absent,
            description,
            &*description.value,
        ));
    }
    if let Some(partner) = &spec.partner {
        fields.push(text_change(
            "partner",
            Shown::Absent,
            partner,
            partner.value.to_string(),
        ));
    }
    if let Some(method) = &spec.authentication {
        fields.push(text_change(
            "authentication",
            Shown::Absent,
            method,
            &*method.value,
        ));
    }
    if let Some(auth) = &spec.auth {
        fields.push(auth_change(Shown::Absent, auth));
    }
    for (key, value) in properties {
        fields.push(property_change(key, Shown::Absent, value));
    }
    fields
}

fn auth_change(before: Shown, auth: &Sourced<AuthSpec>) -> FieldChange {
    let after = match &auth.value {
        AuthSpec::None => Shown::Text("none".into()),
        AuthSpec::SignInOAuth2 => Shown::Text("oauth2".into()),
        AuthSpec::SignInOAuth1 => Shown::Text("oauth1".into()),
        AuthSpec::ApiKey(_)
        | AuthSpec::Basic { .. }
        | AuthSpec::OAuth2Tokens { .. }
        | AuthSpec::OAuth2Client { .. }
        | AuthSpec::Fields(_) => {
            let references: Vec<String> = auth
                .value
                .secrets()
                .iter()
                .map(ToString::to_string)
                .collect();
            Shown::Secret(references.join(", "))
        }
    };
    FieldChange {
        field: "auth".into(),
        before,
        after,
        origin: Some(auth.origin.clone()),
    }
}

fn property_change(key: &str, before: Shown, value: &Sourced<Value>) -> FieldChange {
    let after = match &value.value {
        Value::Text(text) => Shown::Text(text.clone()),
        Value::Secret(reference) => Shown::Secret(reference.to_string()),
    };
    let field = format!("properties.{key}");
    FieldChange {
        field,
        before,
        after,
        origin: Some(value.origin.clone()),
    }
}

/// Whether the installed connector is another one than declared; no API call changes that.
fn mismatch(pass: &Pass<'_>, spec: &ConnectorSpec, live: &LiveConnector) -> Option<String> {
    let way_out = "remove it first with `state: absent`, or give the entry another `name:`";
    match &spec.connector.value {
        gangplank_model::ConnectorChoice::Name { name, version } => {
            let other_name = *name != live.connector_name;
            let other_version =
                version.is_some() && version.as_deref() != live.connector_version.as_deref();
            (other_name || other_version).then(|| {
                let wanted = titled(name, version.as_deref());
                format!(
                    "{} is installed under this name, not {wanted}; {way_out}",
                    title(live)
                )
            })
        }
        gangplank_model::ConnectorChoice::Id(id) => {
            let release = pass.library.installed(live);
            let same = live.release_id == Some(*id) || release.is_some_and(|it| it.id == *id);
            (!same).then(|| format!("{} is installed under this name; {way_out}", title(live)))
        }
    }
}

fn update(
    pass: &mut Pass<'_>,
    account: &AccountSpec,
    mark: Option<&AccountMark>,
    spec: &ConnectorSpec,
    live: &LiveConnector,
) -> Option<Decision> {
    if let Some(why) = mismatch(pass, spec, live) {
        let change = Change {
            reasons: vec![Reason::Blocked(why.clone())],
            ..blank(account, spec, Action::Block, title(live))
        };
        let state = State::Blocked(why);
        return Some(Decision {
            change: Some(change),
            state,
            ..unchanged(spec, live)
        });
    }
    let release = pass.library.installed(live);
    let properties = spec.all_properties();
    let mut method = None;
    if let Some(release) = release {
        property::check(pass, spec, &properties, release, false);
        method = library::method(spec, release, &mut pass.problems).ok()?;
    }
    let all = full(spec, &properties, release, method);
    let memory = Memory::of(pass, account, mark, spec, &all);
    let mut write = ConnectorWrite {
        name: spec.name.clone(),
        ..ConnectorWrite::default()
    };
    let mut fields = Vec::new();
    let mut reasons = Vec::new();
    if let Some(description) = &spec.description
        && !same_text(live.description.as_deref(), &description.value)
    {
        let before = live_text(live.description.as_deref());
        fields.push(text_change(
            "description",
            before,
            description,
            &*description.value,
        ));
        write.description = Some(description.value.clone());
    }
    if let Some(partner) = &spec.partner
        && partner.value != live.partner
    {
        let before = Shown::Text(live.partner.to_string());
        fields.push(text_change(
            "partner",
            before,
            partner,
            partner.value.to_string(),
        ));
        write.partner = Some(partner.value);
    }
    let send_auth = credential(pass, spec, live, &memory, &mut reasons);
    if let (Some(auth), true) = (&spec.auth, send_auth) {
        fields.push(auth_change(Shown::Unknown, auth));
        write.auth = Some(auth.value.clone());
        write.method.clone_from(&all.method);
        write.authentication_id.clone_from(&all.authentication_id);
    }
    let of_auth = spec
        .auth
        .as_ref()
        .map(|auth| auth.value.properties())
        .unwrap_or_default();
    for (key, value) in &properties {
        let held = live
            .properties
            .iter()
            .find(|property| property.name == *key);
        let differs = match &value.value {
            Value::Text(text) => {
                held.is_none_or(|held| held.value.as_deref().is_some_and(|live| live != text))
            }
            Value::Secret(_) => held.is_none() || memory.secret_differs(key),
        };
        // What a credential stands for goes along with it.
        if differs || (send_auth && of_auth.contains_key(key)) {
            let before = match held {
                None => Shown::Absent,
                Some(held) => held.value.clone().map_or(Shown::Unknown, Shown::Text),
            };
            fields.push(property_change(key, before, value));
            write.properties.insert(key.clone(), value.value.clone());
        }
    }
    let sends_secret = write.auth.is_some()
        || write
            .properties
            .values()
            .any(|value| value.secret().is_some());
    let state = state(spec, live, &memory, send_auth, &mut reasons);
    let waits = reasons
        .iter()
        .any(|reason| matches!(reason, Reason::Waiting(_)));
    let action = if !fields.is_empty() {
        if !reasons
            .iter()
            .any(|reason| !matches!(reason, Reason::Waiting(_)))
        {
            reasons.insert(0, Reason::Differs);
        }
        Action::Update
    } else if waits {
        Action::Wait
    } else {
        return Some(Decision {
            state,
            full: all,
            ..unchanged(spec, live)
        });
    };
    let change = Change {
        reasons,
        fields,
        ..blank(account, spec, action, title(live))
    };
    let operation =
        (action == Action::Update).then_some(OperationKind::UpdateConnector { id: live.id, write });
    Some(Decision {
        state,
        change: Some(change),
        operation,
        remark: sends_secret && has_memory(&all),
        full: all,
        ..unchanged(spec, live)
    })
}

/// What is remembered of a connector's secrets, against what they are now.
struct Memory<'a> {
    /// What the instance remembers.
    live: Option<&'a ConnectorMark>,
    /// What it would remember of the secrets as they are now.
    made: Option<ConnectorMark>,
    /// Whether the secrets were read.
    compared: bool,
    /// Whether the instance remembers under another key.
    other_key: bool,
}

impl<'a> Memory<'a> {
    fn of(
        pass: &mut Pass<'_>,
        account: &AccountSpec,
        mark: Option<&'a AccountMark>,
        spec: &ConnectorSpec,
        all: &ConnectorWrite,
    ) -> Self {
        let live = mark.and_then(|mark| mark.connectors.get(&spec.name));
        let marks = pass.context.marks;
        let made_marks = pass.context.made_marks.as_ref().filter(|_| marks);
        if has_memory(all) && made_marks.is_none() {
            pass.uncompared += 1;
        }
        let address = Address::connector(&account.id, &spec.name);
        Self {
            live,
            made: made_marks.and_then(|made| made.connectors.get(&address).cloned()),
            compared: made_marks.is_some(),
            other_key: match (made_marks, mark, live) {
                (Some(made), Some(mark), Some(_)) => made.key != mark.key,
                _ => false,
            },
        }
    }

    fn auth_differs(&self) -> bool {
        self.compared
            && self.live.and_then(|mark| mark.auth.as_ref())
                != self.made.as_ref().and_then(|mark| mark.auth.as_ref())
    }

    fn secret_differs(&self, key: &str) -> bool {
        self.compared
            && self.live.and_then(|mark| mark.properties.get(key))
                != self.made.as_ref().and_then(|mark| mark.properties.get(key))
    }

    fn any_secret_differs(&self) -> bool {
        self.made
            .as_ref()
            .is_some_and(|made| made.properties.keys().any(|key| self.secret_differs(key)))
    }

    fn method(&self) -> Option<&str> {
        self.live.and_then(|mark| mark.method.as_deref())
    }

    fn unconfirmed(&self) -> bool {
        self.live.is_some_and(|mark| mark.unconfirmed)
    }
}

/// Whether the credential is to be sent, and why.
fn credential(
    pass: &Pass<'_>,
    spec: &ConnectorSpec,
    live: &LiveConnector,
    memory: &Memory<'_>,
    reasons: &mut Vec<Reason>,
) -> bool {
    let Some(auth) = &spec.auth else { return false };
    if !auth.value.sends_value() {
        if memory.any_secret_differs() && memory.live.is_some() {
            reasons.push(Reason::SecretChanged);
        }
        return false;
    }
    if pass.context.marks {
        let wanted = spec.authentication.as_ref().map(|name| name.value.as_str());
        if memory.live.is_some() && wanted.is_some() && memory.method() != wanted {
            reasons.push(Reason::Differs);
            return true;
        }
        if memory.other_key {
            reasons.push(Reason::MarkKeyChanged);
            return true;
        }
        if memory.auth_differs() || memory.any_secret_differs() {
            let known = memory.live.is_some();
            let reason = match (known, live.authenticated) {
                (true, _) => Reason::SecretChanged,
                (false, true) => Reason::NotMarked,
                (false, false) => Reason::NotAuthenticated,
            };
            reasons.push(reason);
            return true;
        }
    }
    // An OAuth 2 client authenticates at its first call (cyclr-api.md 2.6): sent once is enough.
    let at_first_call =
        matches!(auth.value, AuthSpec::OAuth2Client { .. }) && memory.live.is_some();
    if live.authenticated || at_first_call || memory.unconfirmed() {
        return false;
    }
    reasons.push(Reason::NotAuthenticated);
    true
}

/// Whether a template may count on it, and whom it waits for.
fn state(
    spec: &ConnectorSpec,
    live: &LiveConnector,
    memory: &Memory<'_>,
    send_auth: bool,
    reasons: &mut Vec<Reason>,
) -> State {
    if live.authenticated || send_auth {
        return State::Ready;
    }
    let why = match &spec.auth {
        Some(auth) if auth.value.needs_sign_in() => sign_in(&live.connector_name),
        Some(auth) if auth.value.sends_value() && memory.unconfirmed() => {
            "the instance still says `not authenticated` after the declared credential was set; \
             check the credential"
                .to_owned()
        }
        Some(_) => return State::Ready,
        None => return State::Waiting(format!("{} is not authenticated", spec.name)),
    };
    reasons.push(Reason::Waiting(why.clone()));
    State::Waiting(why)
}
