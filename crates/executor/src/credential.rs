//! The credential that an operation sends, if any.

use gangplank_model::{AuthSpec, Operation, OperationKind};

/// Whether an operation sends a credential that the instance may confirm.
pub(crate) fn sends_value(operation: &Operation) -> bool {
    auth_of(operation).is_some_and(AuthSpec::sends_value)
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
