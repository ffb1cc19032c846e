//! Connectors that are there twice, and connectors of any version.

use super::Found;
use super::credential::{alike, credential, words};
use super::layer::{Layers, connectors};
use crate::decode::Keyed as _;
use crate::entry::{ConnectorEntry, ConnectorName};
use gangplank_model::{Diagnostic, Sourced, code};
use std::collections::HashSet;

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
    for (index, again) in entries.iter().enumerate() {
        let twin = |first: &&&Sourced<ConnectorEntry>| same(&first.value, &again.value);
        if let Some(first) = entries[..index].iter().find(twin) {
            found.push(
                Diagnostic::warning(code::TWIN_CONNECTOR, "one connector under two names")
                    .at(&again.origin, "again here")
                    .at(&first.origin, "first here")
                    .detail("The two have the same credential and the same properties."),
            );
        }
    }
}

fn same(first: &ConnectorEntry, again: &ConnectorEntry) -> bool {
    let (Some(ConnectorName::Name(one)), Some(ConnectorName::Name(other))) =
        (first.connector.get(), again.connector.get())
    else {
        return false;
    };
    let auth = |entry: &ConnectorEntry| -> Option<Vec<String>> {
        let words = words(credential(entry.auth.get()?)?).into_iter();
        Some(words.map(|word| word.value.clone()).collect())
    };
    // Two of one name are an error of their own.
    one == other
        && first.key() != again.key()
        && first.version.get() == again.version.get()
        && auth(first).is_some_and(|words| Some(words) == auth(again))
        && properties(first, again)
}

fn properties(first: &ConnectorEntry, again: &ConnectorEntry) -> bool {
    let list = |entry: &'_ ConnectorEntry| {
        let map = entry.properties.get().map(|properties| &properties.0.0);
        map.map_or(0, Vec::len)
    };
    let of = |entry: &ConnectorEntry, key: &str| {
        let map = &entry.properties.get()?.0.0;
        let found = map.iter().find(|(known, _)| known.text == key)?;
        Some(found.1.value.clone())
    };
    let given = first.properties.get().map(|properties| &properties.0.0);
    list(first) == list(again)
        && given.into_iter().flatten().all(|(key, value)| {
            of(again, &key.text).is_some_and(|other| alike(&value.value, &other))
        })
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
