//! A plan that is kept in a file until it is applied, with all that has to hold then.

use crate::address::AccountId;
use crate::change::Action;
use crate::desired::AuthSpec;
use crate::operation::{ConnectorWrite, OperationKind};
use crate::plan::Plan;
use crate::precondition::Preconditions;
use crate::secret::{SecretRef, SecretsSpec, Value, VaultAuth};
use std::collections::BTreeSet;

/// A plan and what belongs to it, all of which its digest covers. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedPlan {
    /// The version of Gangplank that made it, and alone applies it.
    pub engine_version: String,
    /// What is to be done.
    pub plan: Plan,
    /// As whom the instance is asked.
    pub access: Access,
    /// What has to hold of each account that exists.
    pub preconditions: Preconditions,
    /// Accounts that could not be read, and are left out.
    pub unread: BTreeSet<AccountId>,
    /// Whether connectors and templates are not planned yet: the library is shown to accounts alone, and
    /// there is none.
    pub unplanned: bool,
}

/// As whom the instance is asked, and how references to secrets are followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// Client id and client secret; `None` for the embedded sandbox.
    pub client: Option<(Value, SecretRef)>,
    /// The key of fingerprints; derived from the client secret when not given.
    pub marks_key: Option<SecretRef>,
    /// The vault, and what commands may see.
    pub secrets: SecretsSpec,
}

impl SavedPlan {
    /// Counts the objects that are removed.
    pub fn removals(&self) -> usize {
        let changes = self.plan.lanes.iter().flat_map(|lane| &lane.changes);
        changes
            .filter(|change| change.action == Action::Remove)
            .count()
    }

    /// Every secret that its calls need.
    pub fn call_secrets(&self) -> BTreeSet<&SecretRef> {
        let operations = self.plan.lanes.iter().flat_map(|lane| &lane.operations);
        operations.flat_map(|it| secrets_of(&it.kind)).collect()
    }

    /// Every reference that it knows: those of its calls, of the access, and of the vault's login.
    pub fn references(&self) -> BTreeSet<&SecretRef> {
        let mut all = self.call_secrets();
        let Access {
            client,
            marks_key,
            secrets,
        } = &self.access;
        if let Some((id, secret)) = client {
            all.extend(id.secret());
            all.insert(secret);
        }
        all.extend(marks_key);
        let login = secrets.vault.auth.iter();
        all.extend(login.flat_map(VaultAuth::secrets));
        all
    }
}

fn secrets_of(kind: &OperationKind) -> Vec<&SecretRef> {
    match kind {
        OperationKind::CreateAccount { write, .. } | OperationKind::UpdateAccount { write } => {
            let mark = write.audit_info.iter();
            let made = mark.flat_map(|mark| &mark.made);
            made.flat_map(secrets_of_connector).collect()
        }
        OperationKind::InstallConnector { write, .. }
        | OperationKind::UpdateConnector { write, .. } => secrets_of_connector(write),
        OperationKind::DeleteAccount
        | OperationKind::DeleteConnector { .. }
        | OperationKind::InstallTemplate { .. }
        | OperationKind::UpdateCycle { .. }
        | OperationKind::DeleteCycle { .. }
        | OperationKind::SetVariables { .. }
        | OperationKind::SetParameter { .. }
        | OperationKind::SetField { .. }
        | OperationKind::Deactivate { .. }
        | OperationKind::Activate { .. } => Vec::new(),
    }
}

fn secrets_of_connector(write: &ConnectorWrite) -> Vec<&SecretRef> {
    let auth = write.auth.iter().flat_map(AuthSpec::secrets);
    let properties = write.properties.values().filter_map(Value::secret);
    auth.chain(properties).collect()
}
