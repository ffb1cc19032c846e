//! The values of an account as they are planned, each under the name that the language has for it.

use crate::argument::Arguments;
use crate::expression::Scope;
use gangplank_model::{
    AccountSpec, AuthSpec, ConnectorChoice, ConnectorSpec, MappingSpec, Origin, Presence,
    Retention, Run, Schedule, Sourced, TemplateSpec, Value,
};
use minijinja::value::ValueKind;

/// An argument's value in YAML's words.
pub(super) fn text_of(value: &minijinja::Value) -> String {
    match bool::try_from(value.clone()) {
        Ok(flag) if value.kind() == ValueKind::Bool => flag.to_string(),
        Ok(_) | Err(_) => value.to_string(),
    }
}

/// A value as it is planned.
#[derive(Clone, Debug)]
pub(super) struct Effective {
    pub(super) path: Vec<String>,
    pub(super) text: String,
    /// Where it comes from; the cell where it comes from a row. Not known of every value.
    pub(super) origin: Option<Origin>,
}

/// Collects values of one object.
#[derive(Debug, Default)]
struct Values(Vec<Effective>);

impl Values {
    fn plain(&mut self, path: &[&str], text: impl Into<String>) {
        self.0.push(Effective {
            path: path.iter().map(|key| (*key).to_owned()).collect(),
            text: text.into(),
            origin: None,
        });
    }

    fn add<T>(&mut self, path: &[&str], value: &Sourced<T>, text: impl FnOnce(&T) -> String) {
        self.plain(path, text(&value.value));
        if let Some(last) = self.0.last_mut() {
            last.origin = Some(value.origin.clone());
        }
    }

    fn maybe<T: ToString>(&mut self, key: &str, value: Option<&Sourced<T>>) {
        if let Some(value) = value {
            self.add(&[key], value, T::to_string);
        }
    }

    fn state(&mut self, presence: Presence) {
        if presence == Presence::Absent {
            self.plain(&["state"], "absent");
        }
    }
}

/// Of the account itself.
pub(super) fn account(spec: &AccountSpec, scope: &Scope) -> Vec<Effective> {
    let mut values = Values::default();
    let fields = &spec.fields;
    values.plain(&["id"], spec.id.as_str());
    for (key, field) in [
        ("name", &fields.name),
        ("description", &fields.description),
        ("timezone", &fields.timezone),
        ("audit_info", &fields.audit_info),
        ("task_audit_info", &fields.task_audit_info),
        ("next_bill_date_utc", &fields.next_bill_date_utc),
        (
            "transaction_error_webhook_url",
            &fields.transaction_error_webhook_url,
        ),
    ] {
        values.maybe(key, field.as_ref());
    }
    for (key, field) in [
        (
            "step_data_success_retention_hours",
            &fields.step_data_success_retention_hours,
        ),
        (
            "step_data_errored_retention_hours",
            &fields.step_data_errored_retention_hours,
        ),
    ] {
        if let Some(field) = field {
            values.add(&[key], field, |retention| match retention {
                Retention::ConsoleDefault => "null".to_owned(),
                Retention::Hours(hours) => hours.to_string(),
            });
        }
    }
    for (key, field) in [
        (
            "transaction_error_webhook_enabled",
            &fields.transaction_error_webhook_enabled,
        ),
        (
            "transaction_error_webhook_include_warnings",
            &fields.transaction_error_webhook_include_warnings,
        ),
    ] {
        values.maybe(key, field.as_ref());
    }
    values.maybe("parent", spec.parent.as_ref());
    values.state(spec.presence);
    for (key, label) in spec.labels.iter() {
        values.plain(&["labels", key], label);
    }
    let arguments = scope.argument_values().into_iter();
    for (name, value, origin) in arguments.flat_map(Arguments::each) {
        if !value.is_undefined() {
            values.plain(&["arguments", name], text_of(value));
            if let Some(last) = values.0.last_mut() {
                last.origin = origin.cloned();
            }
        }
    }
    values.0
}

/// Of a connector.
pub(super) fn connector(spec: &ConnectorSpec) -> Vec<Effective> {
    let mut values = Values::default();
    values.plain(&["name"], &spec.name);
    values.add(&["connector"], &spec.connector, |choice| match choice {
        ConnectorChoice::Name { name, .. } => name.clone(),
        ConnectorChoice::Id(id) => format!("{{ id: {id} }}"),
    });
    if let ConnectorChoice::Name {
        version: Some(version),
        ..
    } = &spec.connector.value
    {
        values.plain(&["version"], version);
    }
    values.maybe("description", spec.description.as_ref());
    values.maybe("partner", spec.partner.as_ref());
    values.maybe("authentication", spec.authentication.as_ref());
    if let Some(found) = &spec.auth {
        values.add(&["auth"], found, auth);
    }
    for (key, property) in spec.properties.iter() {
        values.add(&["properties", key], property, value);
    }
    values.state(spec.presence);
    values.0
}

/// Of an installed template.
pub(super) fn template(spec: &TemplateSpec) -> Vec<Effective> {
    let mut values = Values::default();
    values.plain(&["name"], &spec.name);
    values.add(&["template"], &spec.template, ToString::to_string);
    for (step, wanted) in spec.steps.iter() {
        for (name, parameter) in wanted.parameters.iter() {
            values.add(&["parameters", step, name], parameter, mapping);
        }
        for (name, field) in wanted.fields.iter() {
            values.add(&["mappings", step, name], field, mapping);
        }
    }
    for (name, variable) in spec.variables.iter() {
        values.add(&["variables", name], variable, Clone::clone);
    }
    if let Some(wanted) = &spec.run {
        values.add(&["run"], wanted, run);
    }
    values.state(spec.presence);
    values.0
}

fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Secret(reference) => format!("secret: {reference}"),
    }
}

fn auth(auth: &AuthSpec) -> String {
    let pairs = |pairs: &[(&str, String)]| {
        let pairs = pairs.iter().map(|(key, text)| format!("{key} {text}"));
        pairs.collect::<Vec<_>>().join(", ")
    };
    match auth {
        AuthSpec::None => "none".to_owned(),
        AuthSpec::SignInOAuth2 => "oauth2 (the customer signs in)".to_owned(),
        AuthSpec::SignInOAuth1 => "oauth1 (the customer signs in)".to_owned(),
        AuthSpec::ApiKey(key) => format!("api_key secret: {key}"),
        AuthSpec::Basic { username, password } => pairs(&[
            ("basic: username", value(username)),
            ("password", format!("secret: {password}")),
        ]),
        AuthSpec::OAuth2Tokens { access_token, .. } => {
            format!("oauth2: access_token secret: {access_token}")
        }
        AuthSpec::OAuth2Client {
            client_id,
            client_secret,
        } => pairs(&[
            ("oauth2_client: client_id", value(client_id)),
            ("client_secret", format!("secret: {client_secret}")),
        ]),
        AuthSpec::Fields(fields) => {
            let fields = fields
                .iter()
                .map(|(key, field)| format!("{key} {}", value(field)));
            format!("fields: {}", fields.collect::<Vec<_>>().join(", "))
        }
    }
}

fn mapping(mapping: &MappingSpec) -> String {
    match (mapping.mapping_type.as_str(), &mapping.value) {
        ("StaticValue", Some(value)) => value.clone(),
        (kind, Some(value)) => format!("{kind} {value}"),
        (kind, None) => kind.to_owned(),
    }
}

fn run(run: &Run) -> String {
    match run {
        Run::Paused => "paused".to_owned(),
        Run::Active(Schedule::Once) => "once".to_owned(),
        Run::Active(Schedule::Every { minutes, start }) => {
            let start = start.iter().map(|start| format!(", first at {start}"));
            format!("every {minutes} minutes{}", start.collect::<String>())
        }
    }
}
