//! Bodies about mappings of steps (cyclr-api.md 2.9).

use schemars::JsonSchema;

use super::lenient::{Flag, Number, Text};

/// What is to change about a mapping. What is left out stays as it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct MappingChange {
    /// `StaticValue`, `ValueList`, `Ignore` or another; `null` takes the mapping away.
    mapping_type: Option<Text>,
    /// The value; with `ValueList`, one of the target's `Values`.
    value: Option<Text>,
    /// The earlier step that a value is from.
    source_step_id: Option<Text>,
    /// The field of the earlier step.
    source_field_id: Option<Number>,
    /// What was looked up.
    trigger_value: Option<Text>,
    /// What people call what was looked up.
    trigger_value_display_name: Option<Text>,
    /// Whether the customer may set it.
    is_launch_visible: Option<Flag>,
}
