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
    /// A field of a secret in a key-value engine of Vault or OpenBao.
    Vault {
        /// Mount and path, such as `kv/acme/hubspot`.
        path: String,
        /// The field of the secret.
        field: String,
        /// The engine's version, when it was said; else the server is asked.
        engine: Option<VaultEngine>,
    },
    /// A value of a file that SOPS encrypted with age.
    Sops {
        /// The folder of the manifest, as the user named it.
        folder: String,
        /// The path as written.
        file: String,
        /// The keys that lead to the value, joined by dots.
        key: String,
    },
    /// What a command prints; one trailing newline is cut.
    Command {
        /// The folder of the manifest, in which the command runs.
        folder: String,
        /// The program and its arguments.
        words: Vec<String>,
    },
}

/// The version of a key-value engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VaultEngine {
    /// Without versions of a secret.
    Kv1,
    /// With versions; the latest one is read.
    Kv2,
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "env {name}"),
            Self::File { path, folder: _ } => write!(f, "file {path}"),
            Self::Vault {
                path,
                field,
                engine: _,
            } => write!(f, "vault {path}, field {field}"),
            Self::Sops {
                folder: _,
                file,
                key,
            } => write!(f, "sops {file}, key {key}"),
            // An argument may be a secret itself, whatever the manual says.
            Self::Command { folder: _, words } => {
                write!(f, "command")?;
                if let Some(program) = words.first() {
                    write!(f, " {program}")?;
                }
                if words.len() > 1 {
                    f.write_str(" ...")?;
                }
                Ok(())
            }
        }
    }
}

/// What the kinds of references need besides: the vault, and what commands may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecretsSpec {
    /// The server; what is not given comes from the environment (`VAULT_ADDR` and so on).
    pub vault: VaultSpec,
    /// The names of variables that commands are given besides `PATH`, `HOME` and `LANG`.
    pub command_env: Vec<String>,
    /// How long a command may take, in seconds; `None` is the usual time.
    pub command_timeout: Option<u64>,
}

/// Where the vault is, and as whom it is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VaultSpec {
    /// `https://host`, or `http://` on this machine only.
    pub address: Option<String>,
    /// The namespace that goes along with every request.
    pub namespace: Option<String>,
    /// A file of certificates (folder of the manifest, path): the only authorities that are trusted.
    pub ca_file: Option<(String, String)>,
    /// How to log in; `None` takes the token in `VAULT_TOKEN`.
    pub auth: Option<VaultAuth>,
}

/// How to log in to the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VaultAuth {
    /// With a token that is there already.
    Token(SecretRef),
    /// As an application.
    AppRole {
        /// Where the method is mounted.
        mount: String,
        /// The role's id.
        role_id: Value,
        /// The secret of the role.
        secret_id: Option<SecretRef>,
    },
    /// As a service account of a Kubernetes cluster.
    Kubernetes {
        /// Where the method is mounted.
        mount: String,
        /// The role's name.
        role: String,
        /// The service account's token; `None` reads it where a pod has it.
        jwt: Option<SecretRef>,
    },
}

impl VaultAuth {
    /// The references that the login itself needs.
    pub fn secrets(&self) -> impl Iterator<Item = &SecretRef> {
        let (first, second) = match self {
            Self::Token(token) => (Some(token), None),
            Self::AppRole {
                role_id, secret_id, ..
            } => (role_id.secret(), secret_id.as_ref()),
            Self::Kubernetes { jwt, .. } => (jwt.as_ref(), None),
        };
        first.into_iter().chain(second)
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
    fn a_command_prints_its_program_only() {
        let command = |words: &[&str]| {
            SecretRef::Command {
                folder: String::new(),
                words: words.iter().map(|word| (*word).to_owned()).collect(),
            }
            .to_string()
        };
        assert_eq!(command(&["pass"]), "command pass");
        assert_eq!(command(&["op", "--token", "hunter2"]), "command op ...");
    }

    #[test]
    fn a_secret_does_not_print_itself() {
        let secret = Secret::new("hunter2".into());
        assert_eq!(
            format!("{secret:?} {:?}", Some(&secret)),
            "[secret] Some([secret])"
        );
    }
}
