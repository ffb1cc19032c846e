//! As whom the instance of a plan on disk is asked.

use crate::file::plan_problem::PlanProblem;
use crate::file::plan_secret::{References, SecretV1, ValueV1};
use crate::saved::Access;
use crate::secret::{SecretsSpec, VaultAuth, VaultSpec};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// As whom the instance is asked, and how secrets are read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessV1 {
    /// The OAuth client id; without one it is the embedded sandbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<ValueV1>,
    /// The OAuth client secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret: Option<SecretV1>,
    /// The key of fingerprints, where it is not the client secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks_key: Option<SecretV1>,
    /// The vault's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault_address: Option<String>,
    /// The vault's namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault_namespace: Option<String>,
    /// The file of the vault's authorities: the manifest's folder, and the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault_ca_file: Option<(String, String)>,
    /// How to log in to the vault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault_auth: Option<VaultAuthV1>,
    /// Variables that commands are given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub command_env: Vec<String>,
    /// Seconds that a command may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command_timeout: Option<u64>,
}

/// How to log in to a vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VaultAuthV1 {
    /// With a token.
    Token(SecretV1),
    /// As an application.
    AppRole {
        /// Where the method is mounted.
        mount: String,
        /// The role's id.
        role_id: ValueV1,
        /// The role's secret.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret_id: Option<SecretV1>,
    },
    /// As a service account of Kubernetes.
    Kubernetes {
        /// Where the method is mounted.
        mount: String,
        /// The role's name.
        role: String,
        /// The service account's token.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        jwt: Option<SecretV1>,
    },
}

impl From<&Access> for AccessV1 {
    fn from(access: &Access) -> Self {
        let Access {
            client,
            marks_key,
            secrets,
        } = access;
        let SecretsSpec {
            vault,
            command_env,
            command_timeout,
        } = secrets;
        let auth = vault.auth.as_ref().map(|auth| match auth {
            VaultAuth::Token(token) => VaultAuthV1::Token(token.into()),
            VaultAuth::AppRole {
                mount,
                role_id,
                secret_id,
            } => VaultAuthV1::AppRole {
                mount: mount.clone(),
                role_id: role_id.into(),
                secret_id: secret_id.as_ref().map(Into::into),
            },
            VaultAuth::Kubernetes { mount, role, jwt } => VaultAuthV1::Kubernetes {
                mount: mount.clone(),
                role: role.clone(),
                jwt: jwt.as_ref().map(Into::into),
            },
        });
        Self {
            client_id: client.as_ref().map(|(id, _)| id.into()),
            client_secret: client.as_ref().map(|(_, secret)| secret.into()),
            marks_key: marks_key.as_ref().map(Into::into),
            vault_address: vault.address.clone(),
            vault_namespace: vault.namespace.clone(),
            vault_ca_file: vault.ca_file.clone(),
            vault_auth: auth,
            command_env: command_env.clone(),
            command_timeout: *command_timeout,
        }
    }
}

impl References<'_> {
    pub(super) fn access(self, access: &AccessV1) -> Result<Access, PlanProblem> {
        let client = match (&access.client_id, &access.client_secret) {
            (Some(id), Some(secret)) => Some((self.value(id)?, self.secret(secret)?)),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => {
                return Err(PlanProblem::Missing("half of the client's credentials"));
            }
        };
        let auth = access.vault_auth.as_ref().map(|auth| {
            Ok(match auth {
                VaultAuthV1::Token(token) => VaultAuth::Token(self.secret(token)?),
                VaultAuthV1::AppRole {
                    mount,
                    role_id,
                    secret_id,
                } => VaultAuth::AppRole {
                    mount: mount.clone(),
                    role_id: self.value(role_id)?,
                    secret_id: self.optional(secret_id.as_ref())?,
                },
                VaultAuthV1::Kubernetes { mount, role, jwt } => VaultAuth::Kubernetes {
                    mount: mount.clone(),
                    role: role.clone(),
                    jwt: self.optional(jwt.as_ref())?,
                },
            })
        });
        Ok(Access {
            client,
            marks_key: self.optional(access.marks_key.as_ref())?,
            secrets: SecretsSpec {
                vault: VaultSpec {
                    address: access.vault_address.clone(),
                    namespace: access.vault_namespace.clone(),
                    ca_file: access.vault_ca_file.clone(),
                    auth: auth.transpose()?,
                },
                command_env: access.command_env.clone(),
                command_timeout: access.command_timeout,
            },
        })
    }
}
