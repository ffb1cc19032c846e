//! Secret references, with their expressions expanded.

use super::Lowering;
use crate::entry::{SecretEntry, ValueEntry};
use gangplank_model::{Diagnostic, SecretRef, Sourced, Value};

impl Lowering<'_> {
    pub(super) fn secret(&mut self, entry: &SecretEntry) -> Option<SecretRef> {
        let (summary, reason, origin) = match entry {
            SecretEntry::Env(name) => {
                let name = self.text(name)?;
                if is_variable(&name.value) {
                    return Some(SecretRef::Env(name.value));
                }
                (
                    "a name that no environment variable has",
                    "expected letters, digits and _",
                    name.origin,
                )
            }
            SecretEntry::File(path) => {
                let path = self.text(path)?;
                if is_inside(&path.value) {
                    let file = self.sources.file(&path.origin.file);
                    let folder = file.map(|file| file.folder.clone()).unwrap_or_default();
                    return Some(SecretRef::File {
                        folder,
                        path: path.value,
                    });
                }
                (
                    "a path outside the manifest's folder",
                    "expected a path below the folder of the manifest, without `..`",
                    path.origin,
                )
            }
        };
        let problem = Diagnostic::error("bad-reference", summary);
        self.problems.push(problem.at_hidden(&origin, reason));
        None
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

/// A name that a shell or a CI system can set; ids may bring dashes and dots along.
fn is_variable(name: &str) -> bool {
    let first = name.chars().next();
    first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// A path that cannot lead out of its folder by its own words.
fn is_inside(path: &str) -> bool {
    let bad_start = path.starts_with(['/', '\\', '~']) || path.get(1..2) == Some(":");
    let bad_part = path.split(['/', '\\']).any(|part| part == "..");
    !path.is_empty() && !bad_start && !bad_part && !path.chars().any(char::is_control)
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
            ("A_1", true),
            ("KEY_acme-001", true),
            ("1A", false),
            ("a=b", false),
            ("", false),
        ] {
            assert_eq!(is_variable(name), good, "{name}");
        }
    }
}
