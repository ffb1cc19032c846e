//! `Cycle`: a template as installed in an account, or an integration built there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Incident, Step, Transaction, Variable, is_default};

/// A cycle of an account (cyclr-api.md 2.8).
///
/// With a `TemplateId`, whatever is left out of name, tags, connectors, variables and steps is
/// taken from the template, as an install would.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "all but one are the vendor's own fields"
)]
pub struct Cycle {
    /// GUID; empty is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// Template it was made from.
    #[serde(default, skip_serializing_if = "is_default")]
    pub template_id: Option<String>,
    /// Nothing is left out: what is empty here is empty, and not taken from the template.
    #[serde(default, skip_serializing_if = "is_default")]
    pub complete: bool,
    /// Release of the template that it was made from; left out: the live one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub template_release: Option<u32>,
    /// Name; empty takes the template's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: String,
    /// Description.
    #[serde(default, skip_serializing_if = "is_default")]
    pub description: Option<String>,
    /// Whether it runs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub status: CycleStatus,
    /// Tags; left out takes the template's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tags: Option<Vec<String>>,
    /// When it was created; empty is the first of January 2026.
    #[serde(default, skip_serializing_if = "is_default")]
    pub created_on_utc: String,
    /// Which installed connectors it is bound to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub connectors: Vec<CycleConnector>,
    /// Variables.
    #[serde(default, skip_serializing_if = "is_default")]
    pub variables: Vec<Variable>,
    /// Steps in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub steps: Vec<Step>,
    /// Which step follows which; left out: the template's, or each follows the one before it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub edges: Option<Vec<Edge>>,
    /// Whether the customer may share it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub shareable: bool,
    /// What a failing step does: `Ignore`, `Retry`, ...
    #[serde(default, skip_serializing_if = "is_default")]
    pub step_error_action: Option<String>,
    /// Whether step data is logged.
    #[serde(default, skip_serializing_if = "is_default")]
    pub log_step_data_requests: bool,
    /// How collections are split: `All`, `None`, ...
    #[serde(default, skip_serializing_if = "is_default")]
    pub collection_split_type: Option<String>,
    /// Hours for which data of successful steps is kept.
    #[serde(default, skip_serializing_if = "is_default")]
    pub step_data_success_retention_hours: Option<i64>,
    /// Hours for which data of failed steps is kept.
    #[serde(default, skip_serializing_if = "is_default")]
    pub step_data_errored_retention_hours: Option<i64>,
    /// Minutes between runs, as last activated.
    #[serde(default, skip_serializing_if = "is_default")]
    pub interval: Option<u32>,
    /// First run, as last activated.
    #[serde(default, skip_serializing_if = "is_default")]
    pub start_time: Option<String>,
    /// It pauses itself after one run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub run_once: bool,
    /// When a `RunOnce` activation pauses itself, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pauses_at_milliseconds: Option<i64>,
    /// Last run that succeeded; left out: never.
    #[serde(default, skip_serializing_if = "is_default")]
    pub last_successful_run_date: Option<String>,
    /// Transactions under way; stopping with `finishQueuedTransactions` waits for them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub in_progress_transaction_count: u64,
    /// When a cycle that is being drained stops, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "is_default")]
    pub drained_at_milliseconds: Option<i64>,
    /// Steps that were run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tasks_used: u64,
    /// Errors besides those among the incidents.
    #[serde(default, skip_serializing_if = "is_default")]
    pub error_count: u64,
    /// Warnings besides those among the incidents.
    #[serde(default, skip_serializing_if = "is_default")]
    pub warning_count: u64,
    /// Errors and warnings, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub incidents: Vec<Incident>,
    /// Transactions, oldest first.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transactions: Vec<Transaction>,
}

/// One step of a cycle follows another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Edge {
    /// GUID; empty is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// The earlier step.
    pub from_step_id: String,
    /// The step that follows it.
    pub to_step_id: String,
}

/// Whether a cycle runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum CycleStatus {
    /// It does not run.
    #[default]
    Paused,
    /// It runs.
    Active,
    /// It was deleted and is still listed.
    DeleteScheduled,
}

/// Binds a connector of a cycle to an installed one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct CycleConnector {
    /// Name of the connector.
    pub name: String,
    /// Version of the connector.
    #[serde(default, skip_serializing_if = "is_default")]
    pub version: Option<String>,
    /// Installed connector that is used; the account's own or a parent account's; `0` is none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub account_connector_id: u64,
}
