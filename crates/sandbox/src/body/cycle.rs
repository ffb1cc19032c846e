//! Bodies about cycles and their variables (cyclr-api.md 2.8).

use schemars::JsonSchema;

use super::lenient::{Flag, Name, SplitType, StepErrorAction, Tag, Text, Whole};

/// A new cycle.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct NewCycle {
    /// Its name.
    name: Name,
    #[schemars(flatten)]
    rest: CycleFields,
}

/// What is to change about a cycle. What is left out stays as it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct CycleChange {
    /// Its name.
    name: Option<Name>,
    #[schemars(flatten)]
    rest: CycleFields,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct CycleFields {
    /// Free text.
    description: Option<Text>,
    /// Whether it can be shared.
    shareable: Option<Flag>,
    /// What happens when a step fails, by name or by number.
    step_error_action: Option<StepErrorAction>,
    /// Whether requests of steps are logged.
    log_step_data_requests: Option<Flag>,
    /// Where collections are split, by name or by number.
    collection_split_type: Option<SplitType>,
    /// Its tags, all of them.
    tags: Option<Vec<Tag>>,
    /// How long the data of steps that succeeded is kept, in hours.
    step_data_success_retention_hours: Option<Whole>,
    /// How long the data of steps that failed is kept, in hours.
    step_data_errored_retention_hours: Option<Whole>,
}

/// How a cycle is to run.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct Activation {
    /// Minutes between runs: 1, 5, 15, 30, 60, 120, 180, 240, 360, 480, 720, 1440 or 10080. It is ignored when
    /// the cycle runs once, or when a webhook starts it. What another one does is switch U6.
    interval: Option<serde_json::Value>,
    /// When it runs first, in UTC; left out, at once.
    start_time: Option<Text>,
    /// Whether it runs once and is paused then.
    run_once: Option<Flag>,
}

/// A variable. It needs one of the two names; the other is made of it.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct VariableChange {
    /// What people call it.
    display_name: Option<Text>,
    /// What steps call it.
    system_name: Option<Text>,
    /// Its value.
    value: Option<Text>,
    /// Where its value is from, such as `StaticValue`.
    mapping_type: Option<Text>,
}
