//! Many files to one manifest: sections are joined, and what is given twice names both places.

use crate::argument::Uses;
use crate::decode::{Decode as _, Entries, Field, Fields as _, List};
use crate::entry::{
    AccountEntry, DefaultsEntry, InstanceEntry, ProfileEntry, RosterEntry, SecretsEntry, TopEntry,
};
use crate::ids::Ids;
use crate::node::{Key, Kind, Node};
use crate::parse::{Item, Reader, wrong};
use crate::secrecy::{hide_unknown, takes_cells};
use crate::source::SourceFile;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin, Problems, Sourced};
use std::collections::{BTreeMap, HashMap};

/// The one section that is read item by item, since it alone is long.
const STREAMED: &str = "accounts";

/// What the files say together.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) instances: Vec<(Key, Sourced<InstanceEntry>)>,
    pub(crate) secrets: Field<SecretsEntry>,
    pub(crate) defaults: DefaultsEntry,
    pub(crate) profiles: BTreeMap<String, (Key, ProfileEntry)>,
    pub(crate) accounts: Vec<Sourced<AccountEntry>>,
    pub(crate) rosters: Vec<Sourced<RosterEntry>>,
    /// Whether cells of rosters are taken where secrets belong.
    pub(crate) secret_cells: bool,
    /// Where arguments are named.
    pub(crate) uses: Uses,
}

/// Joins files in the order in which they are read.
#[derive(Debug, Default)]
pub(crate) struct Merge {
    sections: Vec<(Key, Node)>,
    accounts: Vec<Sourced<AccountEntry>>,
    rosters: Vec<Sourced<RosterEntry>>,
    secret_cells: bool,
    uses: Uses,
}

impl Merge {
    /// The paths of the rosters that were read so far.
    pub(crate) fn rosters(&self) -> impl Iterator<Item = &Sourced<String>> {
        self.rosters
            .iter()
            .filter_map(|it| it.value.from.0.as_ref())
    }

    /// Reads one file.
    pub(crate) fn file(&mut self, file: &SourceFile, problems: &mut Problems) {
        let mut sections: Vec<(Key, Node)> = Vec::new();
        let accounts = &mut self.accounts;
        let rosters = &mut self.rosters;
        let secret_cells = &mut self.secret_cells;
        let uses = &mut self.uses;
        let mut streamed: Option<Key> = None;
        let mut listed: Option<Key> = None;
        let reader = Reader::new(file);
        let read = reader.document(&[STREAMED], problems, |key, item, problems| match item {
            Item::One(node) => {
                let origin = node.origin.clone();
                uses.elsewhere(&node);
                if let Some(account) = AccountEntry::decode(node, problems) {
                    accounts.push(Sourced::new(account, origin));
                }
                streamed = Some(key.clone());
            }
            // An alias to a list, or no list at all.
            Item::Whole(node) if key.text == STREAMED => {
                uses.elsewhere(&node);
                let list = List::<AccountEntry>::decode(node, problems);
                accounts.extend(list.into_iter().flat_map(|list| list.0));
                streamed = Some(key.clone());
            }
            // The lists of all files follow each other.
            Item::Whole(node) if key.text == "rosters" => {
                *secret_cells |= takes_cells(&node);
                uses.elsewhere(&node);
                let list = List::<RosterEntry>::decode(node, problems);
                rosters.extend(list.into_iter().flat_map(|list| list.0));
                listed = Some(key.clone());
            }
            Item::Whole(node) => {
                *secret_cells |= takes_cells(&node);
                sections.push((key.clone(), node));
            }
        });
        hide_unknown::<TopEntry>(&sections, problems);
        if read.is_ok() {
            let keys = sections.iter().map(|(key, _)| key);
            let keys = keys.chain(&streamed).chain(&listed);
            let start = Origin {
                file: file.name.clone(),
                line: 1,
                column: 1,
                length: 1,
            };
            Entries::check_keys::<TopEntry>(&keys, &start, problems);
        }
        let known = TopEntry::keys();
        for (key, node) in sections {
            // The others have been told of.
            if known.contains(&&*key.text) {
                self.section(key, node, problems);
            }
        }
    }

    fn section(&mut self, key: Key, node: Node, problems: &mut Problems) {
        if key.text == "version" {
            let entry = vec![(key, node)];
            let version =
                Entries::new(entry).field::<crate::entry::VersionEntry>("version", problems);
            drop(version);
            return;
        }
        let Some((_, known)) = self
            .sections
            .iter_mut()
            .find(|(known, _)| known.text == key.text)
        else {
            self.sections.push((key, node));
            return;
        };
        let (Kind::Map(all), Kind::Map(more)) = (&mut known.kind, &node.kind) else {
            // The one that is no map in either file.
            let odd = if matches!(node.kind, Kind::Map(_)) {
                &*known
            } else {
                &node
            };
            let hint = format!("write `{}:` as a map in every file that has it", key.text);
            problems.push(wrong(odd, "a map", &hint));
            return;
        };
        let more = more.clone();
        let at = all.iter().enumerate();
        let at = at.map(|(at, (key, _))| (key.text.clone(), at));
        let places: HashMap<String, usize> = at.collect();
        for (key, node) in more {
            match places.get(&key.text).map(|at| &all[*at]) {
                Some((first, known)) => {
                    let problem = twice("key", &key.origin, &first.origin);
                    // The second is read by nobody, so that nobody can tell whether a secret is in it.
                    if on_one_line(&key, &node) || on_one_line(first, known) {
                        problems.hide(&key.origin);
                        problems.hide(&first.origin);
                    }
                    problems.push(problem);
                }
                None => all.push((key, node)),
            }
        }
    }

    /// Decodes what the files say together.
    pub(crate) fn finish(mut self, problems: &mut Problems) -> Merged {
        for (key, node) in &self.sections {
            match key.text.as_str() {
                "profiles" => self.uses.profiles(node),
                "defaults" => self.uses.elsewhere(node),
                _ => {}
            }
        }
        let mut entries = Entries::new(self.sections);
        let top = TopEntry::take(&mut entries, problems);
        let sections = |map: Option<&crate::decode::Map<ProfileEntry>>| {
            let entries = map.iter().flat_map(|map| map.0.iter());
            entries
                .map(|(key, entry)| (key.text.clone(), (key.clone(), entry.value.clone())))
                .collect()
        };
        unique_accounts(&self.accounts, problems);
        Merged {
            profiles: sections(top.profiles.get()),
            instances: top.instances.0.map(|map| map.value.0).unwrap_or_default(),
            secrets: top.secrets,
            defaults: top
                .defaults
                .0
                .map(|defaults| defaults.value)
                .unwrap_or_default(),
            accounts: self.accounts,
            rosters: self.rosters,
            secret_cells: self.secret_cells,
            uses: self.uses,
        }
    }
}

/// Whether anything of a value stands on the line of its key.
fn on_one_line(key: &Key, node: &Node) -> bool {
    let empty = matches!(&node.kind, Kind::Map(entries) if entries.is_empty());
    node.origin.line == key.origin.line && !empty
}

/// Every id once. Those of rosters are compared when their rows are expanded.
fn unique_accounts(accounts: &[Sourced<AccountEntry>], problems: &mut Problems) {
    let mut ids = Ids::default();
    for id in accounts
        .iter()
        .filter_map(|account| account.value.id.0.as_ref())
    {
        if let Some(problem) = ids.add(id) {
            problems.push(problem);
        }
    }
}

fn twice(what: &str, again: &Origin, first: &Origin) -> Diagnostic {
    Diagnostic::error(code::DUPLICATE_KEY, format!("a {what} is given twice"))
        .at(again, "again here")
        .at(first, "first here")
        .hint("take one of the two away; files that are read together are one manifest")
}
