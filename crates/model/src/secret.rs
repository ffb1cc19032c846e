//! Secrets: references may be printed, values never.

use std::fmt;
use zeroize::Zeroizing;

/// Where a secret is to be read from, at the last moment. May be printed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretRef {
    /// An environment variable.
    Env(String),
    /// A file, relative to the folder of the manifest that names it; one trailing newline is cut.
    File {
        /// The folder of the manifest, as the user named it.
        folder: String,
        /// The path as written.
        path: String,
    },
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env {name}"),
            Self::File { path, folder: _ } => write!(f, "file {path}"),
        }
    }
}

/// A secret's value: no `Display`, no serialisation, wiped when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a value in custody.
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// Shows the value to the one caller that sends or fingerprints it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A value that may be given as text or as a reference to a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Plain text from the manifest.
    Text(String),
    /// A secret, not yet read.
    Secret(SecretRef),
}

impl Value {
    /// Returns the reference when this is a secret.
    pub fn secret(&self) -> Option<&SecretRef> {
        match self {
            Self::Secret(reference) => Some(reference),
            Self::Text(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print_itself() {
        let secret = Secret::new("hunter2".into());
        assert_eq!(
            format!("{secret:?} {:?}", Some(&secret)),
            "[secret] Some([secret])"
        );
    }
}
