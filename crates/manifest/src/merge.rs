//! Many files to one manifest: sections are joined, and what is given twice names both places.

use crate::decode::{Decode as _, Entries, Fields as _, List};
use crate::entry::{AccountEntry, DefaultsEntry, InstanceEntry, ProfileEntry, TopEntry};
use crate::node::{Key, Kind, Node};
use crate::parse::{Item, Reader, wrong};
use crate::source::SourceFile;
use gangplank_model::{Diagnostic, Origin, Problems, Sourced};
use std::collections::{BTreeMap, HashMap};

/// The one section that is read item by item, since it alone is long.
const STREAMED: &str = "accounts";

/// What the files say together.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    pub(crate) instances: Vec<(Key, Sourced<InstanceEntry>)>,
    pub(crate) defaults: DefaultsEntry,
    pub(crate) profiles: BTreeMap<String, (Key, ProfileEntry)>,
    pub(crate) accounts: Vec<Sourced<AccountEntry>>,
}

/// Joins files in the order in which they are read.
#[derive(Debug, Default)]
pub(crate) struct Merge {
    sections: Vec<(Key, Node)>,
    accounts: Vec<Sourced<AccountEntry>>,
}

impl Merge {
    /// Reads one file.
    pub(crate) fn file(&mut self, file: &SourceFile, problems: &mut Problems) {
        let mut sections: Vec<(Key, Node)> = Vec::new();
        let accounts = &mut self.accounts;
        let mut streamed: Option<Key> = None;
        let reader = Reader::new(file.name.clone(), &file.text);
        let read = reader.document(&[STREAMED], problems, |key, item, problems| match item {
            Item::One(node) => {
                let origin = node.origin.clone();
                if let Some(account) = AccountEntry::decode(node, problems) {
                    accounts.push(Sourced::new(account, origin));
                }
                streamed = Some(key.clone());
            }
            // An alias to a list, or no list at all.
            Item::Whole(node) if key.text == STREAMED => {
                let list = List::<AccountEntry>::decode(node, problems);
                accounts.extend(list.into_iter().flat_map(|list| list.0));
                streamed = Some(key.clone());
            }
            Item::Whole(node) => sections.push((key.clone(), node)),
        });
        if read.is_ok() {
            let keys = sections.iter().map(|(key, _)| key).chain(&streamed);
            let start = Origin {
                file: file.name.clone(),
                line: 1,
                column: 1,
                length: 1,
            };
            Entries::check_keys::<TopEntry>(&keys, &start, problems);
        }
        for (key, node) in sections {
            self.section(key, node, problems);
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
        let (Kind::Map(all), Kind::Map(more)) = (&mut known.kind, node.kind) else {
            problems.push(wrong(known, "a map in every file", ""));
            return;
        };
        for (key, node) in more {
            match all.iter().find(|(known, _)| known.text == key.text) {
                Some((first, _)) => problems.push(twice("key", &key.origin, &first.origin)),
                None => all.push((key, node)),
            }
        }
    }

    /// Decodes what the files say together.
    pub(crate) fn finish(self, problems: &mut Problems) -> Merged {
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
            defaults: top
                .defaults
                .0
                .map(|defaults| defaults.value)
                .unwrap_or_default(),
            accounts: self.accounts,
        }
    }
}

/// Every id once; ids that differ in case only may be one to the vendor (cyclr-api.md 7, U23).
fn unique_accounts(accounts: &[Sourced<AccountEntry>], problems: &mut Problems) {
    let mut seen: HashMap<String, &Sourced<String>> = HashMap::with_capacity(accounts.len());
    for account in accounts {
        let Some(id) = &account.value.id.0 else {
            continue;
        };
        let Some(first) = seen.insert(id.value.to_lowercase(), id) else {
            continue;
        };
        let problem = if first.value == id.value {
            twice("account", &id.origin, &first.origin).detail(format!(
                "The account \"{}\" is given twice; ids are unique.",
                id.value
            ))
        } else {
            Diagnostic::error("account-case", "two account ids differ in case only")
                .at(&id.origin, "again here")
                .at(&first.origin, "first here")
                .detail("The instance may not tell them apart.")
        };
        problems.push(problem);
        seen.insert(id.value.to_lowercase(), first);
    }
}

fn twice(what: &'static str, again: &Origin, first: &Origin) -> Diagnostic {
    let code = if what == "account" {
        "duplicate-account"
    } else {
        "duplicate-key"
    };
    let article = if what.starts_with('a') { "an" } else { "a" };
    Diagnostic::error(code, format!("{article} {what} is given twice"))
        .at(again, "again here")
        .at(first, "first here")
}
