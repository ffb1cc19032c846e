//! Calls of a plan on disk to operations.

use crate::address::AccountId;
use crate::desired::{MappingSpec, Retention};
use crate::file::plan_call::{
    AccountWriteV1, CallV1, ConnectorWriteV1, CycleV1, MarkWriteV1, RetentionV1, ScheduleV1,
};
use crate::file::plan_problem::PlanProblem;
use crate::file::plan_secret::References;
use crate::mark::AccountMark;
use crate::operation::{
    AccountWrite, ConnectorWrite, CycleTarget, MarkWrite, OperationKind, WantedBinding,
};
use crate::schedule::Schedule;

impl References<'_> {
    pub(super) fn call(self, call: &CallV1) -> Result<OperationKind, PlanProblem> {
        Ok(match call.clone() {
            CallV1::CreateAccount { write, parent } => OperationKind::CreateAccount {
                write: self.account(*write)?,
                parent: parent.map(AccountId::new),
            },
            CallV1::UpdateAccount { write } => OperationKind::UpdateAccount {
                write: self.account(*write)?,
            },
            CallV1::DeleteAccount {} => OperationKind::DeleteAccount,
            CallV1::InstallConnector {
                release_id,
                connector,
                version,
                write,
            } => OperationKind::InstallConnector {
                release_id,
                connector,
                version,
                write: self.connector(&write)?,
            },
            CallV1::UpdateConnector { id, write, rename } => OperationKind::UpdateConnector {
                id,
                write: self.connector(&write)?,
                rename,
            },
            CallV1::DeleteConnector { id } => OperationKind::DeleteConnector { id },
            CallV1::InstallTemplate {
                template_id,
                known_cycles,
                bindings,
            } => {
                let bindings = bindings.into_iter().map(|binding| WantedBinding {
                    connector: binding.connector,
                    allowed: binding.allowed,
                });
                OperationKind::InstallTemplate {
                    template_id,
                    known_cycles,
                    bindings: bindings.collect(),
                }
            }
            CallV1::UpdateCycle {
                cycle,
                name,
                marks,
                tags,
            } => OperationKind::UpdateCycle {
                cycle: cycle.into(),
                name,
                marks,
                tags,
            },
            CallV1::DeleteCycle { id } => OperationKind::DeleteCycle { id },
            CallV1::SetVariables { cycle, values } => OperationKind::SetVariables {
                cycle: cycle.into(),
                values,
            },
            CallV1::SetParameter(target) => OperationKind::SetParameter {
                cycle: target.cycle.into(),
                step: target.step,
                parameter: target.name,
                ids: target.ids,
                mapping: MappingSpec {
                    mapping_type: target.mapping_type,
                    value: target.value,
                },
            },
            CallV1::SetField(target) => OperationKind::SetField {
                cycle: target.cycle.into(),
                step: target.step,
                field: target.name,
                ids: target.ids,
                mapping: MappingSpec {
                    mapping_type: target.mapping_type,
                    value: target.value,
                },
            },
            CallV1::Deactivate { id } => OperationKind::Deactivate { id },
            CallV1::Activate { cycle, schedule } => OperationKind::Activate {
                cycle: cycle.into(),
                schedule: match schedule {
                    ScheduleV1::Every { minutes, start } => Schedule::Every { minutes, start },
                    ScheduleV1::Once => Schedule::Once,
                },
            },
        })
    }

    fn account(self, write: AccountWriteV1) -> Result<AccountWrite, PlanProblem> {
        let AccountWriteV1 {
            name,
            description,
            timezone,
            audit_info,
            task_audit_info,
            next_bill_date_utc,
            step_data_success_retention_hours,
            step_data_errored_retention_hours,
            transaction_error_webhook_enabled,
            transaction_error_webhook_url,
            transaction_error_webhook_include_warnings,
        } = write;
        Ok(AccountWrite {
            name,
            description,
            timezone,
            audit_info: audit_info.map(|write| self.mark(write)).transpose()?,
            task_audit_info,
            next_bill_date_utc,
            step_data_success_retention_hours: step_data_success_retention_hours.map(Into::into),
            step_data_errored_retention_hours: step_data_errored_retention_hours.map(Into::into),
            transaction_error_webhook_enabled,
            transaction_error_webhook_url,
            transaction_error_webhook_include_warnings,
        })
    }

    fn mark(self, write: MarkWriteV1) -> Result<MarkWrite, PlanProblem> {
        let MarkWriteV1 { text, kept, made } = write;
        let kept = kept.map(|kept| match AccountMark::parse(&kept) {
            (text, Some(mark)) if text.is_empty() => Ok(mark),
            _ => Err(PlanProblem::Unknown("mark")),
        });
        let made = made.iter().map(|write| self.connector(write));
        Ok(MarkWrite {
            text,
            kept: kept.transpose()?,
            made: made.collect::<Result<_, _>>()?,
        })
    }

    fn connector(self, write: &ConnectorWriteV1) -> Result<ConnectorWrite, PlanProblem> {
        let auth = write.auth.as_ref().map(|auth| self.auth(auth));
        Ok(ConnectorWrite {
            name: write.name.clone(),
            description: write.description.clone(),
            method: write.method.clone(),
            authentication_id: write.authentication_id.clone(),
            auth: auth.transpose()?,
            properties: self.values(&write.properties)?,
            partner: write.partner,
        })
    }
}

impl From<CycleV1> for CycleTarget {
    fn from(cycle: CycleV1) -> Self {
        match cycle {
            CycleV1::Existing(id) => Self::Existing(id),
            CycleV1::Installed => Self::Installed,
        }
    }
}

impl From<RetentionV1> for Retention {
    fn from(retention: RetentionV1) -> Self {
        match retention {
            RetentionV1::ConsoleDefault => Self::ConsoleDefault,
            RetentionV1::Hours(hours) => Self::Hours(hours),
        }
    }
}
