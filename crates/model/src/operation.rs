//! Operations: the ordered calls of a plan. One operation is exactly one writing request.

use crate::address::{AccountId, Address};
use crate::desired::{AuthSpec, MappingSpec, Retention};
use crate::mark::AccountMark;
use crate::schedule::Schedule;
use crate::secret::Value;
use std::collections::BTreeMap;

/// Whether a call may simply be sent again when its outcome is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryClass {
    /// Sending it twice has the effect of sending it once.
    Idempotent,
    /// The instance must be read before it may be sent again.
    ResolveFirst,
}

impl RetryClass {
    /// The stable word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Idempotent => "idempotent",
            Self::ResolveFirst => "resolve-first",
        }
    }
}

/// The account fields of one POST or PUT; `None` is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountWrite {
    /// `Name`.
    pub name: Option<String>,
    /// `Description`.
    pub description: Option<String>,
    /// `Timezone`.
    pub timezone: Option<String>,
    /// `AuditInfo`: the partner's text and our mark, joined when sent.
    pub audit_info: Option<MarkWrite>,
    /// `TaskAuditInfo`.
    pub task_audit_info: Option<String>,
    /// `NextBillDateUtc`.
    pub next_bill_date_utc: Option<String>,
    /// `StepDataSuccessRetentionHours`.
    pub step_data_success_retention_hours: Option<Retention>,
    /// `StepDataErroredRetentionHours`.
    pub step_data_errored_retention_hours: Option<Retention>,
    /// `TransactionErrorWebhookEnabled`.
    pub transaction_error_webhook_enabled: Option<bool>,
    /// `TransactionErrorWebhookUrl`. Always given when `enabled` is true: the vendor asks for it
    /// even where one is stored (cyclr-api.md 2.1).
    pub transaction_error_webhook_url: Option<String>,
    /// `TransactionErrorWebhookIncludeWarnings`.
    pub transaction_error_webhook_include_warnings: Option<bool>,
}

/// What an `AuditInfo` is to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkWrite {
    /// The partner's text, kept to the byte.
    pub text: String,
    /// Marks of connectors that this apply does not touch, and the key they were made with.
    pub kept: Option<AccountMark>,
    /// Connectors whose mark is made anew, from the secrets' values, when the call is sent.
    pub made: Vec<ConnectorWrite>,
}

/// The writable side of one account connector; `None` is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectorWrite {
    /// The installed connector's own name; always sent on install.
    pub name: String,
    /// `Description`.
    pub description: Option<String>,
    /// The name of the authentication method, for the mark.
    pub method: Option<String>,
    /// `AuthenticationId`, looked up for this run.
    pub authentication_id: Option<String>,
    /// The credential; its properties are already in `properties`.
    pub auth: Option<AuthSpec>,
    /// Properties to write by name.
    pub properties: BTreeMap<String, Value>,
    /// `IsPartnerIntegrationConnector`.
    pub partner: Option<bool>,
}

/// A cycle that an operation works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CycleTarget {
    /// A cycle that exists.
    Existing(String),
    /// The cycle that this lane's own install makes.
    Installed,
}

/// What a template's connector must be bound to after the install.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedBinding {
    /// The library connector's name.
    pub connector: String,
    /// The declared account connectors that may serve it, by their own names; any of them is right.
    pub allowed: Vec<String>,
}

/// What one operation does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// `POST /accounts`.
    CreateAccount {
        /// The fields; `name` is always given.
        write: AccountWrite,
        /// The parent of a sub-account.
        parent: Option<AccountId>,
    },
    /// `PUT /accounts/{id}`.
    UpdateAccount {
        /// The fields that change.
        write: AccountWrite,
    },
    /// `DELETE /accounts/{id}`.
    DeleteAccount,
    /// `POST /connectors/{id}/install`.
    InstallConnector {
        /// The release's id, looked up for this run.
        release_id: i64,
        /// The library connector's name, to verify the answer and a read-back.
        connector: String,
        /// Its version.
        version: Option<String>,
        /// What to send.
        write: ConnectorWrite,
    },
    /// `PUT /account/connectors/{id}`.
    UpdateConnector {
        /// The account connector's id.
        id: i64,
        /// What to send; its name is that of the entry, and is not sent.
        write: ConnectorWrite,
        /// The new name of its own, if it gets one.
        rename: Option<String>,
    },
    /// `DELETE /account/connectors/{id}`.
    DeleteConnector {
        /// The account connector's id.
        id: i64,
    },
    /// `POST /templates/{id}/install`.
    InstallTemplate {
        /// The template's GUID on this console.
        template_id: String,
        /// Cycles of this template that were there before: a new one is none of these.
        known_cycles: Vec<String>,
        /// What the new cycle must be bound to.
        bindings: Vec<WantedBinding>,
    },
    /// `PUT /cycles/{id}`: name and tags.
    UpdateCycle {
        /// Which cycle.
        cycle: CycleTarget,
        /// The new name, if it changes.
        name: Option<String>,
        /// Tags of ours that the cycle must have; the others of ours go, foreign tags stay.
        marks: Vec<String>,
        /// All tags to send, when they are known already; for a new cycle they are the tags that it
        /// came with, and `marks`.
        tags: Option<Vec<String>>,
    },
    /// `DELETE /cycles/{id}`.
    DeleteCycle {
        /// The cycle's GUID.
        id: String,
    },
    /// `PATCH /cycles/{id}/variables`.
    SetVariables {
        /// Which cycle.
        cycle: CycleTarget,
        /// Values by `SystemName`.
        values: BTreeMap<String, String>,
    },
    /// `PUT /steps/{id}/parameters/{parameterId}`.
    SetParameter {
        /// Which cycle.
        cycle: CycleTarget,
        /// The step's name.
        step: String,
        /// The parameter's name.
        parameter: String,
        /// Step GUID and parameter id, when the cycle exists; else looked up by name once the
        /// template is installed.
        ids: Option<(String, i64)>,
        /// What to set.
        mapping: MappingSpec,
    },
    /// `PUT /steps/{id}/fieldmappings/{fieldId}`.
    SetField {
        /// Which cycle.
        cycle: CycleTarget,
        /// The step's name.
        step: String,
        /// The field's name.
        field: String,
        /// Step GUID and field id, when the cycle exists.
        ids: Option<(String, i64)>,
        /// What to set.
        mapping: MappingSpec,
    },
    /// `PUT /cycles/{id}/deactivate`.
    Deactivate {
        /// The cycle's GUID.
        id: String,
    },
    /// `PUT /cycles/{id}/activate`.
    Activate {
        /// Which cycle.
        cycle: CycleTarget,
        /// The schedule.
        schedule: Schedule,
    },
}

impl OperationKind {
    /// Whether it works on a cycle that its lane installs.
    pub fn is_on_installed(&self) -> bool {
        match self {
            Self::UpdateCycle { cycle, .. }
            | Self::SetVariables { cycle, .. }
            | Self::SetParameter { cycle, .. }
            | Self::SetField { cycle, .. }
            | Self::Activate { cycle, .. } => *cycle == CycleTarget::Installed,
            Self::CreateAccount { .. }
            | Self::UpdateAccount { .. }
            | Self::DeleteAccount
            | Self::InstallConnector { .. }
            | Self::UpdateConnector { .. }
            | Self::DeleteConnector { .. }
            | Self::InstallTemplate { .. }
            | Self::DeleteCycle { .. }
            | Self::Deactivate { .. } => false,
        }
    }

    /// Whether it gives an account connector another name of its own.
    pub fn is_rename(&self) -> bool {
        let Self::UpdateConnector { rename, .. } = self else {
            return false;
        };
        rename.is_some()
    }
}

/// One ordered call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The object that it serves.
    pub address: Address,
    /// What it does.
    pub kind: OperationKind,
    /// Indices of earlier operations of the same lane that it needs.
    pub depends_on: Vec<usize>,
}

impl Operation {
    /// The request's method and route pattern, as in cyclr-api.md 2.0.
    pub fn route(&self) -> &'static str {
        match &self.kind {
            OperationKind::CreateAccount { .. } => "POST /accounts",
            OperationKind::UpdateAccount { .. } => "PUT /accounts/{id}",
            OperationKind::DeleteAccount => "DELETE /accounts/{id}",
            OperationKind::InstallConnector { .. } => "POST /connectors/{id}/install",
            OperationKind::UpdateConnector { .. } => "PUT /account/connectors/{id}",
            OperationKind::DeleteConnector { .. } => "DELETE /account/connectors/{id}",
            OperationKind::InstallTemplate { .. } => "POST /templates/{id}/install",
            OperationKind::UpdateCycle { .. } => "PUT /cycles/{id}",
            OperationKind::DeleteCycle { .. } => "DELETE /cycles/{id}",
            OperationKind::SetVariables { .. } => "PATCH /cycles/{id}/variables",
            OperationKind::SetParameter { .. } => "PUT /steps/{id}/parameters/{parameterId}",
            OperationKind::SetField { .. } => "PUT /steps/{id}/fieldmappings/{fieldId}",
            OperationKind::Deactivate { .. } => "PUT /cycles/{id}/deactivate",
            OperationKind::Activate { .. } => "PUT /cycles/{id}/activate",
        }
    }

    /// A few words on what it does, in the imperative: `install connector`, `set parameter
    /// "List ID" of step "Add Member"`.
    pub fn verb(&self) -> String {
        match &self.kind {
            OperationKind::CreateAccount { .. } => "create account".into(),
            OperationKind::UpdateAccount { write } => {
                let only_mark = AccountWrite {
                    audit_info: None,
                    ..write.clone()
                };
                let what = if only_mark == AccountWrite::default() {
                    "mark"
                } else {
                    "update"
                };
                format!("{what} account")
            }
            OperationKind::DeleteAccount => "delete account".into(),
            OperationKind::InstallConnector { connector, .. } => format!("install {connector}"),
            OperationKind::UpdateConnector {
                rename: Some(name), ..
            } => format!("rename connector to {name:?}"),
            OperationKind::UpdateConnector { rename: None, .. } => "update connector".into(),
            OperationKind::DeleteConnector { .. } => "delete connector".into(),
            OperationKind::InstallTemplate { .. } => "install template".into(),
            OperationKind::UpdateCycle { name: Some(_), .. } => "name and mark cycle".into(),
            OperationKind::UpdateCycle { name: None, .. } => "mark cycle".into(),
            OperationKind::DeleteCycle { .. } => "delete cycle".into(),
            OperationKind::SetVariables { .. } => "set variables".into(),
            OperationKind::SetParameter {
                step, parameter, ..
            } => {
                format!("set parameter {parameter:?} of step {step:?}")
            }
            OperationKind::SetField { step, field, .. } => {
                format!("map field {field:?} of step {step:?}")
            }
            OperationKind::Deactivate { .. } => "stop cycle".into(),
            OperationKind::Activate { .. } => "activate cycle".into(),
        }
    }

    /// Whether it may be sent again without looking.
    pub fn retry_class(&self) -> RetryClass {
        match &self.kind {
            OperationKind::CreateAccount { .. }
            | OperationKind::InstallConnector { .. }
            | OperationKind::InstallTemplate { .. }
            | OperationKind::Activate {
                schedule: Schedule::Once,
                ..
            } => RetryClass::ResolveFirst,
            OperationKind::UpdateAccount { .. }
            | OperationKind::DeleteAccount
            | OperationKind::UpdateConnector { .. }
            | OperationKind::DeleteConnector { .. }
            | OperationKind::UpdateCycle { .. }
            | OperationKind::DeleteCycle { .. }
            | OperationKind::SetVariables { .. }
            | OperationKind::SetParameter { .. }
            | OperationKind::SetField { .. }
            | OperationKind::Deactivate { .. }
            | OperationKind::Activate {
                schedule: Schedule::Every { .. },
                ..
            } => RetryClass::Idempotent,
        }
    }
}
