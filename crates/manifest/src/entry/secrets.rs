//! How references to secrets are followed: where the vault is, and what commands may see.

use crate::decode::{Decode, Keyed, List};
use crate::entry::{SecretEntry, ValueEntry, entry, replaces};
use crate::node::{Kind, Node};
use crate::parse::wrong;
use crate::secrecy::guarded;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Problems};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// How references to secrets are followed.
    #[schemars(rename = "secrets")]
    secret SecretsEntry ("\"secrets\"") {
        /// The server behind `{ vault: ... }`; what is not given comes from `VAULT_ADDR`, `VAULT_TOKEN`,
        /// `VAULT_NAMESPACE` and `VAULT_CACERT`.
        vault: VaultEntry,
        /// What the programs behind `{ command: ... }` may see.
        command: CommandEntry,
    }
}

entry! {
    /// A Vault or OpenBao server.
    #[schemars(rename = "vault")]
    secret VaultEntry ("\"vault\"") {
        /// `https://host`, or `http://` on this machine only.
        #[schemars(extend("pattern" = crate::pattern::API_URL))]
        #[schemars(extend("examples" = ["https://vault.acme.example:8200"]))]
        address: String,
        /// The namespace, which goes along with every request.
        #[schemars(extend("pattern" = crate::pattern::NAME))]
        #[schemars(extend("examples" = ["admin/acme"]))]
        namespace: String,
        /// A PEM file, relative to the manifest's folder: the only authorities that are trusted.
        #[schemars(extend("pattern" = crate::pattern::PATH))]
        #[schemars(extend("examples" = ["ca.pem"]))]
        ca_file: String,
        /// How to log in; without it the token in `VAULT_TOKEN` is taken.
        auth: LoginEntry,
    }
}

entry! {
    /// How to log in to the vault. Exactly one key.
    #[schemars(rename = "vault_auth", extend("minProperties" = 1, "maxProperties" = 1))]
    secret LoginEntry ("the vault's \"auth\"") {
        /// A token: a reference to an environment variable, a file or a SOPS file.
        #[schemars(extend("not" = behind_the_login()))]
        #[schemars(extend("examples" = [{"env": "VAULT_TOKEN"}]))]
        token: SecretEntry,
        /// As an application.
        approle: AppRoleEntry,
        /// As a service account of a Kubernetes cluster.
        kubernetes: KubernetesEntry,
    }
}

entry! {
    /// The vault's AppRole method.
    #[schemars(rename = "approle")]
    secret AppRoleEntry ("\"approle\"") requires ["role_id"] {
        /// The role's id: text or a secret reference.
        #[schemars(extend("not" = behind_the_login()))]
        #[schemars(extend("examples" = [{"env": "VAULT_ROLE_ID"}]))]
        role_id: ValueEntry,
        /// The secret of the role.
        #[schemars(extend("not" = behind_the_login()))]
        #[schemars(extend("examples" = [{"env": "VAULT_SECRET_ID"}]))]
        secret_id: SecretEntry,
        /// Where the method is mounted; `approle` when not given.
        #[schemars(extend("pattern" = crate::pattern::MOUNT))]
        #[schemars(extend("examples" = ["approle"], "x-default" = "approle"))]
        mount: String,
    }
}

entry! {
    /// The vault's Kubernetes method.
    #[schemars(rename = "kubernetes")]
    secret KubernetesEntry ("\"kubernetes\"") requires ["role"] {
        /// The name of the role.
        #[schemars(extend("pattern" = crate::pattern::NAME))]
        #[schemars(extend("examples" = ["gangplank"]))]
        role: String,
        /// The service account's token; read where a pod has it when not given.
        #[schemars(extend("not" = behind_the_login()))]
        #[schemars(extend("examples" = [{"file": "token"}]))]
        jwt: SecretEntry,
        /// Where the method is mounted; `kubernetes` when not given.
        #[schemars(extend("pattern" = crate::pattern::MOUNT))]
        #[schemars(extend("examples" = ["kubernetes"], "x-default" = "kubernetes"))]
        mount: String,
    }
}

entry! {
    /// What the programs behind `{ command: ... }` may see.
    #[schemars(rename = "command")]
    secret CommandEntry ("\"command\"") {
        /// Names of variables that they are given besides `PATH`, `HOME` and `LANG`.
        #[schemars(extend("examples" = [["OP_SERVICE_ACCOUNT_TOKEN"]]))]
        env: List<VariableEntry>,
        /// How long one may take, in seconds: 1 to 600; 30 when not given.
        #[schemars(extend("examples" = [30], "x-default" = 30))]
        timeout: SecondsEntry,
    }
}

/// What cannot lead into the vault: one would have to be logged in already, or run a program.
fn behind_the_login() -> serde_json::Value {
    serde_json::json!({ "type": "object", "anyOf": [{ "required": ["vault"] }, { "required": ["command"] }] })
}

/// The name of a variable.
#[derive(Clone, Debug)]
pub(crate) struct VariableEntry(pub(crate) String);

/// A number of seconds, 1 to 600.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SecondsEntry(pub(crate) u64);

replaces!(VariableEntry, SecondsEntry);

/// Names of an instance join those of the manifest.
impl Keyed for VariableEntry {
    fn key(&self) -> Option<&str> {
        Some(&self.0)
    }
}

impl Decode for VariableEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        guarded(node, problems, |node, problems| {
            let name = String::decode(node.clone(), problems)?;
            let first = name.chars().next();
            let good = first.is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            if !good {
                problems.push(
                    Diagnostic::error(
                        code::BAD_REFERENCE,
                        "a name that no environment variable has",
                    )
                    .at_hidden(
                        &node.origin,
                        "expected letters, digits and _, not starting with a digit",
                    )
                    .hint("write the variable's name, not its value"),
                );
            }
            good.then_some(Self(name))
        })
    }
}

impl JsonSchema for VariableEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "variable".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" })
    }
}

impl Decode for SecondsEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        if let Kind::Number(text) = &node.kind
            && let Ok(seconds @ 1..=600) = text.parse()
        {
            return Some(Self(seconds));
        }
        problems.push(wrong(
            &node,
            "a number of seconds, 1 to 600",
            "write digits only, such as `timeout: 30`",
        ));
        None
    }
}

impl JsonSchema for SecondsEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "seconds".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": 600 })
    }
}
