//! Accounts (cyclr-api.md 2.1).

use super::null_is_default;
use crate::body::{Body, Object};
use crate::page::{Identified, Page};
use crate::request::{Call, Method, Request};
use serde::Deserialize;

/// An account as the vendor shows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Account {
    /// The API id, chosen by the partner.
    #[serde(deserialize_with = "null_is_default")]
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Free text.
    pub audit_info: Option<String>,
    /// Free text.
    pub task_audit_info: Option<String>,
    /// An IANA name.
    pub timezone: Option<String>,
    /// A point in time, as .NET writes it.
    pub next_bill_date_utc: Option<String>,
    /// Hours; `null` is the console's setting.
    pub step_data_success_retention_hours: Option<i64>,
    /// Hours; `null` is the console's setting.
    pub step_data_errored_retention_hours: Option<i64>,
    /// Whether errors are posted.
    #[serde(deserialize_with = "null_is_default")]
    pub transaction_error_webhook_enabled: bool,
    /// Where errors are posted.
    pub transaction_error_webhook_url: Option<String>,
    /// Whether warnings are posted too.
    #[serde(deserialize_with = "null_is_default")]
    pub transaction_error_webhook_include_warnings: bool,
}

impl Identified for Account {
    fn identity(&self) -> String {
        self.id.clone()
    }
}

/// What a POST or a PUT says; `None` is not said, and keeps its value.
#[derive(Clone, Copy, Debug, Default)]
pub struct AccountBody<'a> {
    /// `Id`; always say it in a POST, so that a repeat is refused.
    pub id: Option<&'a str>,
    /// `Name`.
    pub name: Option<&'a str>,
    /// `Description`.
    pub description: Option<&'a str>,
    /// `AuditInfo`.
    pub audit_info: Option<&'a str>,
    /// `TaskAuditInfo`.
    pub task_audit_info: Option<&'a str>,
    /// `Timezone`.
    pub timezone: Option<&'a str>,
    /// `NextBillDateUtc`.
    pub next_bill_date_utc: Option<&'a str>,
    /// `StepDataSuccessRetentionHours`; `Some(None)` clears it.
    pub step_data_success_retention_hours: Option<Option<u32>>,
    /// `StepDataErroredRetentionHours`; `Some(None)` clears it.
    pub step_data_errored_retention_hours: Option<Option<u32>>,
    /// `TransactionErrorWebhookEnabled`; `true` needs the URL said as well.
    pub transaction_error_webhook_enabled: Option<bool>,
    /// `TransactionErrorWebhookUrl`.
    pub transaction_error_webhook_url: Option<&'a str>,
    /// `TransactionErrorWebhookIncludeWarnings`.
    pub transaction_error_webhook_include_warnings: Option<bool>,
    /// `ParentAccountId`; only in a POST.
    pub parent_account_id: Option<&'a str>,
}

impl AccountBody<'_> {
    fn body(&self) -> Body {
        Object::new()
            .field("Id", self.id)
            .field("Name", self.name)
            .field("Description", self.description)
            .field("AuditInfo", self.audit_info)
            .field("TaskAuditInfo", self.task_audit_info)
            .field("Timezone", self.timezone)
            .field("NextBillDateUtc", self.next_bill_date_utc)
            .field(
                "StepDataSuccessRetentionHours",
                self.step_data_success_retention_hours,
            )
            .field(
                "StepDataErroredRetentionHours",
                self.step_data_errored_retention_hours,
            )
            .field(
                "TransactionErrorWebhookEnabled",
                self.transaction_error_webhook_enabled,
            )
            .field(
                "TransactionErrorWebhookUrl",
                self.transaction_error_webhook_url,
            )
            .field(
                "TransactionErrorWebhookIncludeWarnings",
                self.transaction_error_webhook_include_warnings,
            )
            .field("ParentAccountId", self.parent_account_id)
            .finish()
    }
}

/// Lists accounts.
pub fn list(page: Page) -> Call<Vec<Account>> {
    Call::new(page.put(Request::new(Method::Get, "/accounts", &[])))
}

/// Lists the sub-accounts of an account.
pub fn subaccounts(id: &str, page: Page) -> Call<Vec<Account>> {
    Call::new(page.put(Request::new(
        Method::Get,
        "/accounts/{id}/subaccounts",
        &[id],
    )))
}

/// Reads one account.
pub fn get(id: &str) -> Call<Account> {
    Call::new(Request::new(Method::Get, "/accounts/{id}", &[id]))
}

/// Creates an account. With an id a repeat is answered 400 `ID already in use`.
pub fn create(body: &AccountBody<'_>) -> Call<Account> {
    Call::new(Request::new(Method::Post, "/accounts", &[]).body(body.body()))
}

/// Updates an account: a merge.
pub fn update(id: &str, body: &AccountBody<'_>) -> Call<Account> {
    Call::new(Request::new(Method::Put, "/accounts/{id}", &[id]).body(body.body()))
}

/// Deletes an account.
pub fn delete(id: &str) -> Request {
    Request::new(Method::Delete, "/accounts/{id}", &[id])
}
