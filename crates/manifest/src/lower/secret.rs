//! Secret references, with their expressions expanded.

use super::Lowering;
use crate::entry::{SecretEntry, ValueEntry};
use crate::reference::{Fault, Part};
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin, SecretRef, Sourced, Value};
use std::collections::{BTreeMap, BTreeSet};

/// References whose places are looked for, and those that were found.
#[derive(Debug, Default)]
pub(crate) struct Places {
    wanted: BTreeSet<SecretRef>,
    pub(crate) known: BTreeMap<SecretRef, Origin>,
}

impl Places {
    pub(crate) fn of(wanted: BTreeSet<SecretRef>) -> Self {
        Self {
            wanted,
            known: BTreeMap::new(),
        }
    }

    fn note(&mut self, reference: &SecretRef, origin: &Origin) {
        if self.wanted.contains(reference) && !self.known.contains_key(reference) {
            self.known.insert(reference.clone(), origin.clone());
        }
    }
}

impl Lowering<'_> {
    pub(super) fn secret(&mut self, entry: &SecretEntry) -> Option<SecretRef> {
        let reference = self.reference(entry)?;
        if let Some(places) = &mut self.places {
            places.note(&reference, entry.origin());
        }
        Some(reference)
    }

    fn reference(&mut self, entry: &SecretEntry) -> Option<SecretRef> {
        match entry {
            SecretEntry::Env(name) => Some(SecretRef::Env(self.part(name, Part::Variable)?)),
            SecretEntry::File(path) => Some(SecretRef::File {
                folder: self.folder(&path.origin),
                path: self.part(path, Part::Path)?,
            }),
            SecretEntry::Vault(path, field, engine) => {
                let (path, field) = (
                    self.part(path, Part::VaultPath),
                    self.part(field, Part::Word),
                );
                Some(SecretRef::Vault {
                    path: path?,
                    field: field?,
                    engine: *engine,
                })
            }
            SecretEntry::Sops(file, key) => {
                let folder = self.folder(&file.origin);
                let (file, key) = (self.part(file, Part::Path), self.part(key, Part::Word));
                Some(SecretRef::Sops {
                    folder,
                    file: file?,
                    key: key?,
                })
            }
            SecretEntry::Command(written) => {
                let mut words = Vec::with_capacity(written.value.len());
                for (at, word) in written.value.iter().enumerate() {
                    let part = if at == 0 {
                        Part::Program
                    } else {
                        Part::Argument
                    };
                    words.push(self.part(word, part));
                }
                Some(SecretRef::Command {
                    folder: self.folder(&written.origin),
                    words: words.into_iter().collect::<Option<_>>()?,
                })
            }
        }
    }

    /// A part of a reference, checked as it was written and as it became.
    fn part(&mut self, written: &Sourced<String>, part: Part) -> Option<String> {
        if let Some(fault) = part.fault(&written.value) {
            self.bad_reference(fault, written);
            return None;
        }
        self.guarded = true;
        let expanded = self.text(written);
        self.guarded = false;
        let expanded = expanded?;
        let fault = part.misfit(&expanded.value).or_else(|| {
            let from_cell = expanded.origin != written.origin;
            from_cell.then(|| part.key_in_cell(&expanded.value))?
        });
        if let Some(fault) = fault {
            self.bad_reference(fault, &expanded);
            return None;
        }
        Some(expanded.value)
    }

    /// The folder of the manifest in which this stands.
    fn folder(&self, origin: &Origin) -> String {
        let file = self.sources.file(&origin.file);
        file.map(|file| file.folder.clone()).unwrap_or_default()
    }

    /// Tells of a reference without repeating it: it may be the secret itself.
    fn bad_reference(&mut self, fault: Fault, written: &Sourced<String>) {
        let problem = Diagnostic::error(code::BAD_REFERENCE, fault.summary)
            .at_hidden(&written.origin, fault.expected)
            .hint(fault.hint);
        self.problems.hide(&written.origin);
        self.problems.push(problem);
    }

    pub(super) fn value(&mut self, entry: &Sourced<ValueEntry>) -> Option<Value> {
        match &entry.value {
            ValueEntry::Text(text) => {
                let text = Sourced::new(text.clone(), entry.origin.clone());
                self.text(&text).map(|text| Value::Text(text.value))
            }
            ValueEntry::Secret(secret) => self.secret(secret).map(Value::Secret),
        }
    }
}
