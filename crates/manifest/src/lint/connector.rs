//! Connectors that are there twice, and connectors of any version.

use super::Found;
use super::credential::{credential, words};
use super::layer::{Layers, connectors};
use crate::decode::Keyed as _;
use crate::entry::{ConnectorEntry, ConnectorName, ValueEntry};
use gangplank_model::{Diagnostic, Sourced, code};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) fn lint(layers: &Layers<'_>, found: &mut Found<'_>) {
    if found.wants(code::TWIN_CONNECTOR) {
        for layer in &layers.all {
            let entries: Vec<_> = connectors(layer.body).collect();
            twins(&entries, found);
        }
    }
    if found.wants(code::UNPINNED_VERSION) {
        unpinned(layers, found);
    }
}

/// Two installations of one connector with one credential do one thing twice.
fn twins(entries: &[&Sourced<ConnectorEntry>], found: &mut Found<'_>) {
    let mut seen: HashMap<Install<'_>, Seen<'_>> = HashMap::new();
    for again in entries {
        let Some(install) = install(&again.value) else {
            continue;
        };
        let seen = match seen.entry(install) {
            Entry::Vacant(place) => {
                let (first, other) = (*again, None);
                place.insert(Seen { first, other });
                continue;
            }
            Entry::Occupied(seen) => seen.into_mut(),
        };
        // Two of one name are an error of their own.
        let first = if seen.first.value.key() == again.value.key() {
            seen.other
        } else {
            seen.other.get_or_insert(again);
            Some(seen.first)
        };
        if let Some(first) = first {
            found.push(
                Diagnostic::warning(code::TWIN_CONNECTOR, "one connector under two names")
                    .at(&again.origin, "again here")
                    .at(&first.origin, "first here")
                    .detail("The two have the same credential and the same properties."),
            );
        }
    }
}

/// The first entry of an installation, and the first under another name.
struct Seen<'a> {
    first: &'a Sourced<ConnectorEntry>,
    other: Option<&'a Sourced<ConnectorEntry>>,
}

/// What makes two entries install the same: the connector, its version, its credential and its
/// properties.
type Install<'a> = (
    &'a str,
    Option<&'a str>,
    Vec<&'a str>,
    BTreeMap<&'a str, (bool, Vec<&'a str>)>,
);

/// What an entry installs, where its connector has a name and there is a credential.
fn install(entry: &ConnectorEntry) -> Option<Install<'_>> {
    let Some(ConnectorName::Name(name)) = entry.connector.get() else {
        return None;
    };
    let texts = |secret| words(secret).into_iter().map(|word| word.value.as_str());
    let credential = texts(credential(entry.auth.get()?)?).collect();
    let given = entry.properties.get().map(|properties| &properties.0.0);
    let properties = given.into_iter().flatten().map(|(key, value)| {
        let value = match &value.value {
            ValueEntry::Text(text) => (false, vec![text.as_str()]),
            ValueEntry::Secret(secret) => (true, texts(secret).collect()),
        };
        (key.text.as_str(), value)
    });
    let version = entry.version.get().map(String::as_str);
    Some((name, version, credential, properties.collect()))
}

/// A release that comes tomorrow may be another; the version says which is meant.
fn unpinned(layers: &Layers<'_>, found: &mut Found<'_>) {
    let entries = || layers.all.iter().flat_map(|layer| connectors(layer.body));
    let pinned: HashSet<&str> = entries()
        .filter(|entry| entry.value.version.0.is_some())
        .filter_map(|entry| entry.value.key())
        .collect();
    for entry in entries() {
        let pinned = entry.value.key().is_some_and(|key| pinned.contains(key));
        let name = entry.value.connector.0.as_ref();
        let Some(name) = name.filter(|name| matches!(name.value, ConnectorName::Name(_))) else {
            continue;
        };
        if !pinned && entry.value.state.0.is_none() {
            found.push(
                Diagnostic::warning(code::UNPINNED_VERSION, "a connector of any version")
                    .at(&name.origin, "")
                    .detail(
                        "Once the instance has a second release under this name, no plan can be made.",
                    )
                    .hint("say which one is meant: `version: \"1.0\"`"),
            );
        }
    }
}
