//! Nodes to entries as they were written; every problem is told, and the rest is still read.

use crate::node::{Key, Kind, Node};
use crate::parse::wrong;
use crate::secrecy;
use gangplank_model::code;
use gangplank_model::suggest::{did_you_mean, listed, nearest};
use gangplank_model::{Diagnostic, Origin, Problems, Sourced};

/// Reads itself from a node; `None` after telling why not.
pub(crate) trait Decode: Sized {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self>;
}

/// Goes on top of the same thing from a profile or the defaults.
pub(crate) trait Layer {
    #[must_use]
    fn over(self, base: Self) -> Self;
}

/// A key's value: not given, or given with its place.
#[derive(Clone, Debug)]
pub(crate) struct Field<T>(pub(crate) Option<Sourced<T>>);

impl<T> Default for Field<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Field<T> {
    pub(crate) fn get(&self) -> Option<&T> {
        self.0.as_ref().map(|sourced| &sourced.value)
    }
}

impl<T: Layer> Layer for Field<T> {
    fn over(self, base: Self) -> Self {
        Self(match (self.0, base.0) {
            (Some(mine), Some(base)) => {
                Some(Sourced::new(mine.value.over(base.value), mine.origin))
            }
            (mine, base) => mine.or(base),
        })
    }
}

/// A map whose keys are the user's own, in the order of the file.
#[derive(Clone, Debug)]
pub(crate) struct Map<T>(pub(crate) Vec<(Key, Sourced<T>)>);

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Decode> Decode for Map<T> {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let Kind::Map(entries) = node.kind else {
            problems.push(wrong(
                &node,
                "a map",
                "write `key: value` lines, or `{}` for none",
            ));
            return None;
        };
        let mut map = Vec::with_capacity(entries.len());
        for (key, node) in entries {
            let origin = node.origin.clone();
            if let Some(value) = T::decode(node, problems) {
                map.push((key, Sourced::new(value, origin)));
            }
        }
        Some(Self(map))
    }
}

impl<T: Layer> Layer for Map<T> {
    fn over(self, base: Self) -> Self {
        let mut all = base.0;
        for (key, mine) in self.0 {
            match all.iter().position(|(known, _)| known.text == key.text) {
                Some(at) => {
                    let (_, base) = all.remove(at);
                    let value = mine.value.over(base.value);
                    all.insert(at, (key, Sourced::new(value, mine.origin)));
                }
                None => all.push((key, mine)),
            }
        }
        Self(all)
    }
}

/// A list of entries that have a name each.
#[derive(Clone, Debug)]
pub(crate) struct List<T>(pub(crate) Vec<Sourced<T>>);

/// An entry of a list that profiles merge by name.
pub(crate) trait Keyed {
    /// Its name, or what its name defaults to, before expressions are expanded.
    fn key(&self) -> Option<&str>;
}

impl<T: Decode> Decode for List<T> {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let Kind::List(items) = node.kind else {
            problems.push(wrong(
                &node,
                "a list",
                "start each entry with `- `, or write `[]`",
            ));
            return None;
        };
        let mut list = Vec::with_capacity(items.len());
        for node in items {
            let origin = node.origin.clone();
            if let Some(value) = T::decode(node, problems) {
                list.push(Sourced::new(value, origin));
            }
        }
        Some(Self(list))
    }
}

/// Entries of one name are merged in the place of the base's entry; new ones follow. An entry that
/// stands twice in the upper list stays twice, to be told of when the account is put together.
impl<T: Layer + Keyed> Layer for List<T> {
    fn over(self, base: Self) -> Self {
        let mut all: Vec<(Option<Sourced<T>>, bool)> = base
            .0
            .into_iter()
            .map(|entry| (Some(entry), false))
            .collect();
        for mine in self.0 {
            let same = all.iter().position(|(known, taken)| {
                let known = known.as_ref().and_then(|known| known.value.key());
                !taken && known.is_some() && known == mine.value.key()
            });
            match same {
                Some(at) => {
                    let value = match all[at].0.take() {
                        Some(base) => mine.value.over(base.value),
                        None => mine.value,
                    };
                    all[at] = (Some(Sourced::new(value, mine.origin)), true);
                }
                None => all.push((Some(mine), true)),
            }
        }
        Self(all.into_iter().filter_map(|(entry, _)| entry).collect())
    }
}

/// The entries of a map with fixed keys, taken one by one.
#[derive(Debug)]
pub(crate) struct Entries {
    list: Vec<(Key, Option<Node>)>,
}

/// A map with fixed keys.
pub(crate) trait Fields: Sized {
    /// What it is, for messages: `a connector`.
    const WHAT: &'static str;
    /// Whether what stands in it must not be repeated in a message.
    const SECRET: bool;
    /// The keys that cannot be left out.
    const REQUIRED: &'static [&'static str];
    /// Every key.
    fn keys() -> Vec<&'static str>;
    /// How a key that is missing is added.
    fn add(key: &str) -> String {
        match key {
            "version" => "start the file with `version: 1`".to_owned(),
            key => format!("add `{key}: ...`"),
        }
    }
    /// Takes its fields.
    fn take(entries: &mut Entries, problems: &mut Problems) -> Self;
}

/// Reads a map with fixed keys: unknown ones and missing ones are told.
pub(crate) fn fields<T: Fields>(node: Node, problems: &mut Problems) -> Option<T> {
    let Kind::Map(entries) = node.kind else {
        let first = T::REQUIRED.first().copied().or(T::keys().first().copied());
        let first = first.unwrap_or("key");
        let hint = match node.kind {
            Kind::Null => format!("write its keys below, such as `{first}: ...`, or take it away"),
            _ => format!("write its keys, such as `{first}: ...`"),
        };
        let detail = format!("The keys of {} are {}.", T::WHAT, listed(T::keys()));
        problems.push(wrong(&node, "a map", &hint).detail(detail));
        // The value of a key that was left out may stand there.
        if T::SECRET || T::keys().iter().any(|key| secrecy::speaks(key)) {
            problems.hide(&node.origin);
        }
        return None;
    };
    secrecy::hide_unknown::<T>(&entries, problems);
    let mut entries = Entries::new(entries);
    let keys = entries.list.iter().map(|(key, _)| key);
    Entries::check_keys::<T>(&keys, &node.origin, problems);
    Some(T::take(&mut entries, problems))
}

impl Entries {
    pub(crate) fn new(list: Vec<(Key, Node)>) -> Self {
        Self {
            list: list
                .into_iter()
                .map(|(key, node)| (key, Some(node)))
                .collect(),
        }
    }

    /// Tells of unknown keys, and of those that are missing.
    pub(crate) fn check_keys<'a, T: Fields>(
        given: &(impl Iterator<Item = &'a Key> + Clone),
        origin: &Origin,
        problems: &mut Problems,
    ) {
        let keys = T::keys();
        for key in given.clone() {
            if !keys.contains(&&*key.text) && key.text != "<<" {
                problems.push(unknown_key::<T>(key, &keys));
            }
        }
        for required in T::REQUIRED {
            // A slip for it has been told of above, with the key that was meant.
            let is_slip = |key: &Key| {
                !keys.contains(&&*key.text)
                    && nearest(&key.text, keys.iter().copied()) == Some(*required)
            };
            if !given
                .clone()
                .any(|key| key.text == *required || is_slip(key))
            {
                let summary = format!("{} needs the key \"{required}\"", T::WHAT);
                problems.push(
                    Diagnostic::error(code::MISSING_KEY, summary)
                        .at(origin, "not in here")
                        .hint(T::add(required)),
                );
            }
        }
    }

    pub(crate) fn field<T: Decode>(&mut self, name: &str, problems: &mut Problems) -> Field<T> {
        let entry = self.list.iter_mut().find(|(key, _)| key.text == name);
        let Some(node) = entry.and_then(|(_, node)| node.take()) else {
            return Field(None);
        };
        let origin = node.origin.clone();
        Field(T::decode(node, problems).map(|value| Sourced::new(value, origin)))
    }
}

fn unknown_key<T: Fields>(key: &Key, keys: &[&'static str]) -> Diagnostic {
    let diagnostic = Diagnostic::error(code::UNKNOWN_KEY, format!("unknown key in {}", T::WHAT));
    let detail = format!("The keys are {}.", listed(keys.iter().copied()));
    if T::SECRET {
        let diagnostic = diagnostic.at_hidden(&key.origin, "").detail(detail);
        let meant = did_you_mean(&key.text, keys.iter().copied());
        return diagnostic.hint(meant.unwrap_or_else(|| OTHER_KEY.to_owned()));
    }
    let diagnostic = diagnostic.at(&key.origin, "not known here");
    if let Some(blank) = key.text.chars().find(|c| c.is_whitespace() && *c != ' ') {
        let hint = format!(
            "a sign that only looks like a space (U+{:04X}) is in it; type a space",
            u32::from(blank)
        );
        return diagnostic.detail(detail).hint(hint);
    }
    // An account's own keys, or those of its profile.
    if key.text == "moved" && keys.contains(&"connectors") {
        return diagnostic
            .detail("The id of an account cannot change: it is the account's key at the vendor.")
            .hint("declare the new id beside the old one; connectors and templates can be moved");
    }
    match did_you_mean(&key.text, keys.iter().copied()) {
        Some(hint) => diagnostic.hint(hint),
        None => diagnostic.detail(detail).hint(OTHER_KEY),
    }
}

const OTHER_KEY: &str = "write one of them instead, or take it away";
