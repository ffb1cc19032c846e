//! Secret references, with their expressions expanded.

use super::Lowering;
use crate::entry::{SecretEntry, ValueEntry};
use crate::expression::{is_expression, outside_expressions};
use crate::secrecy::looks_like_a_key;
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

/// What is wrong with a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fault {
    summary: &'static str,
    expected: &'static str,
    hint: &'static str,
}

const NO_VARIABLE: Fault = Fault {
    summary: "a name that no environment variable has",
    expected: "expected letters, digits and _, not starting with a digit",
    hint: "if this is the secret itself, put it into a variable and write the variable's name",
};
const OUTSIDE: Fault = Fault {
    summary: "a path outside the manifest's folder",
    expected: "expected a path below the folder of the manifest, without `..`",
    hint: "put the file beside the manifest, or use `{ env: NAME }`",
};
const KEY_FOR_VARIABLE: Fault = Fault {
    summary: "a secret in the place of an environment variable's name",
    expected: "this looks like a key, not like a name",
    hint: "put it into a variable and write the variable's name; if it is a name, choose one of words",
};
const KEY_FOR_PATH: Fault = Fault {
    summary: "a secret in the place of a file's path",
    expected: "this looks like a key, not like a path",
    hint: "put it into a file and write the file's path; if it is a path, choose one of words",
};

const NO_VAULT_PATH: Fault = Fault {
    summary: "a path that no vault has",
    expected: "expected a mount and a path, such as kv/acme/hubspot, without `.` and `..`",
    hint: "for a version 2 engine leave `data` out: the mount, then the secret's own path",
};
const NO_WORD: Fault = Fault {
    summary: "a name that cannot be used",
    expected: "expected a name that is not empty and has no control characters",
    hint: "write the name of the value, not the value",
};
const NO_PROGRAM: Fault = Fault {
    summary: "a word that no command can be given",
    expected: "expected the name of a program, or an argument without NUL",
    hint: "write a list: the program first, then each argument",
};
const KEY_IN_REFERENCE: Fault = Fault {
    summary: "a secret in the place of a reference",
    expected: "this looks like a key, not like a name",
    hint: "a reference says where the secret is, and never what it is",
};

/// What a text in a reference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Variable,
    Path,
    VaultPath,
    Word,
    Program,
    Argument,
}

impl Part {
    /// What the text shows before its expressions are expanded.
    fn fault(self, written: &str) -> Option<Fault> {
        match self {
            Self::Variable => fault_of_variable(written),
            Self::Path => fault_of_path(written),
            Self::VaultPath => fault_of_vault(written),
            Self::Word => fault_of_word(written),
            Self::Program | Self::Argument => fault_of_argument(written),
        }
    }

    /// Why the text, once it is expanded, cannot be used.
    fn misfit(self, expanded: &str) -> Option<Fault> {
        let (good, fault) = match self {
            // An id may bring a dash or a dot along.
            Self::Variable => (is_variable(expanded, &['-', '.']), NO_VARIABLE),
            Self::Path => (is_inside(expanded), OUTSIDE),
            Self::VaultPath => (is_vault_path(expanded), NO_VAULT_PATH),
            Self::Word => (is_word(expanded), NO_WORD),
            Self::Program => (!expanded.is_empty() && !expanded.contains('\0'), NO_PROGRAM),
            Self::Argument => (!expanded.contains('\0'), NO_PROGRAM),
        };
        (!good).then_some(fault)
    }

    /// What the text shows once a cell of a row is in it: a roster may hold the secrets themselves.
    fn key_in_cell(self, expanded: &str) -> Option<Fault> {
        match self {
            Self::Variable => {
                let name =
                    |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || "_-.".contains(c);
                let is_name = expanded.contains('_') && expanded.chars().all(name);
                (!is_name && looks_like_a_key(expanded)).then_some(KEY_FOR_VARIABLE)
            }
            Self::Path => {
                let is_path = expanded.contains(['/', '.']) && !expanded.contains(['+', '=']);
                (!is_path && looks_like_a_key(expanded)).then_some(KEY_FOR_PATH)
            }
            Self::VaultPath | Self::Word | Self::Program | Self::Argument => self.fault(expanded),
        }
    }
}

/// What the text of a `vault` shows before its expressions are expanded.
fn fault_of_vault(written: &str) -> Option<Fault> {
    let text = outside_expressions(written);
    // A folder may be called after a customer's id, which may look like a key.
    if (!text.contains('/') || text.contains(['+', '='])) && looks_like_a_key(&text) {
        Some(KEY_IN_REFERENCE)
    } else if is_expression(written) || is_vault_path(written) {
        None
    } else {
        Some(NO_VAULT_PATH)
    }
}

/// What the text of a `field` or a `key` shows before its expressions are expanded.
fn fault_of_word(written: &str) -> Option<Fault> {
    let text = outside_expressions(written);
    if !text.contains('.') && looks_like_a_key(&text) {
        Some(KEY_IN_REFERENCE)
    } else if is_expression(written) || is_word(written) {
        None
    } else {
        Some(NO_WORD)
    }
}

/// What a word of a `command` shows before its expressions are expanded.
fn fault_of_argument(written: &str) -> Option<Fault> {
    let text = outside_expressions(written);
    (!text.contains(['/', '.']) && looks_like_a_key(&text)).then_some(KEY_IN_REFERENCE)
}

/// What the text of an `env` shows before its expressions are expanded.
fn fault_of_variable(written: &str) -> Option<Fault> {
    let text = outside_expressions(written);
    // A customer's id may look like a key, but a name of capitals and _ is one all the same.
    let is_name = text.contains('_')
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if !is_name && looks_like_a_key(&text) {
        Some(KEY_FOR_VARIABLE)
    } else if is_expression(written) || is_variable(written, &[]) {
        None
    } else {
        Some(NO_VARIABLE)
    }
}

/// What the text of a `file` shows before its expressions are expanded.
fn fault_of_path(written: &str) -> Option<Fault> {
    let text = outside_expressions(written);
    // A folder or a file may be called after a customer's id, which may look like a key.
    let is_path = text.contains(['/', '.']) && !text.contains(['+', '=']);
    if !is_path && looks_like_a_key(&text) {
        Some(KEY_FOR_PATH)
    } else if is_expression(written) || is_inside(written) {
        None
    } else {
        Some(OUTSIDE)
    }
}

/// A name that a shell or a CI system can set, and these besides.
fn is_variable(name: &str, besides: &[char]) -> bool {
    let first = name.chars().next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || besides.contains(&c))
}

/// A path that cannot lead out of its folder by its own words.
fn is_inside(path: &str) -> bool {
    let bad_start = path.starts_with(['/', '\\', '~']) || path.get(1..2) == Some(":");
    let bad_part = path.split(['/', '\\']).any(|part| part == "..");
    !path.is_empty() && !bad_start && !bad_part && !path.chars().any(char::is_control)
}

/// A mount and a path in it, as segments of a URL's path.
fn is_vault_path(path: &str) -> bool {
    let bad = |part: &str| matches!(part, "" | "." | "..");
    path.contains('/')
        && !path.split('/').any(bad)
        && !path.chars().any(|c| c.is_control() || c == ' ')
}

/// A name of a field or a key.
fn is_word(word: &str) -> bool {
    !word.is_empty() && !word.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stay_inside() {
        for (path, inside) in [
            ("secrets/a", true),
            ("./a..b", true),
            ("a/../b", false),
            ("..", false),
            ("/etc/passwd", false),
            ("C:\\x", false),
            ("~/x", false),
            ("..\\x", false),
            ("", false),
            ("a\nb", false),
        ] {
            assert_eq!(is_inside(path), inside, "{path}");
        }
        for (name, good) in [
            ("A_1", None),
            ("HARBOUR_KEY_ACME_001", None),
            ("HARBOURAPIKEY2026", None),
            ("KEY_{{ account.id }}", None),
            ("KEY_5F2B8C9D1E4A7B3C5D6E7F80", None),
            ("{{ account.labels.a1b2c3d4e5f6a7b8c9d0 }}", None),
            ("KEY_acme-001", Some(NO_VARIABLE)),
            ("1A", Some(NO_VARIABLE)),
            ("a=b", Some(NO_VARIABLE)),
            ("", Some(NO_VARIABLE)),
            ("correct-horse-battery-staple", Some(NO_VARIABLE)),
            ("Qz7LkW2mXv9RtY4bNc8Ds1Hg6Jp3Fe5A", Some(KEY_FOR_VARIABLE)),
            ("{{ x }}Qz7LkW2mXv9RtY4bNc8D", Some(KEY_FOR_VARIABLE)),
        ] {
            assert_eq!(fault_of_variable(name), good, "{name}");
        }
        for (path, good) in [
            ("secrets/acme-001.key", None),
            ("secrets/{{ account.id }}", None),
            ("secrets/5f2b8c9d1e4a7b3c5d6e7f80/hubspot.key", None),
            ("5f2b8c9d1e4a7b3c5d6e7f80.key", None),
            ("../x", Some(OUTSIDE)),
            ("Qz7LkW2mXv9RtY4b/Nc8Ds1Hg6Jp3Fe5A=", Some(KEY_FOR_PATH)),
            ("Qz7LkW2mXv9RtY4bNc8Ds1Hg6Jp3Fe5A", Some(KEY_FOR_PATH)),
        ] {
            assert_eq!(fault_of_path(path), good, "{path}");
        }
    }
}
