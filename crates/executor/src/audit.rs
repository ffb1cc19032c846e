//! The `AuditInfo` that is sent: the partner's text, then the marks.

use crate::lane::Context;
use crate::learned::Learned;
use gangplank_model::{AccountMark, ConnectorMark, MarkWrite, Operation, OperationKind};

/// The whole `AuditInfo` that an operation writes, if it writes one.
pub(crate) fn audit_info(
    operation: &Operation,
    learned: &Learned,
    context: &Context,
) -> Option<String> {
    match &operation.kind {
        OperationKind::CreateAccount { write, .. } | OperationKind::UpdateAccount { write } => {
            let mark = write.audit_info.as_ref()?;
            Some(render(mark, operation, learned, context))
        }
        OperationKind::DeleteAccount
        | OperationKind::InstallConnector { .. }
        | OperationKind::UpdateConnector { .. }
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

/// Joins the partner's text, the marks that are kept, and those made anew.
fn render(
    write: &MarkWrite,
    operation: &Operation,
    learned: &Learned,
    context: &Context,
) -> String {
    let mut mark = write.kept.clone().unwrap_or_default();
    let key = &context.mark_key;
    if !write.made.is_empty() || mark.connectors.is_empty() {
        rekey(&mut mark, key.id());
    }
    for connector in &write.made {
        let account = &operation.address.account;
        let made = key.connector_mark(account, connector, &context.secrets);
        match made {
            Some(made) => {
                // What is only remembered by another name is as it was.
                let held = mark.connectors.get(&connector.name);
                let unconfirmed = learned.unconfirmed.contains(&connector.name)
                    || held.is_some_and(|held| held.unconfirmed);
                mark.connectors.insert(
                    connector.name.clone(),
                    ConnectorMark {
                        unconfirmed,
                        ..made
                    },
                );
            }
            None => {
                mark.connectors.remove(&connector.name);
            }
        }
    }
    mark.render(&write.text)
}

/// Fingerprints of another key would only look as if the secrets had changed: they go.
fn rekey(mark: &mut AccountMark, key: String) {
    if mark.key != key {
        for connector in mark.connectors.values_mut() {
            connector.auth = None;
            connector.properties.clear();
        }
        mark.key = key;
    }
}
