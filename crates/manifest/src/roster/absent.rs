//! Keys of a roster's account that a row leaves out: what lies under them decides.

use crate::decode::Field;
use crate::entry::{BodyEntry, Typed};
use crate::expression::{Expressions, Scope};

/// Calls `is_absent` for each key and label that is one expression, always in the same order, and
/// takes those out of which it says so.
pub(super) fn leave_out(body: &mut BodyEntry, is_absent: &mut dyn FnMut(&str) -> bool) {
    for field in [
        &mut body.name,
        &mut body.description,
        &mut body.timezone,
        &mut body.audit_info,
        &mut body.task_audit_info,
        &mut body.next_bill_date_utc,
        &mut body.transaction_error_webhook_url,
    ] {
        if field
            .get()
            .is_some_and(|text| reads_row(text) && is_absent(text))
        {
            *field = Field(None);
        }
    }
    typed(&mut body.step_data_success_retention_hours, is_absent);
    typed(&mut body.step_data_errored_retention_hours, is_absent);
    typed(&mut body.transaction_error_webhook_enabled, is_absent);
    typed(
        &mut body.transaction_error_webhook_include_warnings,
        is_absent,
    );
    typed(&mut body.protect, is_absent);
    typed(&mut body.exclusive, is_absent);
    if let Some(labels) = &mut body.labels.0 {
        let mut kept = |text: &str| !reads_row(text) || !is_absent(text);
        labels.value.0.retain(|(_, label)| kept(&label.value.0));
    }
}

fn typed<T>(field: &mut Field<Typed<T>>, is_absent: &mut dyn FnMut(&str) -> bool) {
    if let Some(Typed::Expression(text)) = field.get()
        && reads_row(text)
        && is_absent(text)
    {
        *field = Field(None);
    }
}

/// Whether a text may be one expression that reads an empty cell.
pub(crate) fn reads_row(text: &str) -> bool {
    text.starts_with("{{") && text.ends_with("}}") && text.contains("row")
}

/// Whether an expression reads an empty cell. One that is wrong is told of when it is expanded.
pub(crate) fn is_empty(text: &str, expressions: &Expressions, scope: &Scope) -> bool {
    let computed = expressions.value(text, scope);
    computed.is_ok_and(|computed| computed.value.is_none())
}
