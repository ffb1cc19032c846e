//! Where secrets are read from, as a plan on disk says it.

use crate::desired::AuthSpec;
use crate::file::plan_problem::PlanProblem;
use crate::file::seen_v1::hexadecimal;
use crate::secret::{SecretRef, Value, VaultEngine};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Where a secret is read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecretV1 {
    /// An environment variable.
    Env(String),
    /// A file.
    File {
        /// The folder of the manifest that names it.
        folder: String,
        /// Its path below that folder.
        path: String,
    },
    /// A field of a secret in a vault.
    Vault {
        /// Mount and path.
        path: String,
        /// The field.
        field: String,
        /// The version of the engine, 1 or 2, where it was said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        engine: Option<u8>,
    },
    /// A value of a file that SOPS encrypted.
    Sops {
        /// The folder of the manifest that names it.
        folder: String,
        /// Its path below that folder.
        file: String,
        /// The keys that lead to the value.
        key: String,
    },
    /// What a command prints. Its arguments may be secrets, so that they stand in the manifest alone.
    Command {
        /// The folder of the manifest, in which it runs.
        folder: String,
        /// The program.
        program: String,
        /// SHA-256 of program and arguments, in hexadecimal.
        digest: String,
    },
}

/// A value as it is written, or where it is read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValueV1 {
    /// Plain text.
    Text(String),
    /// A secret, by where it is read from.
    Secret(SecretV1),
}

/// A credential.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthV1 {
    /// Nothing to authenticate.
    None,
    /// The customer signs in with OAuth 2.
    SignInOauth2,
    /// The customer signs in with OAuth 1.
    SignInOauth1,
    /// A plain key.
    ApiKey(SecretV1),
    /// User name and password.
    Basic {
        /// The user name.
        username: ValueV1,
        /// The password.
        password: SecretV1,
    },
    /// OAuth 2 tokens.
    Oauth2Tokens {
        /// The access token.
        access_token: SecretV1,
        /// The refresh token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refresh_token: Option<SecretV1>,
        /// When the access token ends, ISO 8601.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires: Option<String>,
        /// When the refresh token ends, ISO 8601.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refresh_expires: Option<String>,
    },
    /// OAuth 2 client credentials.
    Oauth2Client {
        /// The client id.
        client_id: ValueV1,
        /// The client secret.
        client_secret: SecretV1,
    },
    /// Fields of the connector's own.
    Fields(BTreeMap<String, ValueV1>),
}

impl From<&SecretRef> for SecretV1 {
    fn from(reference: &SecretRef) -> Self {
        match reference.clone() {
            SecretRef::Env(name) => Self::Env(name),
            SecretRef::File { folder, path } => Self::File { folder, path },
            SecretRef::Vault {
                path,
                field,
                engine,
            } => Self::Vault {
                path,
                field,
                engine: engine.map(|engine| match engine {
                    VaultEngine::Kv1 => 1,
                    VaultEngine::Kv2 => 2,
                }),
            },
            SecretRef::Sops { folder, file, key } => Self::Sops { folder, file, key },
            SecretRef::Command { folder, words } => {
                let mut hash = Sha256::new();
                for word in &words {
                    hash.update(word.len().to_le_bytes());
                    hash.update(word);
                }
                Self::Command {
                    folder,
                    program: words.first().cloned().unwrap_or_default(),
                    digest: hexadecimal(&hash.finalize()),
                }
            }
        }
    }
}

impl From<&Value> for ValueV1 {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(text) => Self::Text(text.clone()),
            Value::Secret(reference) => Self::Secret(reference.into()),
        }
    }
}

impl From<&AuthSpec> for AuthV1 {
    fn from(auth: &AuthSpec) -> Self {
        match auth {
            AuthSpec::None => Self::None,
            AuthSpec::SignInOAuth2 => Self::SignInOauth2,
            AuthSpec::SignInOAuth1 => Self::SignInOauth1,
            AuthSpec::ApiKey(key) => Self::ApiKey(key.into()),
            AuthSpec::Basic { username, password } => Self::Basic {
                username: username.into(),
                password: password.into(),
            },
            AuthSpec::OAuth2Tokens {
                access_token,
                refresh_token,
                expires,
                refresh_expires,
            } => Self::Oauth2Tokens {
                access_token: access_token.into(),
                refresh_token: refresh_token.as_ref().map(Into::into),
                expires: expires.clone(),
                refresh_expires: refresh_expires.clone(),
            },
            AuthSpec::OAuth2Client {
                client_id,
                client_secret,
            } => Self::Oauth2Client {
                client_id: client_id.into(),
                client_secret: client_secret.into(),
            },
            AuthSpec::Fields(fields) => {
                let fields = fields.iter();
                Self::Fields(fields.map(|(name, it)| (name.clone(), it.into())).collect())
            }
        }
    }
}

/// Reads references, with the commands of the manifests beside them; without, each is its program.
#[derive(Clone, Copy, Debug)]
pub(super) struct References<'a> {
    pub(super) commands: Option<&'a BTreeSet<SecretRef>>,
}

impl References<'_> {
    pub(super) fn secret(self, secret: &SecretV1) -> Result<SecretRef, PlanProblem> {
        Ok(match secret.clone() {
            SecretV1::Env(name) => SecretRef::Env(name),
            SecretV1::File { folder, path } => SecretRef::File { folder, path },
            SecretV1::Vault {
                path,
                field,
                engine,
            } => SecretRef::Vault {
                path,
                field,
                engine: match engine {
                    None => None,
                    Some(1) => Some(VaultEngine::Kv1),
                    Some(2) => Some(VaultEngine::Kv2),
                    Some(_) => return Err(PlanProblem::Unknown("vault engine")),
                },
            },
            SecretV1::Sops { folder, file, key } => SecretRef::Sops { folder, file, key },
            SecretV1::Command {
                folder, program, ..
            } => match self.commands {
                Some(commands) => {
                    let mut known = commands.iter();
                    let known = known.find(|known| Self::is(known, secret));
                    known.cloned().ok_or(PlanProblem::Command(program))?
                }
                None => SecretRef::Command {
                    folder,
                    words: vec![program],
                },
            },
        })
    }

    fn is(known: &SecretRef, secret: &SecretV1) -> bool {
        SecretV1::from(known) == *secret
    }

    pub(super) fn optional(
        self,
        secret: Option<&SecretV1>,
    ) -> Result<Option<SecretRef>, PlanProblem> {
        secret.map(|secret| self.secret(secret)).transpose()
    }

    pub(super) fn value(self, value: &ValueV1) -> Result<Value, PlanProblem> {
        Ok(match value {
            ValueV1::Text(text) => Value::Text(text.clone()),
            ValueV1::Secret(secret) => Value::Secret(self.secret(secret)?),
        })
    }

    pub(super) fn values(
        self,
        values: &BTreeMap<String, ValueV1>,
    ) -> Result<BTreeMap<String, Value>, PlanProblem> {
        let values = values.iter();
        let read = values.map(|(name, value)| Ok((name.clone(), self.value(value)?)));
        read.collect()
    }

    pub(super) fn auth(self, auth: &AuthV1) -> Result<AuthSpec, PlanProblem> {
        Ok(match auth {
            AuthV1::None => AuthSpec::None,
            AuthV1::SignInOauth2 => AuthSpec::SignInOAuth2,
            AuthV1::SignInOauth1 => AuthSpec::SignInOAuth1,
            AuthV1::ApiKey(key) => AuthSpec::ApiKey(self.secret(key)?),
            AuthV1::Basic { username, password } => AuthSpec::Basic {
                username: self.value(username)?,
                password: self.secret(password)?,
            },
            AuthV1::Oauth2Tokens {
                access_token,
                refresh_token,
                expires,
                refresh_expires,
            } => AuthSpec::OAuth2Tokens {
                access_token: self.secret(access_token)?,
                refresh_token: self.optional(refresh_token.as_ref())?,
                expires: expires.clone(),
                refresh_expires: refresh_expires.clone(),
            },
            AuthV1::Oauth2Client {
                client_id,
                client_secret,
            } => AuthSpec::OAuth2Client {
                client_id: self.value(client_id)?,
                client_secret: self.secret(client_secret)?,
            },
            AuthV1::Fields(fields) => AuthSpec::Fields(self.values(fields)?),
        })
    }
}
