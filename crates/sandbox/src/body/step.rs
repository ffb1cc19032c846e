//! Bodies about steps, edges and look-ups (cyclr-api.md 2.8, 2.9).

use schemars::JsonSchema;

use super::lenient::{ActionType, Number, Text, Whole};

/// A step, or what is to change about one. What is left out stays as it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct StepChange {
    /// Its name; a new one has its method's unless it is given.
    name: Option<Text>,
    /// Free text.
    description: Option<Text>,
    /// What it is, by name or by number: `Action` or 4.
    action_type: Option<ActionType>,
    /// The installed connector that it calls.
    account_connector: Option<Reference>,
    /// The same, flat.
    account_connector_id: Option<Number>,
    /// The method that it calls.
    method: Option<MethodReference>,
    /// The same, flat.
    method_id: Option<Number>,
    /// The same, by the id that all releases share.
    method_unique_identifier: Option<Text>,
    /// What a `Decision` compares, all of it.
    criteria: Option<Vec<Comparison>>,
    /// How long a `Delay` waits.
    delay: Option<Wait>,
    /// What a `WaitUntil` waits for.
    wait_until: Option<Moment>,
}

/// An object named by its id.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct Reference {
    /// Read where there is no flat id beside it.
    id: Option<Whole>,
}

/// A method named by either of its ids.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct MethodReference {
    /// Read where there is no `MethodId` beside it.
    id: Option<Whole>,
    method_unique_identifier: Option<Text>,
}

/// One comparison.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct Comparison {
    left_operand: Option<Text>,
    operator: Option<Text>,
    right_operand: Option<Text>,
}

/// A span of time.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct Wait {
    unit: Option<Text>,
    interval: Option<Whole>,
}

/// A date.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct Moment {
    date: Option<Text>,
}

/// One step follows another: both ends are needed, each by one of its names.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the fields are called as in the body"
)]
pub(crate) struct NewEdge {
    /// The earlier step.
    from_step_id: Option<Text>,
    /// The step that follows it.
    to_step_id: Option<Text>,
    /// Another name of the earlier step.
    source_step_id: Option<Text>,
    /// Another name of the step that follows it.
    target_step_id: Option<Text>,
}

/// Which trigger looks up values.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct TriggerChoice {
    /// The trigger; left out, the first of the parameter's.
    trigger_id: Option<Number>,
}
