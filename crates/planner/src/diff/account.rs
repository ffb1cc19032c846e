//! Account fields.

use super::{live_text, text_change};
use gangplank_model::compare::{same_text, same_time};
use gangplank_model::{
    AccountFields, AccountWrite, FieldChange, LiveAccount, Retention, Shown, Sourced,
};

/// What to write of the declared fields, and what differs. `text` is the live `AuditInfo` without
/// the mark; the `audit_info` of the write is left to the caller.
pub(crate) fn fields(
    wanted: &AccountFields,
    live: Option<&LiveAccount>,
    text: &str,
) -> (AccountWrite, Vec<FieldChange>) {
    let mut changes = Vec::new();
    let absent = LiveAccount::default();
    let new = live.is_none();
    let live = live.unwrap_or(&absent);
    let mut string = |field: &str, wanted: &Option<Sourced<String>>, held: Option<&str>| {
        let wanted = wanted.as_ref()?;
        if !new && same_text(held, &wanted.value) {
            return None;
        }
        changes.push(text_change(field, live_text(held), wanted, &*wanted.value));
        Some(wanted.value.clone())
    };
    let name = string("name", &wanted.name, Some(&live.name));
    let description = string(
        "description",
        &wanted.description,
        live.description.as_deref(),
    );
    let timezone = string("timezone", &wanted.timezone, live.timezone.as_deref());
    string("audit_info", &wanted.audit_info, Some(text));
    let task_audit_info = string(
        "task_audit_info",
        &wanted.task_audit_info,
        live.task_audit_info.as_deref(),
    );
    let mut write = AccountWrite {
        name,
        description,
        timezone,
        task_audit_info,
        ..AccountWrite::default()
    };
    if let Some(wanted) = &wanted.next_bill_date_utc {
        let held = live.next_bill_date_utc.as_deref();
        if held.is_none_or(|held| !same_time(held, &wanted.value)) {
            changes.push(text_change(
                "next_bill_date_utc",
                live_text(held),
                wanted,
                &*wanted.value,
            ));
            write.next_bill_date_utc = Some(wanted.value.clone());
        }
    }
    let mut retention = |field: &str, wanted: &Option<Sourced<Retention>>, held: Option<i64>| {
        let wanted = wanted.as_ref()?;
        let hours = match wanted.value {
            Retention::ConsoleDefault => None,
            Retention::Hours(hours) => Some(i64::from(hours)),
        };
        if hours == held {
            return None;
        }
        let said = |hours: Option<i64>| hours.map_or("null".to_owned(), |hours| hours.to_string());
        let before = if new {
            Shown::Absent
        } else {
            Shown::Text(said(held))
        };
        changes.push(text_change(field, before, wanted, said(hours)));
        Some(wanted.value)
    };
    write.step_data_success_retention_hours = retention(
        "step_data_success_retention_hours",
        &wanted.step_data_success_retention_hours,
        live.step_data_success_retention_hours,
    );
    write.step_data_errored_retention_hours = retention(
        "step_data_errored_retention_hours",
        &wanted.step_data_errored_retention_hours,
        live.step_data_errored_retention_hours,
    );
    let mut flag = |field: &str, wanted: &Option<Sourced<bool>>, held: bool| {
        let wanted = wanted.as_ref()?;
        if wanted.value == held {
            return None;
        }
        let before = if new {
            Shown::Absent
        } else {
            Shown::Text(held.to_string())
        };
        changes.push(text_change(field, before, wanted, wanted.value.to_string()));
        Some(wanted.value)
    };
    write.transaction_error_webhook_enabled = flag(
        "transaction_error_webhook_enabled",
        &wanted.transaction_error_webhook_enabled,
        live.transaction_error_webhook_enabled,
    );
    write.transaction_error_webhook_include_warnings = flag(
        "transaction_error_webhook_include_warnings",
        &wanted.transaction_error_webhook_include_warnings,
        live.transaction_error_webhook_include_warnings,
    );
    if let Some(wanted) = &wanted.transaction_error_webhook_url {
        let held = live.transaction_error_webhook_url.as_deref();
        if !same_text(held, &wanted.value) {
            let field = "transaction_error_webhook_url";
            changes.push(text_change(field, live_text(held), wanted, &*wanted.value));
            write.transaction_error_webhook_url = Some(wanted.value.clone());
        }
    }
    // Asked for with `true` even where one is stored (cyclr-api.md 2.1).
    if write.transaction_error_webhook_enabled == Some(true)
        && write.transaction_error_webhook_url.is_none()
    {
        write.transaction_error_webhook_url = wanted
            .transaction_error_webhook_url
            .as_ref()
            .map(|url| url.value.clone())
            .or_else(|| live.transaction_error_webhook_url.clone());
    }
    (write, changes)
}
