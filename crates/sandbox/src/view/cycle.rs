//! A cycle, its variables and its steps as responses show them.

use schemars::JsonSchema;
use serde::Serialize;

use super::mapping::TargetView;
use crate::date;
use crate::state::Instance;
use crate::variant::Switch;
use crate::world::{Account, ConnectorReference, Cycle, CycleStatus, Step, Variable};

/// A cycle (cyclr-api.md 2.8).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CycleView<'a> {
    id: &'a str,
    created_on_utc: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    status: CycleStatus,
    template_id: Option<&'a str>,
    tags: &'a [String],
    tasks_used: u64,
    error_count: u64,
    warning_count: u64,
    connectors: Vec<CycleConnectorView<'a>>,
    last_successful_run_date: &'a str,
    in_progress_transaction_count: u64,
    shareable: bool,
    step_error_action: &'a str,
    log_step_data_requests: bool,
    collection_split_type: &'a str,
    step_data_success_retention_hours: Option<i64>,
    step_data_errored_retention_hours: Option<i64>,
    #[serde(flatten)]
    schedule: Option<ScheduleView<'a>>,
}

/// The schedule, which no vendor source shows on a cycle (U5).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ScheduleView<'a> {
    interval: Option<u32>,
    start_time: Option<&'a str>,
    run_once: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct CycleConnectorView<'a> {
    id: Option<u64>,
    account_connector_id: u64,
    name: &'a str,
    version: Option<&'a str>,
    authenticated: bool,
    step_count: usize,
    icon: Option<&'a str>,
}

impl<'a> CycleView<'a> {
    pub(crate) fn new(
        instance: &'a Instance,
        account: &'a Account,
        cycle: &'a Cycle,
        icons: bool,
    ) -> Self {
        let connectors = cycle.connectors.iter().map(|one| {
            let reference = ConnectorReference {
                name: one.name.clone(),
                version: one.version.clone(),
                custom_id: None,
            };
            let found = instance
                .library
                .find(&reference)
                .map(|entry| &entry.connector);
            let installed = account.connector(one.account_connector_id);
            CycleConnectorView {
                id: found.map(|connector| connector.id),
                account_connector_id: one.account_connector_id,
                name: &one.name,
                version: found.map_or(one.version.as_deref(), |found| found.version.as_deref()),
                authenticated: installed.is_some_and(|one| one.authenticated == Some(true)),
                step_count: cycle
                    .steps
                    .iter()
                    .filter(|step| step.connector == one.name)
                    .count(),
                icon: found
                    .filter(|_| icons)
                    .and_then(|connector| connector.icon.as_deref()),
            }
        });
        let shown = match instance.variants.position(Switch::U5) {
            "present" => true,
            "active" => cycle.status == CycleStatus::Active,
            _ => false,
        };
        Self {
            id: &cycle.id,
            created_on_utc: &cycle.created_on_utc,
            name: &cycle.name,
            description: cycle.description.as_deref(),
            status: cycle.status,
            template_id: cycle.template_id.as_deref(),
            tags: cycle.tags.as_deref().unwrap_or_default(),
            tasks_used: 0,
            error_count: 0,
            warning_count: 0,
            connectors: connectors.collect(),
            last_successful_run_date: cycle
                .last_successful_run_date
                .as_deref()
                .unwrap_or(date::NEVER),
            in_progress_transaction_count: 0,
            shareable: cycle.shareable,
            step_error_action: cycle.step_error_action.as_deref().unwrap_or("Ignore"),
            log_step_data_requests: cycle.log_step_data_requests,
            collection_split_type: cycle.collection_split_type.as_deref().unwrap_or("All"),
            step_data_success_retention_hours: cycle.step_data_success_retention_hours,
            step_data_errored_retention_hours: cycle.step_data_errored_retention_hours,
            schedule: shown.then_some(ScheduleView {
                interval: cycle.interval,
                start_time: cycle.start_time.as_deref(),
                run_once: cycle.run_once,
            }),
        }
    }
}

/// A variable of a cycle (cyclr-api.md 2.8).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VariableView<'a> {
    display_name: &'a str,
    system_name: &'a str,
    value: Option<&'a str>,
    mapping_type: Option<&'a str>,
}

impl<'a> VariableView<'a> {
    pub(crate) fn new(variable: &'a Variable) -> Self {
        Self {
            display_name: &variable.display_name,
            system_name: &variable.system_name,
            value: variable.value.as_deref(),
            mapping_type: variable.mapping_type.as_deref(),
        }
    }
}

/// A step of a cycle (cyclr-api.md 2.8).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StepView<'a> {
    id: &'a str,
    cycle_id: &'a str,
    name: &'a str,
    description: &'a str,
    action_type: &'a str,
    account_connector: Option<StepConnectorView<'a>>,
    method: Option<StepMethodView<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct StepConnectorView<'a> {
    id: u64,
    name: &'a str,
    description: Option<&'a str>,
    authenticated: bool,
    is_partner_integration_connector: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct StepMethodView<'a> {
    id: Option<u64>,
    name: &'a str,
    category: &'a str,
    method_unique_identifier: &'a str,
    parameters: Vec<TargetView<'a>>,
    request_fields: Vec<TargetView<'a>>,
}

impl<'a> StepView<'a> {
    pub(crate) fn new(
        instance: &'a Instance,
        account: &'a Account,
        cycle: &'a Cycle,
        step: &'a Step,
    ) -> Self {
        let binding = cycle
            .connectors
            .iter()
            .find(|one| one.name == step.connector);
        let installed = binding.and_then(|one| account.connector(one.account_connector_id));
        let method = binding.and_then(|one| {
            let reference = ConnectorReference {
                name: one.name.clone(),
                version: one.version.clone(),
                custom_id: None,
            };
            let entry = instance.library.find(&reference)?;
            entry
                .connector
                .methods
                .iter()
                .find(|method| method.name == step.method)
        });
        let has_method =
            !step.method.is_empty() || !step.parameters.is_empty() || !step.fields.is_empty();
        Self {
            id: &step.id,
            cycle_id: &cycle.id,
            name: &step.name,
            description: &step.description,
            action_type: &step.action_type,
            account_connector: installed.map(|installed| StepConnectorView {
                id: installed.id,
                name: &installed.name,
                description: installed.description.as_deref(),
                authenticated: installed.authenticated == Some(true),
                is_partner_integration_connector: installed.is_partner_integration_connector,
            }),
            method: has_method.then(|| StepMethodView {
                id: method.map(|method| method.id),
                name: &step.method,
                category: method.map_or("", |method| &method.category),
                method_unique_identifier: method
                    .map_or("", |method| &method.method_unique_identifier),
                parameters: step.parameters.iter().map(TargetView::new).collect(),
                request_fields: step.fields.iter().map(TargetView::new).collect(),
            }),
        }
    }
}
