//! Whether an account or a connector is as it was written.

use crate::satisfy::Finding;
use gangplank_model::{
    AccountMark, AccountWrite, ConnectorWrite, LiveAccount, LiveConnector, Retention,
};

/// Compares an account with what was sent.
pub(crate) fn account_tallies(
    account: &LiveAccount,
    write: &AccountWrite,
    audit_info: Option<&str>,
) -> Finding {
    let text = |live: &Option<String>, wanted: &Option<String>| match wanted {
        Some(wanted) => live.as_deref().unwrap_or_default() == wanted,
        None => true,
    };
    let hours = |live: Option<i64>, wanted: Option<Retention>| match wanted {
        Some(Retention::Hours(hours)) => live == Some(i64::from(hours)),
        Some(Retention::ConsoleDefault) => live.is_none(),
        None => true,
    };
    let flag = |live: bool, wanted: Option<bool>| wanted.is_none_or(|wanted| wanted == live);
    let audit = match (&write.audit_info, audit_info) {
        (Some(_), Some(whole)) => account.audit_info.as_deref().unwrap_or_default() == whole,
        (Some(wanted), None) => {
            let live = account.audit_info.as_deref().unwrap_or_default();
            AccountMark::parse(live).0 == wanted.text
        }
        (None, _) => true,
    };
    let fields = [
        (
            "Name",
            write.name.as_ref().is_none_or(|name| *name == account.name),
        ),
        (
            "Description",
            text(&account.description, &write.description),
        ),
        ("Timezone", text(&account.timezone, &write.timezone)),
        ("AuditInfo", audit),
        (
            "TaskAuditInfo",
            text(&account.task_audit_info, &write.task_audit_info),
        ),
        (
            "NextBillDateUtc",
            write.next_bill_date_utc.as_ref().is_none_or(|wanted| {
                let live = account.next_bill_date_utc.as_deref().unwrap_or_default();
                gangplank_model::compare::same_time(live, wanted)
            }),
        ),
        (
            "StepDataSuccessRetentionHours",
            hours(
                account.step_data_success_retention_hours,
                write.step_data_success_retention_hours,
            ),
        ),
        (
            "StepDataErroredRetentionHours",
            hours(
                account.step_data_errored_retention_hours,
                write.step_data_errored_retention_hours,
            ),
        ),
        (
            "TransactionErrorWebhookEnabled",
            flag(
                account.transaction_error_webhook_enabled,
                write.transaction_error_webhook_enabled,
            ),
        ),
        (
            "TransactionErrorWebhookUrl",
            text(
                &account.transaction_error_webhook_url,
                &write.transaction_error_webhook_url,
            ),
        ),
        (
            "TransactionErrorWebhookIncludeWarnings",
            flag(
                account.transaction_error_webhook_include_warnings,
                write.transaction_error_webhook_include_warnings,
            ),
        ),
    ];
    finding(&fields)
}

/// What differs, by name.
fn finding(fields: &[(&str, bool)]) -> Finding {
    let other: Vec<&str> = fields
        .iter()
        .filter(|(_, same)| !same)
        .map(|(name, _)| *name)
        .collect();
    if other.is_empty() {
        Finding::Satisfied
    } else {
        Finding::Different(format!("its {} differs", other.join(", ")))
    }
}

/// Compares what can be seen of a connector with what was sent.
pub(crate) fn connector_tallies(live: &LiveConnector, write: &ConnectorWrite) -> Finding {
    let description = write
        .description
        .as_ref()
        .is_none_or(|wanted| live.description.as_deref().unwrap_or_default() == wanted);
    let partner = write.partner.is_none_or(|wanted| wanted == live.partner);
    let properties = write.properties.keys().all(|name| {
        live.properties
            .iter()
            .any(|property| property.name == *name)
    });
    finding(&[
        ("Description", description),
        ("IsPartnerIntegrationConnector", partner),
        ("Properties", properties),
    ])
}
