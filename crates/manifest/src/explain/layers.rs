//! The layers of one account, from the account down to the defaults, as they are written.

use crate::expression::Scope;
use crate::node::{Key, Kind, Node};
use gangplank_model::Origin;
use std::collections::BTreeMap;

/// The sections of all files, as trees.
#[derive(Debug, Default)]
pub(super) struct Trees {
    pub(super) accounts: Vec<Node>,
    pub(super) rosters: Vec<Node>,
    pub(super) profiles: BTreeMap<String, (Key, Node)>,
    pub(super) defaults: Vec<(Key, Node)>,
}

impl Trees {
    /// Adds a file.
    pub(super) fn add(&mut self, tree: Node) {
        let Kind::Map(sections) = tree.kind else {
            return;
        };
        for (key, node) in sections {
            match (key.text.as_str(), node.kind) {
                ("accounts", Kind::List(items)) => self.accounts.extend(items),
                ("rosters", Kind::List(items)) => self.rosters.extend(items),
                ("defaults", Kind::Map(entries)) => self.defaults.extend(entries),
                ("profiles", Kind::Map(entries)) => {
                    let named = |(key, node): (Key, Node)| (key.text.clone(), (key, node));
                    self.profiles.extend(entries.into_iter().map(named));
                }
                _ => {}
            }
        }
    }
}

/// One of the layers.
#[derive(Clone, Debug)]
pub(super) struct Layer<'a> {
    /// What it is: `profile standard`.
    pub(super) name: String,
    pub(super) entries: &'a [(Key, Node)],
}

/// A value in a layer.
#[derive(Clone, Debug)]
pub(super) struct Leaf<'a> {
    /// Which layer, from the top.
    pub(super) layer: usize,
    pub(super) node: &'a Node,
    /// Whether it declares an argument, and gives it no value.
    pub(super) declares: bool,
}

/// The values of one object by their names, those of upper layers first.
pub(super) type Leaves<'a> = BTreeMap<Vec<String>, Vec<Leaf<'a>>>;

/// A connector or template with its part in each layer.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Where its uppermost part stands.
    pub(super) origin: &'a Origin,
    pub(super) leaves: Leaves<'a>,
}

/// Keys whose maps are merged key by key; with how many levels of keys.
const MERGED: [(&str, usize); 6] = [
    ("arguments", 1),
    ("labels", 1),
    ("properties", 1),
    ("variables", 1),
    ("parameters", 2),
    ("mappings", 2),
];

/// What layers say of the account itself.
pub(super) fn of_account<'a>(layers: &[Layer<'a>], scope: &Scope) -> Leaves<'a> {
    let mut leaves = Leaves::new();
    for (at, layer) in layers.iter().enumerate() {
        for (key, node) in layer.entries {
            // What it extends is said by the list of layers.
            if !matches!(key.text.as_str(), "connectors" | "templates" | "extends") {
                add(&mut leaves, at, key, node);
            }
        }
    }
    leaves.retain(|path, _| match path.as_slice() {
        [key, name] if key == "arguments" => scope.declares(name),
        _ => true,
    });
    for (path, leaves) in &mut leaves {
        if path[0] == "arguments" {
            arguments(leaves, layers);
        }
    }
    leaves
}

/// What profiles say of an argument is its default, under what accounts and the defaults give.
fn arguments(leaves: &mut [Leaf<'_>], layers: &[Layer<'_>]) {
    let of_profile = |leaf: &Leaf<'_>| layers[leaf.layer].name.starts_with("profile ");
    for leaf in leaves.iter_mut().filter(|leaf| of_profile(leaf)) {
        if let Kind::Map(entries) = &leaf.node.kind {
            match entries.iter().find(|(key, _)| key.text == "default") {
                Some((_, default)) => leaf.node = default,
                None => leaf.declares = true,
            }
        }
    }
    leaves.sort_by_key(of_profile);
}

/// What layers say of the entries of a list, merged by name as they are for the plan.
pub(super) fn of_list<'a>(layers: &[Layer<'a>], list: &str, kind: &str) -> Vec<Entry<'a>> {
    let mut all: Vec<(Option<&str>, Entry<'a>)> = Vec::new();
    for (at, layer) in layers.iter().enumerate().rev() {
        let found = layer.entries.iter().find(|(key, _)| key.text == list);
        let Some((
            _,
            Node {
                kind: Kind::List(items),
                ..
            },
        )) = found
        else {
            continue;
        };
        for item in items {
            let Kind::Map(entries) = &item.kind else {
                continue;
            };
            let mut leaves = Leaves::new();
            for (key, node) in entries {
                add(&mut leaves, at, key, node);
            }
            let name = named(entries, kind);
            let same = all
                .iter_mut()
                .find(|(known, _)| name.is_some() && *known == name);
            match same {
                Some((_, entry)) => {
                    entry.origin = &item.origin;
                    for (path, below) in std::mem::take(&mut entry.leaves) {
                        leaves.entry(path).or_default().extend(below);
                    }
                    entry.leaves = leaves;
                }
                None => all.push((
                    name,
                    Entry {
                        origin: &item.origin,
                        leaves,
                    },
                )),
            }
        }
    }
    all.into_iter().map(|(_, entry)| entry).collect()
}

/// The name of an entry, or the connector or template that it takes its name from.
fn named<'a>(entries: &'a [(Key, Node)], kind: &str) -> Option<&'a str> {
    let text = |wanted: &str| {
        let entry = entries.iter().find(|(key, _)| key.text == wanted);
        match entry.map(|(_, node)| &node.kind) {
            Some(Kind::Text(text)) => Some(text.as_str()),
            _ => None,
        }
    };
    text("name").or_else(|| text(kind))
}

fn add<'a>(leaves: &mut Leaves<'a>, layer: usize, key: &Key, node: &'a Node) {
    let merged = MERGED.iter().find(|(name, _)| *name == key.text);
    let levels = merged.map_or(0, |(_, levels)| *levels);
    descend(leaves, layer, vec![key.text.clone()], node, levels);
}

fn descend<'a>(
    leaves: &mut Leaves<'a>,
    layer: usize,
    path: Vec<String>,
    node: &'a Node,
    levels: usize,
) {
    match &node.kind {
        Kind::Map(entries) if levels > 0 => {
            for (key, node) in entries {
                let mut path = path.clone();
                path.push(key.text.clone());
                descend(leaves, layer, path, node, levels - 1);
            }
        }
        _ => leaves.entry(path).or_default().push(Leaf {
            layer,
            node,
            declares: false,
        }),
    }
}

/// The text at a key.
pub(super) fn text_at<'a>(entries: &'a [(Key, Node)], key: &str) -> Option<&'a str> {
    let entry = entries.iter().find(|(known, _)| known.text == key);
    entry.and_then(|(_, node)| node.scalar())
}
