//! Bodies about accounts (cyclr-api.md 2.1).

use schemars::JsonSchema;

use super::lenient::{Flag, Name, Natural, Text};

/// A new account.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct NewAccount {
    /// Its id, chosen by you and unique; left out, one is made up.
    id: Option<Text>,
    /// Its name.
    name: Name,
    /// The account above it, which has to exist; left out or empty, there is none.
    parent_account_id: Option<Text>,
    #[schemars(flatten)]
    rest: AccountFields,
}

/// What is to change about an account. What is left out stays as it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
pub(crate) struct AccountChange {
    /// Its name.
    name: Option<Name>,
    #[schemars(flatten)]
    rest: AccountFields,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "PascalCase")]
struct AccountFields {
    /// Free text.
    description: Option<Text>,
    /// Free text, for your own reference.
    audit_info: Option<Text>,
    /// Free text, for your own reference.
    task_audit_info: Option<Text>,
    /// An IANA name, such as `Europe/London`; `UTC` at first. What an unknown one does is switch U18.
    timezone: Option<Text>,
    /// When it is billed next.
    next_bill_date_utc: Option<Text>,
    /// How long the data of steps that succeeded is kept, in hours; `null` for the console's default. More
    /// than 744 counts as 744.
    step_data_success_retention_hours: Option<Natural>,
    /// How long the data of steps that failed is kept, in hours; `null` for the console's default. More than
    /// 744 counts as 744.
    step_data_errored_retention_hours: Option<Natural>,
    /// Whether errors are sent to the webhook. When it is true, the URL has to be in the same body.
    transaction_error_webhook_enabled: Option<Flag>,
    /// Where errors are sent; `https://` is put in front where there is no scheme.
    transaction_error_webhook_url: Option<Text>,
    /// Whether warnings are sent as well.
    transaction_error_webhook_include_warnings: Option<Flag>,
}
