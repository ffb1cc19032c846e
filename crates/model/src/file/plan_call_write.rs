//! Operations to calls of a plan on disk.

use crate::desired::{MappingSpec, Retention};
use crate::file::plan_call::{
    AccountWriteV1, BindingV1, CallV1, ConnectorWriteV1, CycleV1, MarkWriteV1, RetentionV1,
    ScheduleV1, TargetV1,
};
use crate::operation::{
    AccountWrite, ConnectorWrite, CycleTarget, MarkWrite, OperationKind, WantedBinding,
};
use crate::schedule::Schedule;

impl From<&OperationKind> for CallV1 {
    fn from(kind: &OperationKind) -> Self {
        match kind {
            OperationKind::CreateAccount { write, parent } => Self::CreateAccount {
                write: Box::new(write.into()),
                parent: parent.as_ref().map(ToString::to_string),
            },
            OperationKind::UpdateAccount { write } => Self::UpdateAccount {
                write: Box::new(write.into()),
            },
            OperationKind::DeleteAccount => Self::DeleteAccount {},
            OperationKind::InstallConnector {
                release_id,
                connector,
                version,
                write,
            } => Self::InstallConnector {
                release_id: *release_id,
                connector: connector.clone(),
                version: version.clone(),
                write: Box::new(write.into()),
            },
            OperationKind::UpdateConnector { id, write, rename } => Self::UpdateConnector {
                id: *id,
                write: Box::new(write.into()),
                rename: rename.clone(),
            },
            OperationKind::DeleteConnector { id } => Self::DeleteConnector { id: *id },
            OperationKind::InstallTemplate {
                template_id,
                known_cycles,
                bindings,
            } => Self::InstallTemplate {
                template_id: template_id.clone(),
                known_cycles: known_cycles.clone(),
                bindings: bindings.iter().map(BindingV1::from).collect(),
            },
            OperationKind::UpdateCycle {
                cycle,
                name,
                marks,
                tags,
            } => Self::UpdateCycle {
                cycle: cycle.into(),
                name: name.clone(),
                marks: marks.clone(),
                tags: tags.clone(),
            },
            OperationKind::DeleteCycle { id } => Self::DeleteCycle { id: id.clone() },
            OperationKind::SetVariables { cycle, values } => Self::SetVariables {
                cycle: cycle.into(),
                values: values.clone(),
            },
            OperationKind::SetParameter {
                cycle,
                step,
                parameter,
                ids,
                mapping,
            } => Self::SetParameter(target((cycle, ids), (step, parameter), mapping)),
            OperationKind::SetField {
                cycle,
                step,
                field,
                ids,
                mapping,
            } => Self::SetField(target((cycle, ids), (step, field), mapping)),
            OperationKind::Deactivate { id } => Self::Deactivate { id: id.clone() },
            OperationKind::Activate { cycle, schedule } => Self::Activate {
                cycle: cycle.into(),
                schedule: schedule.into(),
            },
        }
    }
}

fn target(
    (cycle, ids): (&CycleTarget, &Option<(String, i64)>),
    (step, name): (&str, &str),
    mapping: &MappingSpec,
) -> TargetV1 {
    TargetV1 {
        cycle: cycle.into(),
        step: step.to_owned(),
        name: name.to_owned(),
        ids: ids.clone(),
        mapping_type: mapping.mapping_type.clone(),
        value: mapping.value.clone(),
    }
}

impl From<&AccountWrite> for AccountWriteV1 {
    fn from(write: &AccountWrite) -> Self {
        let AccountWrite {
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
        } = write.clone();
        Self {
            name,
            description,
            timezone,
            audit_info: audit_info.as_ref().map(Into::into),
            task_audit_info,
            next_bill_date_utc,
            step_data_success_retention_hours: step_data_success_retention_hours.map(Into::into),
            step_data_errored_retention_hours: step_data_errored_retention_hours.map(Into::into),
            transaction_error_webhook_enabled,
            transaction_error_webhook_url,
            transaction_error_webhook_include_warnings,
        }
    }
}

impl From<&MarkWrite> for MarkWriteV1 {
    fn from(write: &MarkWrite) -> Self {
        let MarkWrite { text, kept, made } = write;
        Self {
            text: text.clone(),
            kept: kept.as_ref().map(|mark| mark.render("")),
            made: made.iter().map(Into::into).collect(),
        }
    }
}

impl From<&ConnectorWrite> for ConnectorWriteV1 {
    fn from(write: &ConnectorWrite) -> Self {
        let ConnectorWrite {
            name,
            description,
            method,
            authentication_id,
            auth,
            properties,
            partner,
        } = write;
        let properties = properties.iter();
        Self {
            name: name.clone(),
            description: description.clone(),
            method: method.clone(),
            authentication_id: authentication_id.clone(),
            auth: auth.as_ref().map(Into::into),
            properties: properties
                .map(|(name, value)| (name.clone(), value.into()))
                .collect(),
            partner: *partner,
        }
    }
}

impl From<Retention> for RetentionV1 {
    fn from(retention: Retention) -> Self {
        match retention {
            Retention::ConsoleDefault => Self::ConsoleDefault,
            Retention::Hours(hours) => Self::Hours(hours),
        }
    }
}

impl From<&WantedBinding> for BindingV1 {
    fn from(binding: &WantedBinding) -> Self {
        Self {
            connector: binding.connector.clone(),
            allowed: binding.allowed.clone(),
        }
    }
}

impl From<&CycleTarget> for CycleV1 {
    fn from(cycle: &CycleTarget) -> Self {
        match cycle {
            CycleTarget::Existing(id) => Self::Existing(id.clone()),
            CycleTarget::Installed => Self::Installed,
        }
    }
}

impl From<&Schedule> for ScheduleV1 {
    fn from(schedule: &Schedule) -> Self {
        match schedule {
            Schedule::Every { minutes, start } => Self::Every {
                minutes: *minutes,
                start: start.clone(),
            },
            Schedule::Once => Self::Once,
        }
    }
}
