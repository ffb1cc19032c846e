//! An account as responses show it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::world::Account;

/// The thirteen fields of an account, no more (cyclr-api.md 2.1).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AccountView<'a> {
    created_date: &'a str,
    id: &'a str,
    name: &'a str,
    description: Option<&'a str>,
    audit_info: Option<&'a str>,
    task_audit_info: Option<&'a str>,
    timezone: &'a str,
    next_bill_date_utc: &'a str,
    step_data_success_retention_hours: Option<i64>,
    step_data_errored_retention_hours: Option<i64>,
    transaction_error_webhook_enabled: bool,
    transaction_error_webhook_url: Option<&'a str>,
    transaction_error_webhook_include_warnings: bool,
}

impl<'a> AccountView<'a> {
    pub(crate) fn new(account: &'a Account) -> Self {
        Self {
            created_date: &account.created_date,
            id: &account.id,
            name: &account.name,
            description: account.description.as_deref(),
            audit_info: account.audit_info.as_deref(),
            task_audit_info: account.task_audit_info.as_deref(),
            timezone: &account.timezone,
            next_bill_date_utc: &account.next_bill_date_utc,
            step_data_success_retention_hours: account.step_data_success_retention_hours,
            step_data_errored_retention_hours: account.step_data_errored_retention_hours,
            transaction_error_webhook_enabled: account.transaction_error_webhook_enabled,
            transaction_error_webhook_url: account.transaction_error_webhook_url.as_deref(),
            transaction_error_webhook_include_warnings: account
                .transaction_error_webhook_include_warnings,
        }
    }
}

/// An account's usage (cyclr-api.md 2.1).
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct UsageView<'a> {
    pub(crate) id: &'a str,
    pub(crate) tasks_used: u64,
    pub(crate) start_time: &'a str,
    pub(crate) end_time: &'a str,
}
