//! A cycle and its variables as responses show them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::date;
use crate::state::{Instance, binding};
use crate::variant::Switch;
use crate::world::{
    Account, ConnectorReference, Cycle, CycleStatus, IncidentLevel, TransactionStatus, Variable,
};

/// A cycle (cyclr-api.md 2.8).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct CycleView<'a> {
    id: &'a str,
    created_on_utc: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    status: &'static str,
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
        let connectors = cycle.connectors.iter().enumerate().map(|(index, one)| {
            let reference = ConnectorReference {
                name: one.name.clone(),
                version: one.version.clone(),
                custom_id: None,
            };
            let found = instance
                .library
                .find(&reference)
                .map(|entry| &entry.connector);
            let installed = instance.usable(account, one.account_connector_id);
            CycleConnectorView {
                id: found.map(|connector| connector.id),
                account_connector_id: one.account_connector_id,
                name: &one.name,
                version: found.map_or(one.version.as_deref(), |found| found.version.as_deref()),
                authenticated: installed.is_some_and(|one| one.authenticated == Some(true)),
                step_count: cycle
                    .steps
                    .iter()
                    .filter(|step| binding::position(cycle, step) == Some(index))
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
            status: status(instance, cycle),
            template_id: cycle.template_id.as_deref(),
            tags: cycle.tags.as_deref().unwrap_or_default(),
            tasks_used: cycle.tasks_used,
            error_count: count(cycle, IncidentLevel::Error, cycle.error_count),
            warning_count: count(cycle, IncidentLevel::Warning, cycle.warning_count),
            connectors: connectors.collect(),
            last_successful_run_date: cycle
                .last_successful_run_date
                .as_deref()
                .unwrap_or(date::NEVER),
            in_progress_transaction_count: cycle.in_progress(),
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

/// The status that is shown: a cycle that drains runs on, and what is said of it is U24.
fn status(instance: &Instance, cycle: &Cycle) -> &'static str {
    match cycle.status {
        CycleStatus::Paused => "Paused",
        CycleStatus::DeleteScheduled => "DeleteScheduled",
        CycleStatus::Active if cycle.drained_at_milliseconds.is_some() => {
            match instance.variants.position(Switch::U24) {
                "paused" => "Paused",
                "stopping" => "Stopping",
                _ => "Active",
            }
        }
        CycleStatus::Active => "Active",
    }
}

fn count(cycle: &Cycle, level: IncidentLevel, besides: u64) -> u64 {
    let listed = cycle.incidents.iter();
    let listed = listed.filter(|one| one.incident_level == level).count();
    besides.saturating_add(u64::try_from(listed).unwrap_or(u64::MAX))
}

impl Cycle {
    /// How many transactions are under way: said to be, listed as such, or a run that is to be the
    /// only one.
    pub(crate) fn in_progress(&self) -> u64 {
        let listed = self.transactions.iter();
        let listed = listed.filter(|one| one.status == TransactionStatus::InProgress);
        let listed = u64::try_from(listed.count()).unwrap_or(u64::MAX);
        let running = u64::from(self.pauses_at_milliseconds.is_some());
        self.in_progress_transaction_count.max(listed).max(running)
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
