//! A connector that is there.

use super::decision::{Decision, State, blank, full, has_memory, title};
use super::memory::{Memory, credential};
use super::shown::{auth_change, property_change, sign_in};
use crate::diff::{Pass, live_text, property, text_change};
use crate::library;
use gangplank_model::compare::same_text;
use gangplank_model::{
    AccountMark, AccountSpec, Action, Change, ConnectorSpec, ConnectorWrite, FieldChange,
    LiveConnector, OperationKind, Reason, Shown, Sourced, Value,
};
use std::collections::BTreeMap;

/// What differs, as it is found: what to send, and what the plan says of it.
struct Found {
    write: ConnectorWrite,
    fields: Vec<FieldChange>,
    reasons: Vec<Reason>,
}

/// Brings its description, partner flag, credential and properties to tally, in one call.
pub(super) fn update(
    pass: &mut Pass<'_>,
    account: &AccountSpec,
    mark: Option<&AccountMark>,
    spec: &ConnectorSpec,
    live: &LiveConnector,
) -> Option<Decision> {
    let release = pass.library.installed(live);
    let properties = spec.all_properties();
    let mut method = None;
    if let Some(release) = release {
        property::check(&mut pass.problems, spec, &properties, release, false);
        method = library::method(spec, release, &mut pass.problems).ok()?;
    }
    let all = full(spec, &properties, release, method);
    let memory = Memory::of(pass, account, mark, spec, &all);
    let mut found = Found {
        write: ConnectorWrite {
            name: spec.name.clone(),
            ..ConnectorWrite::default()
        },
        fields: Vec::new(),
        reasons: Vec::new(),
    };
    found.texts(spec, live);
    let send_auth = credential(pass, spec, live, &memory, &mut found.reasons);
    if send_auth {
        found.auth(spec, &all);
    }
    found.properties(live, &properties, |key, value| match value {
        // What a credential stands for goes along with it.
        _ if send_auth && stands_for(spec, key) => true,
        Value::Text(_) => false,
        Value::Secret(_) => memory.secret_differs(key),
    });
    let needs_none = release.is_some_and(library::needs_none);
    let state = if live.authenticated || send_auth || needs_none {
        State::Ready
    } else {
        state(spec, live, &memory, &mut found.reasons)
    };
    let Some(action) = found.action() else {
        return Some(Decision {
            state,
            full: all,
            former: memory.former().map(str::to_owned),
            ..Decision::unchanged(spec, live)
        });
    };
    let Found {
        mut write,
        fields,
        reasons,
    } = found;
    let change = Change {
        reasons,
        fields,
        ..blank(account, spec, action, title(live))
    };
    let sends_secret = write.auth.is_some()
        || write
            .properties
            .values()
            .any(|value| value.secret().is_some());
    if !write.properties.is_empty() {
        // The instance may take them for all there are: those that stay go along.
        for (key, value) in &properties {
            let kept = write.properties.entry(key.clone());
            kept.or_insert_with(|| value.value.clone());
        }
    }
    Some(Decision {
        state,
        change: Some(change),
        operation: (action == Action::Update).then_some(OperationKind::UpdateConnector {
            id: live.id,
            write,
            rename: None,
        }),
        remark: sends_secret && has_memory(&all),
        former: memory.former().filter(|_| !sends_secret).map(str::to_owned),
        full: all,
        ..Decision::unchanged(spec, live)
    })
}

/// Whether a property is part of the declared credential.
fn stands_for(spec: &ConnectorSpec, key: &str) -> bool {
    spec.auth
        .as_ref()
        .is_some_and(|auth| auth.value.properties().contains_key(key))
}

impl Found {
    fn texts(&mut self, spec: &ConnectorSpec, live: &LiveConnector) {
        if let Some(wanted) = &spec.description
            && !same_text(live.description.as_deref(), &wanted.value)
        {
            let before = live_text(live.description.as_deref());
            let change = text_change("description", before, wanted, &*wanted.value);
            self.fields.push(change);
            self.write.description = Some(wanted.value.clone());
        }
        if let Some(wanted) = &spec.partner
            && wanted.value != live.partner
        {
            let before = Shown::Text(live.partner.to_string());
            let change = text_change("partner", before, wanted, wanted.value.to_string());
            self.fields.push(change);
            self.write.partner = Some(wanted.value);
        }
    }

    fn auth(&mut self, spec: &ConnectorSpec, all: &ConnectorWrite) {
        if let Some(auth) = &spec.auth {
            self.fields.push(auth_change(Shown::Unknown, auth));
            self.write.auth = Some(auth.value.clone());
            self.write.method.clone_from(&all.method);
            self.write
                .authentication_id
                .clone_from(&all.authentication_id);
        }
    }

    /// Properties that are missing, that hold another text, or that `anyway` names.
    fn properties(
        &mut self,
        live: &LiveConnector,
        properties: &BTreeMap<String, Sourced<Value>>,
        anyway: impl Fn(&str, &Value) -> bool,
    ) {
        for (key, value) in properties {
            let held = live.properties.iter().find(|held| held.name == *key);
            let differs = match (held, &value.value) {
                (None, _) => true,
                (Some(held), Value::Text(text)) => held.value.as_deref() != Some(text),
                (Some(_), Value::Secret(_)) => false,
            };
            if differs || anyway(key, &value.value) {
                let before = match held {
                    None => Shown::Absent,
                    Some(held) => match (&value.value, &held.value) {
                        (_, Some(text)) => Shown::Text(text.clone()),
                        (Value::Text(_), None) => Shown::Absent,
                        (Value::Secret(_), None) => Shown::Unknown,
                    },
                };
                self.fields.push(property_change(key, before, value));
                self.write
                    .properties
                    .insert(key.clone(), value.value.clone());
            }
        }
    }

    /// What is done about it; a change says why, even where that is only that fields differ.
    fn action(&mut self) -> Option<Action> {
        let waiting = |reason: &Reason| matches!(reason, Reason::Waiting(_));
        if !self.fields.is_empty() {
            if self.reasons.iter().all(waiting) {
                self.reasons.insert(0, Reason::Differs);
            }
            return Some(Action::Update);
        }
        self.reasons.iter().any(waiting).then_some(Action::Wait)
    }
}

/// Whether a template may count on one that is not authenticated, and whom it waits for.
fn state(
    spec: &ConnectorSpec,
    live: &LiveConnector,
    memory: &Memory<'_>,
    reasons: &mut Vec<Reason>,
) -> State {
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
