//! A first profile: the partner's own connectors and the published templates.

use super::manifest::{can_be_said, literal, map};
use gangplank_model::{AuthKind, LibraryConnector, LibraryTemplate, Live};
use serde_yaml::{Mapping, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How many templates a first profile has at most.
const MOST_TEMPLATES: usize = 50;

/// The profile, as far as it can be said; with each level less of it.
pub(super) fn profile(live: &Live, level: u8) -> Option<Value> {
    let library = live.connectors.as_deref().unwrap_or_default();
    let templates = live.templates.as_deref().unwrap_or_default();
    let mut profile = Mapping::new();
    let connectors: Vec<Value> = own(live, templates)
        .into_iter()
        .filter_map(|name| release(library, name))
        .map(connector)
        .collect();
    if !connectors.is_empty() && level < 2 {
        profile.insert("connectors".into(), Value::Sequence(connectors));
    }
    let mut names: Vec<&str> = templates.iter().map(|it| it.name.as_str()).collect();
    names.sort_unstable();
    let single = |name: &&&str| names.iter().filter(|it| *it == *name).count() == 1;
    let entries: Vec<Value> = names
        .iter()
        .filter(single)
        .filter(|name| can_be_said(name) && !name.starts_with("run="))
        .take(MOST_TEMPLATES)
        .map(|name| map([("template", literal(name))]))
        .collect();
    if !entries.is_empty() && level < 1 {
        profile.insert("templates".into(), Value::Sequence(entries));
    }
    (!profile.is_empty()).then_some(Value::Mapping(profile))
}

/// The connectors that are the partner's own: flagged so in an account, or else the one that most
/// templates use, if more than half of several do.
fn own<'a>(live: &'a Live, templates: &'a [LibraryTemplate]) -> BTreeSet<&'a str> {
    let installed = live.accounts.values().flat_map(|it| it.connectors.iter());
    let flagged: BTreeSet<&str> = installed
        .flatten()
        .filter(|it| it.partner)
        .map(|it| it.connector_name.as_str())
        .collect();
    if !flagged.is_empty() {
        return flagged;
    }
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for template in templates {
        for connector in &template.connectors {
            *uses.entry(&connector.name).or_default() += 1;
        }
    }
    let most = uses.into_iter().max_by_key(|(_, count)| *count);
    most.filter(|(_, count)| *count > 1 && count * 2 > templates.len())
        .map(|(name, _)| name)
        .into_iter()
        .collect()
}

/// The last release of a name that can be installed.
fn release<'a>(library: &'a [LibraryConnector], name: &str) -> Option<&'a LibraryConnector> {
    let is_draft = |it: &LibraryConnector| it.status.eq_ignore_ascii_case("draft");
    let releases = library.iter().filter(|it| it.name == name && !is_draft(it));
    releases
        .max_by_key(|it| it.id)
        .filter(|it| can_be_said(&it.name))
}

fn connector(release: &LibraryConnector) -> Value {
    let mut entry = Mapping::new();
    entry.insert("connector".into(), literal(&release.name));
    if let Some(version) = release.version.as_ref().filter(|it| can_be_said(it)) {
        entry.insert("version".into(), literal(version));
    }
    entry.insert("partner".into(), true.into());
    if let [first, _, ..] = release.methods.as_slice()
        && can_be_said(&first.name)
    {
        entry.insert("authentication".into(), literal(&first.name));
    }
    let variable = |what: &str| {
        let name = variable_name(&release.name);
        map([(
            "env",
            format!("{name}_{what}_{{{{ account.id | upper }}}}").into(),
        )])
    };
    let auth = match release.methods.first().map(|method| &method.kind) {
        Some(AuthKind::ApiKey) => Some(map([("api_key", variable("KEY"))])),
        Some(AuthKind::Basic) => Some(map([(
            "basic",
            map([
                ("username", variable("USER")),
                ("password", variable("PASSWORD")),
            ]),
        )])),
        Some(AuthKind::OAuth2(Some(flow))) if flow == "ClientCredentials" => Some(map([(
            "oauth2_client",
            map([
                ("client_id", variable("CLIENT_ID")),
                ("client_secret", variable("CLIENT_SECRET")),
            ]),
        )])),
        Some(AuthKind::OAuth2(_)) => Some("oauth2".into()),
        Some(AuthKind::OAuth1) => Some("oauth1".into()),
        Some(AuthKind::None) => Some("none".into()),
        Some(AuthKind::AuthFields | AuthKind::Other(_)) | None => None,
    };
    let mut properties = Mapping::new();
    let needed = release
        .parameters
        .iter()
        .filter(|it| it.is_account_connector_property && !it.is_optional && can_be_said(&it.key));
    for parameter in needed {
        let value = match parameter.values.first() {
            _ if parameter.is_sensitive => variable(&variable_name(&parameter.key)),
            Some(value) if can_be_said(value) => literal(value),
            Some(_) | None => "{{ account.id }}".into(),
        };
        properties.insert(parameter.key.as_str().into(), value);
    }
    if !properties.is_empty() {
        entry.insert("properties".into(), Value::Mapping(properties));
    }
    if let Some(auth) = auth {
        entry.insert("auth".into(), auth);
    }
    Value::Mapping(entry)
}

/// A name as that of an environment variable.
fn variable_name(name: &str) -> String {
    let word = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(word).collect();
    let name = name.trim_matches('_');
    if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        name.to_owned()
    } else {
        format!("CONNECTOR_{name}")
    }
}
