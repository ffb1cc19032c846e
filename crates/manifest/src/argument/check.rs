//! What the text of the profiles shows of their arguments.

use super::declared::Declarations;
use crate::entry::ArgumentEntry;
use crate::expression::{Expressions, is_expression};
use crate::merge::Merged;
use crate::node::{Key, Kind, Node};
use crate::profile::chain;
use crate::source::SourceMap;
use gangplank_model::{Diagnostic, Origin, Problems, Sourced, code};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The word that names arguments.
const WORD: &str = "argument";

/// The texts that name arguments.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// Those of each profile.
    profiles: BTreeMap<String, Vec<Sourced<String>>>,
    /// Arguments that texts outside of profiles name.
    elsewhere: BTreeSet<String>,
    /// Texts of profiles that name an argument that is not declared.
    told: HashSet<Origin>,
}

impl Uses {
    /// Whether it was told that a text names an argument that is not declared.
    pub(crate) fn is_told(&self, text: &Origin) -> bool {
        self.told.contains(text)
    }

    /// Looks at profiles before they are read.
    pub(crate) fn profiles(&mut self, profiles: &Node) {
        let Kind::Map(profiles) = &profiles.kind else {
            return;
        };
        for (key, profile) in profiles {
            let Kind::Map(entries) = &profile.kind else {
                continue;
            };
            let list = self.profiles.entry(key.text.clone()).or_default();
            for (_, node) in entries.iter().filter(|(key, _)| key.text != "arguments") {
                texts(node, &mut |text, origin| {
                    list.push(Sourced::new(text.to_owned(), origin.clone()));
                });
            }
        }
    }

    /// Looks at an account, a roster or the defaults.
    pub(crate) fn elsewhere(&mut self, node: &Node) {
        texts(node, &mut |text, _| {
            for (at, _) in text.match_indices(WORD) {
                let rest = &text[at + WORD.len()..];
                let name = rest.trim_start_matches([' ', '.', '[', '\'', '"']);
                let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                self.elsewhere
                    .insert(name[..end.unwrap_or(name.len())].to_owned());
            }
        });
    }

    fn of(&self, profile: &str) -> &[Sourced<String>] {
        self.profiles.get(profile).map_or(&[], Vec::as_slice)
    }
}

fn texts(node: &Node, each: &mut dyn FnMut(&str, &Origin)) {
    match &node.kind {
        Kind::Text(text) if is_expression(text) && text.contains(WORD) => each(text, &node.origin),
        Kind::List(items) => items.iter().for_each(|item| texts(item, each)),
        Kind::Map(entries) => entries.iter().for_each(|(_, node)| texts(node, each)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) => {}
    }
}

/// Tells what is wrong with declarations, and of arguments that profiles name and do not declare.
pub(crate) fn check(
    merged: &Merged,
    uses: &mut Uses,
    sources: &SourceMap,
    problems: &mut Problems,
) {
    let expressions = Expressions::new();
    let mut told = HashSet::new();
    for (name, (_, profile)) in &merged.profiles {
        let own = profile.arguments.get().map_or(&[][..], |map| &map.0);
        if own.is_empty() && uses.of(name).is_empty() {
            continue;
        }
        let Ok(declarations) = declarations(merged, name) else {
            continue;
        };
        for (key, entry) in own {
            check_declaration(key, &entry.value, &declarations, problems);
        }
        for text in uses.of(name) {
            for (nth, argument) in expressions.arguments(&text.value) {
                if declarations.find(&argument).is_none() {
                    let place = sources.find(&text.origin, "{{", nth);
                    let place = place.unwrap_or_else(|| text.origin.clone());
                    let summary = "an argument that is not declared";
                    problems.push(
                        Diagnostic::error(code::UNKNOWN_ARGUMENT, summary)
                            .at(&place, "no argument of this name")
                            .detail(declarations.told())
                            .hint(declarations.instead_of(&argument)),
                    );
                    told.insert(text.origin.clone());
                }
            }
        }
    }
    uses.told = told;
}

fn check_declaration(
    key: &Key,
    entry: &ArgumentEntry,
    declarations: &Declarations,
    problems: &mut Problems,
) {
    let mut letters = key.text.chars();
    let start = |c: char| c.is_ascii_alphabetic() || c == '_';
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !letters.next().is_some_and(start) || !letters.all(plain) {
        problems.push(
            Diagnostic::error(code::BAD_NAME, "a name that no argument can have")
                .at(
                    &key.origin,
                    "expected letters, digits and _, not starting with a digit",
                )
                .hint("expressions read it as `argument.NAME`"),
        );
    }
    if let Some(at) = declarations.find(&key.text) {
        declarations.list[at].check(entry, problems);
    }
}

/// What a profile and those under it declare; `Err` where one of them is not there.
fn declarations(merged: &Merged, profile: &str) -> Result<Declarations, ()> {
    let chain = chain(merged, profile);
    let last = chain.last().and_then(|(_, last)| last.extends.get());
    if last.is_some_and(|base| !merged.profiles.contains_key(base)) {
        return Err(());
    }
    let maps = chain
        .iter()
        .rev()
        .filter_map(|(_, profile)| profile.arguments.get());
    Ok(Declarations::of(profile, maps))
}

/// Warns of arguments that nobody reads.
pub(crate) fn tell_unused(merged: &Merged, uses: &Uses, problems: &mut Problems) {
    // An argument is read where it is declared, in what that extends, or in what extends it.
    let declared = |profile: &crate::entry::ProfileEntry| profile.arguments.0.is_some();
    if !merged
        .profiles
        .values()
        .any(|(_, profile)| declared(profile))
    {
        return;
    }
    let expressions = Expressions::new();
    let mut read: BTreeSet<(&str, String)> = BTreeSet::new();
    for name in merged.profiles.keys() {
        let chain = chain(merged, name);
        let texts = chain.iter().flat_map(|(name, _)| uses.of(name));
        let mut names: BTreeSet<String> = BTreeSet::new();
        for text in texts {
            let exact = expressions.arguments(&text.value);
            if exact.is_empty() {
                // `argument['tier']`, or a word that only looks like it.
                names.extend(chain.iter().flat_map(|(_, profile)| {
                    let keys = profile.arguments.get().into_iter().flat_map(|map| &map.0);
                    keys.filter(|(key, _)| text.value.contains(&key.text))
                        .map(|(key, _)| key.text.clone())
                }));
            }
            names.extend(exact.into_iter().map(|(_, name)| name));
        }
        for (profile, _) in &chain {
            read.extend(names.iter().map(|name| (*profile, name.clone())));
        }
    }
    for (name, (_, profile)) in &merged.profiles {
        for (key, _) in profile.arguments.get().into_iter().flat_map(|map| &map.0) {
            if !read.contains(&(name.as_str(), key.text.clone()))
                && !uses.elsewhere.contains(&key.text)
            {
                problems.push(
                    Diagnostic::warning(code::UNUSED_ARGUMENT, "an argument that nobody reads")
                        .at(&key.origin, "declared here")
                        .hint(format!(
                            "read it with `{{{{ argument.{} }}}}`, or take it out",
                            key.text
                        )),
                );
            }
        }
    }
}
