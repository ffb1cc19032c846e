//! Calls with everything that they send, as a plan on disk says them.

use crate::file::plan_secret::{AuthV1, ValueV1};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a call sends; values of secrets are read when it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallV1 {
    /// An account is made.
    CreateAccount {
        /// Its fields.
        write: Box<AccountWriteV1>,
        /// The parent of a sub-account.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<String>,
    },
    /// An account is changed.
    UpdateAccount {
        /// The fields that change.
        write: Box<AccountWriteV1>,
    },
    /// An account is removed.
    DeleteAccount {},
    /// A connector is installed.
    InstallConnector {
        /// The id of the release.
        release_id: i64,
        /// The library connector's name.
        connector: String,
        /// Its version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<String>,
        /// What is sent.
        write: Box<ConnectorWriteV1>,
    },
    /// A connector is changed.
    UpdateConnector {
        /// The account connector's id.
        id: i64,
        /// What is sent; its name is that of the entry, and is not sent.
        write: Box<ConnectorWriteV1>,
        /// Its new name, if it gets one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rename: Option<String>,
    },
    /// A connector is removed.
    DeleteConnector {
        /// The account connector's id.
        id: i64,
    },
    /// A template is installed.
    InstallTemplate {
        /// The template's GUID.
        template_id: String,
        /// Cycles of the template that are there already.
        known_cycles: Vec<String>,
        /// What the new cycle has to be bound to.
        bindings: Vec<BindingV1>,
    },
    /// A cycle is named or marked.
    UpdateCycle {
        /// Which cycle.
        cycle: CycleV1,
        /// Its new name, if it gets one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// Tags of Gangplank's that it gets.
        marks: Vec<String>,
        /// All tags, where they are known already.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tags: Option<Vec<String>>,
    },
    /// A cycle is removed.
    DeleteCycle {
        /// The cycle's GUID.
        id: String,
    },
    /// Variables are set.
    SetVariables {
        /// Which cycle.
        cycle: CycleV1,
        /// Values by name.
        values: BTreeMap<String, String>,
    },
    /// A parameter is set.
    SetParameter(TargetV1),
    /// A field is mapped.
    SetField(TargetV1),
    /// A cycle is stopped.
    Deactivate {
        /// The cycle's GUID.
        id: String,
    },
    /// A cycle is started.
    Activate {
        /// Which cycle.
        cycle: CycleV1,
        /// When it runs.
        schedule: ScheduleV1,
    },
}

/// The fields of an account that are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccountWriteV1 {
    /// `Name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `Description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `Timezone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    /// `AuditInfo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_info: Option<MarkWriteV1>,
    /// `TaskAuditInfo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_audit_info: Option<String>,
    /// `NextBillDateUtc`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_bill_date_utc: Option<String>,
    /// `StepDataSuccessRetentionHours`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_data_success_retention_hours: Option<RetentionV1>,
    /// `StepDataErroredRetentionHours`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_data_errored_retention_hours: Option<RetentionV1>,
    /// `TransactionErrorWebhookEnabled`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_error_webhook_enabled: Option<bool>,
    /// `TransactionErrorWebhookUrl`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_error_webhook_url: Option<String>,
    /// `TransactionErrorWebhookIncludeWarnings`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction_error_webhook_include_warnings: Option<bool>,
}

/// What an `AuditInfo` is to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MarkWriteV1 {
    /// The partner's text.
    pub text: String,
    /// The mark that stays, as it stands behind the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// Connectors whose fingerprints are made when it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<ConnectorWriteV1>,
}

/// How long step data is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RetentionV1 {
    /// As the console says.
    ConsoleDefault,
    /// So many hours.
    Hours(u32),
}

/// What is sent of a connector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ConnectorWriteV1 {
    /// Its own name.
    pub name: String,
    /// `Description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The authentication method's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// The authentication method's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authentication_id: Option<String>,
    /// The credential.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthV1>,
    /// Properties by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, ValueV1>,
    /// The partner flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<bool>,
}

/// What a template's connector has to be bound to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BindingV1 {
    /// The library connector's name.
    pub connector: String,
    /// The account connectors of which any is right, by their own names.
    pub allowed: Vec<String>,
}

/// A cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CycleV1 {
    /// One that exists, by its GUID.
    Existing(String),
    /// The one that this object's own install makes.
    Installed,
}

/// A parameter or a field, and what it is mapped to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct TargetV1 {
    /// Which cycle.
    pub cycle: CycleV1,
    /// The step's name.
    pub step: String,
    /// The name of the parameter or field.
    pub name: String,
    /// The step's GUID and the id, where the cycle exists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<(String, i64)>,
    /// The vendor's word for how it is mapped.
    pub mapping_type: String,
    /// The value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// When a cycle runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleV1 {
    /// Again and again.
    Every {
        /// Minutes between runs.
        minutes: u32,
        /// The first run, ISO 8601 in UTC.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        start: Option<String>,
    },
    /// Once.
    Once,
}
