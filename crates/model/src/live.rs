//! The live side: what was read of an instance, and what was not.

use crate::address::AccountId;
use crate::library::{LibraryConnector, LibraryTemplate};
use std::collections::BTreeMap;

/// A snapshot of an instance, as far as the manifest made it necessary to read.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// The declared accounts that exist. An account that is missing here does not exist.
    pub accounts: BTreeMap<AccountId, LiveAccount>,
    /// The connector library; `None` when it was not read.
    pub connectors: Option<Vec<LibraryConnector>>,
    /// The published templates; `None` when they were not read.
    pub templates: Option<Vec<LibraryTemplate>>,
    /// Accounts that could not be read, and why. Nothing is known of them, not even
    /// whether they exist: plan no operation for them, and say so; they must not count as missing.
    pub failed: BTreeMap<AccountId, String>,
    /// Accounts that nobody declares; only read for an instance that is `exclusive`.
    pub undeclared: BTreeMap<AccountId, LiveAccount>,
    /// Declared accounts that the instance knows by an id in other letters: by the declared id, the
    /// live one. They are the same account (cyclr-api.md 4, U23), and are in `accounts` too.
    pub spelled: BTreeMap<AccountId, AccountId>,
}

/// One account as it is.
#[derive(Clone, Debug, Default)]
pub struct LiveAccount {
    /// `Name`.
    pub name: String,
    /// `Description`.
    pub description: Option<String>,
    /// `Timezone`.
    pub timezone: Option<String>,
    /// `AuditInfo`, with Gangplank's mark if there is one.
    pub audit_info: Option<String>,
    /// `TaskAuditInfo`.
    pub task_audit_info: Option<String>,
    /// `NextBillDateUtc` as the vendor writes it.
    pub next_bill_date_utc: Option<String>,
    /// `StepDataSuccessRetentionHours`.
    pub step_data_success_retention_hours: Option<i64>,
    /// `StepDataErroredRetentionHours`.
    pub step_data_errored_retention_hours: Option<i64>,
    /// `TransactionErrorWebhookEnabled`.
    pub transaction_error_webhook_enabled: bool,
    /// `TransactionErrorWebhookUrl`.
    pub transaction_error_webhook_url: Option<String>,
    /// `TransactionErrorWebhookIncludeWarnings`.
    pub transaction_error_webhook_include_warnings: bool,
    /// Its sub-accounts; `None` when they were not read.
    pub sub_accounts: Option<Vec<AccountId>>,
    /// Its connectors; `None` when they were not read.
    pub connectors: Option<Vec<LiveConnector>>,
    /// Its cycles without deleted ones; `None` when they were not read.
    pub cycles: Option<Vec<LiveCycle>>,
}

/// One account connector as it is. Its `AuthValue` is never kept.
#[derive(Clone, Debug, Default)]
pub struct LiveConnector {
    /// The account connector's id.
    pub id: i64,
    /// Its own name.
    pub name: String,
    /// `Description`.
    pub description: Option<String>,
    /// The library connector's name.
    pub connector_name: String,
    /// The library connector's version.
    pub connector_version: Option<String>,
    /// The id of the connector release that it stands on.
    pub release_id: Option<i64>,
    /// `Authenticated`.
    pub authenticated: bool,
    /// `IsPartnerIntegrationConnector`.
    pub partner: bool,
    /// Its properties.
    pub properties: Vec<LiveProperty>,
}

/// One property as it is.
#[derive(Clone, Debug)]
pub struct LiveProperty {
    /// Its name.
    pub name: String,
    /// Its value; kept only when the manifest declares the property as plain text, since any other
    /// may be a secret.
    pub value: Option<String>,
}

/// The state of a cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CycleStatus {
    /// Not running: `Paused` or `Stopped`.
    #[default]
    Paused,
    /// Running.
    Active,
    /// A word that the dossier does not know.
    Other(String),
}

/// A connector that a cycle is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoundConnector {
    /// The library connector's name.
    pub name: String,
    /// The account connector that serves it.
    pub account_connector_id: Option<i64>,
    /// Whether that one is authenticated.
    pub authenticated: bool,
}

/// One cycle as it is.
#[derive(Clone, Debug, Default)]
pub struct LiveCycle {
    /// Its GUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its state.
    pub status: CycleStatus,
    /// The template it was installed from.
    pub template_id: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The connectors that it is bound to.
    pub connectors: Vec<BoundConnector>,
    /// Whether there is any sign that it ever ran: a successful run, tasks, errors or warnings.
    pub has_run: bool,
    /// Variables by `SystemName`; `None` when they were not read.
    pub variables: Option<BTreeMap<String, Option<String>>>,
    /// Its steps; `None` when they were not read.
    pub steps: Option<Vec<LiveStep>>,
}

/// One step of a cycle.
#[derive(Clone, Debug, Default)]
pub struct LiveStep {
    /// Its GUID.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its parameters; `None` when their values were not read.
    pub parameters: Option<Vec<LiveMapping>>,
    /// Its field mappings; `None` when their values were not read.
    pub fields: Option<Vec<LiveMapping>>,
}

/// One parameter or field and what it is mapped to.
#[derive(Clone, Debug, Default)]
pub struct LiveMapping {
    /// The id to write to.
    pub id: i64,
    /// The display name.
    pub name: String,
    /// The vendor's `MappingType`.
    pub mapping_type: Option<String>,
    /// The value.
    pub value: Option<String>,
    /// The allowed values; empty when free.
    pub values: Vec<String>,
}
