//! What running a cycle left behind: transactions and incidents.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::is_default;

/// An error or a warning of a transaction (cyclr-api.md 2.8, 5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Incident {
    /// GUID; empty is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// How bad it is.
    #[serde(default, skip_serializing_if = "is_default")]
    pub incident_level: IncidentLevel,
    /// When it happened; empty is the first of January 2026.
    #[serde(default, skip_serializing_if = "is_default")]
    pub timestamp: String,
    /// Step that it happened at.
    #[serde(default, skip_serializing_if = "is_default")]
    pub step_id: Option<String>,
    /// Transaction that it happened in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub transaction_id: Option<String>,
    /// What happened.
    #[serde(default, skip_serializing_if = "is_default")]
    pub message: String,
    /// More about it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub detail: Option<String>,
}

/// How bad an incident is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum IncidentLevel {
    /// The transaction failed.
    #[default]
    Error,
    /// The transaction went on.
    Warning,
}

/// One run of a cycle's steps.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Transaction {
    /// GUID; empty is made up.
    #[serde(default, skip_serializing_if = "is_default")]
    pub id: String,
    /// How it ended.
    #[serde(default, skip_serializing_if = "is_default")]
    pub status: TransactionStatus,
    /// When it began; empty is the first of January 2026.
    #[serde(default, skip_serializing_if = "is_default")]
    pub start_time: String,
    /// When it ended; left out while it runs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub end_time: Option<String>,
    /// Steps that were run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tasks_used: u64,
}

/// How a transaction ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TransactionStatus {
    /// All steps were run.
    #[default]
    Completed,
    /// It runs.
    InProgress,
    /// A step failed.
    Errored,
    /// It was stopped.
    Stopped,
}
