//! What the text of the profiles shows of their arguments.

use super::declared::{Declarations, DeclaredMaps};
use crate::entry::{ArgumentEntry, ProfileEntry};
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
    /// Every name that a profile declares, even where the declaration is broken.
    declared: BTreeSet<(String, String)>,
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

    /// Whether some profile has a declaration of this name, if only a broken one.
    pub(crate) fn may_declare(&self, name: &str) -> bool {
        self.declared.iter().any(|(_, declared)| declared == name)
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
            for (section, node) in entries {
                if section.text == "arguments" {
                    if let Kind::Map(arguments) = &node.kind {
                        let names = arguments.iter().map(|(name, _)| name.text.clone());
                        self.declared
                            .extend(names.map(|name| (key.text.clone(), name)));
                    }
                    continue;
                }
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
    let mut maps = DeclaredMaps::default();
    for (name, (_, profile)) in &merged.profiles {
        let own = profile.arguments.get().map_or(&[][..], |map| &map.0);
        if own.is_empty() && uses.of(name).is_empty() {
            continue;
        }
        let declarations = Declarations::of(name, maps.of(merged, name));
        for (key, entry) in own {
            check_declaration(key, &entry.value, &declarations, problems);
        }
        for text in uses.of(name) {
            for (nth, argument) in expressions.arguments(&text.value) {
                let broken = |(profile, _): &(&str, _)| {
                    let key = ((*profile).to_owned(), argument.clone());
                    uses.declared.contains(&key)
                };
                let lost = |(_, profile): &(_, &ProfileEntry)| {
                    let base = profile.extends.get();
                    base.is_some_and(|base| !merged.profiles.contains_key(base))
                };
                let missing = declarations.find(&argument).is_none();
                if missing && !chain(merged, name).iter().any(|it| broken(it) || lost(it)) {
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

/// Warns of arguments that nobody reads.
pub(crate) fn tell_unused(merged: &Merged, uses: &Uses, problems: &mut Problems) {
    /// Steps from profile to profile; no honest manifest needs so many.
    const MOST: usize = 1_000_000;
    let mut steps = 0;
    let expressions = Expressions::new();
    // What a profile reads is declared by it, or by one under it.
    let mut read: BTreeSet<(&str, &str)> = BTreeSet::new();
    for name in uses
        .profiles
        .keys()
        .filter(|name| !uses.of(name).is_empty())
    {
        for (profile, entry) in chain(merged, name) {
            steps += 1;
            for key in keys(entry) {
                let reads = |text: &Sourced<String>| reads(&expressions, &text.value, &key.text);
                if uses.of(name).iter().any(reads) {
                    read.insert((profile, &key.text));
                }
            }
        }
    }
    for (name, (_, profile)) in &merged.profiles {
        for key in keys(profile) {
            let is_read = |name: &str| read.contains(&(name, key.text.as_str()));
            if is_read(name) || uses.elsewhere.contains(&key.text) || steps > MOST {
                continue;
            }
            // One that changes a default is read by those under it too.
            let under = chain(merged, name);
            steps += under.len();
            if !under.iter().any(|(name, _)| is_read(name)) {
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

fn keys(profile: &ProfileEntry) -> impl Iterator<Item = &Key> {
    let arguments = profile.arguments.get().into_iter();
    arguments.flat_map(|map| map.0.iter().map(|(key, _)| key))
}

/// Whether a text reads an argument, as `argument.NAME` or in some other way.
fn reads(expressions: &Expressions, text: &str, name: &str) -> bool {
    let exact = expressions.arguments(text);
    exact.iter().any(|(_, it)| it == name) || exact.is_empty() && text.contains(name)
}
