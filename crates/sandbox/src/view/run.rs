//! Incidents and transactions as responses show them.

use serde::Serialize;

use crate::world::{Account, Cycle, Incident, IncidentLevel, Transaction, TransactionStatus};

/// An incident, with the names of the vendor's webhook for errors (cyclr-api.md 5).
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct IncidentView<'a> {
    /// GUID of the incident.
    id: &'a str,
    /// When it happened.
    timestamp: &'a str,
    /// API id of the account.
    account_id: &'a str,
    /// Name of the account.
    account_name: &'a str,
    /// GUID of the cycle.
    cycle_id: &'a str,
    /// Name of the cycle.
    cycle_name: &'a str,
    /// GUID of the step that it happened at.
    step_id: Option<&'a str>,
    /// Name of that step.
    step_name: Option<&'a str>,
    /// Type of that step.
    step_type: Option<&'a str>,
    /// GUID of the transaction.
    transaction_id: Option<&'a str>,
    /// What happened.
    message: &'a str,
    /// More about it.
    detail: Option<&'a str>,
    /// How bad it is.
    incident_level: IncidentLevel,
}

impl<'a> IncidentView<'a> {
    pub(crate) fn new(account: &'a Account, cycle: &'a Cycle, incident: &'a Incident) -> Self {
        let step_id = incident.step_id.as_deref();
        let step = cycle
            .steps
            .iter()
            .find(|one| step_id.is_some_and(|id| one.id.eq_ignore_ascii_case(id)));
        Self {
            id: &incident.id,
            timestamp: &incident.timestamp,
            account_id: &account.id,
            account_name: &account.name,
            cycle_id: &cycle.id,
            cycle_name: &cycle.name,
            step_id,
            step_name: step.map(|one| one.name.as_str()),
            step_type: step.map(|one| one.action_type.as_str()),
            transaction_id: incident.transaction_id.as_deref(),
            message: &incident.message,
            detail: incident.detail.as_deref(),
            incident_level: incident.incident_level,
        }
    }
}

/// A transaction: one run of a cycle's steps.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct TransactionView<'a> {
    /// GUID of the transaction.
    id: &'a str,
    /// GUID of the cycle.
    cycle_id: &'a str,
    /// Name of the cycle.
    cycle_name: &'a str,
    /// How it ended.
    status: TransactionStatus,
    /// When it began.
    start_time: &'a str,
    /// When it ended, or null.
    end_time: Option<&'a str>,
    /// Steps that were run.
    tasks_used: u64,
}

impl<'a> TransactionView<'a> {
    pub(crate) fn new(cycle: &'a Cycle, transaction: &'a Transaction) -> Self {
        Self {
            id: &transaction.id,
            cycle_id: &cycle.id,
            cycle_name: &cycle.name,
            status: transaction.status,
            start_time: &transaction.start_time,
            end_time: transaction.end_time.as_deref(),
            tasks_used: transaction.tasks_used,
        }
    }
}
