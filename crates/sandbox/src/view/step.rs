//! A step and an edge of a cycle as responses show them.

use serde::Serialize;

use super::mapping::TargetView;
use crate::state::Instance;
use crate::world::{Account, Criterion, Cycle, Delay, Edge, Step, WaitUntil};

/// A step of a cycle (cyclr-api.md 2.8).
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StepView<'a> {
    /// GUID of the step.
    id: &'a str,
    /// GUID of its cycle.
    cycle_id: &'a str,
    /// Name.
    name: &'a str,
    /// What it does.
    description: &'a str,
    /// `Action`, `Webhook`, `Decision`, `Delay`, `WaitUntil`, ...
    action_type: &'a str,
    /// The installed connector that it calls.
    account_connector: Option<StepConnectorView<'a>>,
    /// The method that it calls.
    method: Option<StepMethodView<'a>>,
    /// What a `Decision` compares.
    #[serde(skip_serializing_if = "<[Criterion]>::is_empty")]
    criteria: &'a [Criterion],
    /// How long a `Delay` waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    delay: Option<&'a Delay>,
    /// What a `WaitUntil` waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_until: Option<&'a WaitUntil>,
}

/// The installed connector of a step.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct StepConnectorView<'a> {
    id: u64,
    name: &'a str,
    description: Option<&'a str>,
    authenticated: bool,
    is_partner_integration_connector: bool,
}

/// The method of a step: what is under `Parameters` is set through `/parameters`, what is under
/// `RequestFields` through `/fieldmappings` (cyclr-api.md 2.8).
#[derive(Debug, Serialize, schemars::JsonSchema)]
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
        let installed = instance.installed_of(account, cycle, step);
        let method = instance.method_of(account, cycle, step);
        let has_method =
            !step.method.is_empty() || !step.parameters.is_empty() || !step.fields.is_empty();
        let views = |targets| TargetView::all(instance, (account, cycle, step), targets);
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
                parameters: views(&step.parameters),
                request_fields: views(&step.fields),
            }),
            criteria: &step.criteria,
            delay: step.delay.as_ref(),
            wait_until: step.wait_until.as_ref(),
        }
    }
}

/// One step of a cycle follows another.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EdgeView<'a> {
    /// GUID of the edge.
    id: &'a str,
    /// GUID of its cycle.
    cycle_id: &'a str,
    /// The earlier step.
    from_step_id: &'a str,
    /// The step that follows it.
    to_step_id: &'a str,
}

impl<'a> EdgeView<'a> {
    pub(crate) fn new(cycle: &'a Cycle, edge: &'a Edge) -> Self {
        Self {
            id: &edge.id,
            cycle_id: &cycle.id,
            from_step_id: &edge.from_step_id,
            to_step_id: &edge.to_step_id,
        }
    }
}
