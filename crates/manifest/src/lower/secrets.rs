//! The block that says how references to secrets are followed.

use super::Lowering;
use crate::decode::{Field, Layer as _};
use crate::entry::{LoginEntry, SecretsEntry};
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin, SecretRef, SecretsSpec, Sourced, VaultAuth};

/// The manifest's block under the instance's own.
pub(crate) fn secrets(
    top: Option<&SecretsEntry>,
    own: Option<&SecretsEntry>,
    lowering: &mut Lowering<'_>,
) -> SecretsSpec {
    let entry = match (own.cloned(), top.cloned()) {
        (Some(own), Some(top)) => own.over(top),
        (one, other) => one.or(other).unwrap_or_default(),
    };
    let mut spec = SecretsSpec::default();
    if let Some(command) = entry.command.get() {
        let names = command.env.get().into_iter().flat_map(|list| &list.0);
        spec.command_env = names.map(|name| name.value.0.clone()).collect();
        spec.command_timeout = command.timeout.get().map(|seconds| seconds.0);
    }
    let Some(vault) = entry.vault.get() else {
        return spec;
    };
    spec.vault.address = vault
        .address
        .0
        .as_ref()
        .and_then(|url| lowering.api_url(url));
    spec.vault.namespace = vault
        .namespace
        .0
        .as_ref()
        .filter(|name| lowering.check_name("a namespace", name))
        .map(|name| name.value.clone());
    if let Some(path) = &vault.ca_file.0
        && let Some(SecretRef::File { folder, path }) =
            lowering.secret(&crate::entry::SecretEntry::File(path.clone()))
    {
        spec.vault.ca_file = Some((folder, path));
    }
    if let Some(auth) = &vault.auth.0 {
        spec.vault.auth = lowering.login(auth);
    }
    spec
}

impl Lowering<'_> {
    fn login(&mut self, entry: &Sourced<LoginEntry>) -> Option<VaultAuth> {
        let LoginEntry {
            token,
            approle,
            kubernetes,
        } = &entry.value;
        let auth = match (token.get(), approle.get(), kubernetes.get()) {
            (Some(token), None, None) => VaultAuth::Token(self.secret(token)?),
            (None, Some(approle), None) => VaultAuth::AppRole {
                mount: self.mount(&approle.mount, "approle")?,
                role_id: self.value(approle.role_id.0.as_ref()?)?,
                secret_id: match approle.secret_id.get() {
                    Some(secret) => Some(self.secret(secret)?),
                    None => None,
                },
            },
            (None, None, Some(kubernetes)) => VaultAuth::Kubernetes {
                mount: self.mount(&kubernetes.mount, "kubernetes")?,
                role: kubernetes
                    .role
                    .0
                    .as_ref()
                    .filter(|role| self.check_name("a role", role))?
                    .value
                    .clone(),
                jwt: match kubernetes.jwt.get() {
                    Some(secret) => Some(self.secret(secret)?),
                    None => None,
                },
            },
            _ => {
                if self.complete {
                    self.problems.push(
                        Diagnostic::error(code::VAULT_AUTH, "the vault's \"auth\" has one form")
                            .at_hidden(&entry.origin, "")
                            .detail("The forms are token, approle and kubernetes.")
                            .hint("keep one of them"),
                    );
                }
                return None;
            }
        };
        let circular = |reference: &SecretRef| {
            matches!(
                reference,
                SecretRef::Vault { .. } | SecretRef::Command { .. }
            )
        };
        if auth.secrets().any(circular) {
            self.no_way_in(&entry.origin);
            return None;
        }
        Some(auth)
    }

    fn no_way_in(&mut self, origin: &Origin) {
        self.problems.push(
            Diagnostic::error(
                code::VAULT_AUTH,
                "a reference that cannot lead into the vault",
            )
            .at_hidden(
                origin,
                "what logs in is read before the vault and before commands",
            )
            .hint("write `{ env: NAME }`, `{ file: PATH }` or `{ sops: FILE, key: NAME }`"),
        );
    }

    fn mount(&mut self, written: &Field<String>, usual: &str) -> Option<String> {
        let Some(mount) = &written.0 else {
            return Some(usual.to_owned());
        };
        let good = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if mount
            .value
            .split('/')
            .all(|part| !part.is_empty() && part.chars().all(good))
        {
            return Some(mount.value.clone());
        }
        self.problems.push(
            Diagnostic::error(code::BAD_NAME, "a mount that cannot be used")
                .at_hidden(
                    &mount.origin,
                    "expected letters, digits, - and _, such as approle",
                )
                .hint("write where the method is mounted, without `auth/`"),
        );
        None
    }
}
