//! The credential that an operation sends, if any.

use gangplank_model::{AuthSpec, Operation, OperationKind, Secret};
use gangplank_secrets::{Secrets, auth_value};

/// Whether an operation sends a credential that the instance may confirm.
pub(crate) fn sends_value(operation: &Operation) -> bool {
    auth_of(operation).is_some_and(AuthSpec::sends_value)
}

/// The credential as it is sent, to be kept out of explanations.
pub(crate) fn sent_value(operation: &Operation, secrets: &Secrets) -> Option<Secret> {
    auth_value(auth_of(operation)?, secrets)
}

fn auth_of(operation: &Operation) -> Option<&AuthSpec> {
    match &operation.kind {
        OperationKind::InstallConnector { write, .. }
        | OperationKind::UpdateConnector { write, .. } => write.auth.as_ref(),
        OperationKind::CreateAccount { .. }
        | OperationKind::UpdateAccount { .. }
        | OperationKind::DeleteAccount
        | OperationKind::DeleteConnector { .. }
        | OperationKind::InstallTemplate { .. }
        | OperationKind::UpdateCycle { .. }
        | OperationKind::DeleteCycle { .. }
        | OperationKind::SetVariables { .. }
        | OperationKind::SetParameter { .. }
        | OperationKind::SetField { .. }
        | OperationKind::Deactivate { .. }
        | OperationKind::Activate { .. } => None,
    }
}
