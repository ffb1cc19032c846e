//! What the texts in a reference to a secret may be: names and paths, and not the secret itself.

use crate::entry::SecretEntry;
use crate::expression::{is_expression, outside_expressions};
use crate::secrecy::looks_like_a_key;
use gangplank_model::{Origin, Sourced};

/// The parts of a reference that may be the secret itself, for all that their words say: all but names of
/// capitals for variables, and paths with a folder or an ending.
pub(crate) fn doubtful_parts(entry: &SecretEntry) -> Vec<&Origin> {
    let parts: Vec<(&Sourced<String>, Part)> = match entry {
        SecretEntry::Env(name) => vec![(name, Part::Variable)],
        SecretEntry::File(path) => vec![(path, Part::Path)],
        SecretEntry::Vault(path, field, _) => vec![(path, Part::VaultPath), (field, Part::Word)],
        SecretEntry::Sops(file, key) => vec![(file, Part::Path), (key, Part::Word)],
        SecretEntry::Command(words) => {
            let words = words.value.iter();
            words.map(|word| (word, Part::Argument)).collect()
        }
    };
    let doubtful = |(written, part): &(&Sourced<String>, Part)| {
        let text = outside_expressions(&written.value);
        let named = match part {
            Part::Variable => text.chars().all(|c| !c.is_ascii_lowercase()),
            Part::Path => text.contains(['/', '.']),
            Part::VaultPath | Part::Word | Part::Program | Part::Argument => false,
        };
        !named || part.fault(&written.value).is_some()
    };
    let doubtful = parts.into_iter().filter(doubtful);
    doubtful.map(|(written, _)| &written.origin).collect()
}

/// What is wrong with a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) summary: &'static str,
    pub(crate) expected: &'static str,
    pub(crate) hint: &'static str,
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
pub(crate) enum Part {
    Variable,
    Path,
    VaultPath,
    Word,
    Program,
    Argument,
}

impl Part {
    /// What the text shows before its expressions are expanded.
    pub(crate) fn fault(self, written: &str) -> Option<Fault> {
        match self {
            Self::Variable => fault_of_variable(written),
            Self::Path => fault_of_path(written),
            Self::VaultPath => fault_of_vault(written),
            Self::Word => fault_of_word(written),
            Self::Program | Self::Argument => fault_of_argument(written),
        }
    }

    /// Why the text, once it is expanded, cannot be used.
    pub(crate) fn misfit(self, expanded: &str) -> Option<Fault> {
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
    pub(crate) fn key_in_cell(self, expanded: &str) -> Option<Fault> {
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
