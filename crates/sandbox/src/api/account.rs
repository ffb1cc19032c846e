//! `/accounts` (cyclr-api.md 2.1).

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use crate::body::{AccountChange, NewAccount};
use crate::call::Call;
use crate::date;
use crate::input::{Given, Input};
use crate::ledger::Action;
use crate::openapi::{Need, ORDERED, Operation, PAGED, Parameter, When};
use crate::page::{Order, page};
use crate::reply::{Outcome, Refusal, Reply};
use crate::state::Instance;
use crate::variant::Switch;
use crate::view::{AccountView, UsageView};
use crate::world::Account;

const ID: Parameter = Parameter::text("id", "The account's id.");

/// What the OpenAPI document says of the routes below.
pub(crate) const OPERATIONS: &[Operation] = &[
    Operation::new(
        "GET /accounts",
        "listAccounts",
        "Lists the accounts.",
        "2.1",
    )
    .query(&[PAGED, ORDERED])
    .lists::<AccountView<'_>>("A page of accounts."),
    Operation::new(
        "POST /accounts",
        "createAccount",
        "Creates an account.",
        "2.1",
    )
    .reads::<NewAccount>(Need::Required, r#"{"Id": "acme-002", "Name": "Acme Ltd"}"#)
    .answers::<AccountView<'_>>("The account.")
    .refuses(&[(
        400,
        "The id is in use; the name, the URL or the time zone will not do.",
    )]),
    Operation::new(
        "GET /accounts/{id}",
        "getAccount",
        "Shows an account.",
        "2.1",
    )
    .path(&[ID])
    .answers::<AccountView<'_>>("The account."),
    Operation::new(
        "PUT /accounts/{id}",
        "updateAccount",
        "Changes an account.",
        "2.1",
    )
    .says("What is left out stays as it is; `null` clears a retention.")
    .path(&[ID])
    .reads::<AccountChange>(Need::Optional, r#"{"Description": "Since 2019"}"#)
    .answers::<AccountView<'_>>("The account as it is now.")
    .refuses(&[(400, "The name, the URL or the time zone will not do.")]),
    Operation::new(
        "DELETE /accounts/{id}",
        "deleteAccount",
        "Deletes an account.",
        "2.1",
    )
    .path(&[ID])
    .answers::<AccountView<'_>>("The account as it was.")
    .switched(&[
        When::refuses(Switch::U11, "400", 400, "It has cycles or sub-accounts."),
        When::refuses(Switch::U11, "409", 409, "It has cycles or sub-accounts."),
    ]),
    Operation::new(
        "GET /accounts/{id}/subaccounts",
        "listSubAccounts",
        "Lists the accounts below an account.",
        "2.1",
    )
    .path(&[ID])
    .query(&[PAGED, ORDERED])
    .lists::<AccountView<'_>>("A page of accounts."),
    Operation::new(
        "GET /accounts/{id}/usage",
        "getUsage",
        "Shows what an account used.",
        "2.1",
    )
    .path(&[ID])
    .answers::<UsageView<'_>>("Its usage."),
];

/// 31 days: longer retentions are cut to it without a word (cyclr-api.md 2.1).
const LONGEST_RETENTION: i64 = 744;

/// How long a delayed removal (U11) takes, in milliseconds of the sandbox's clock.
const REMOVAL_MILLISECONDS: i64 = 5_000;

pub(crate) fn list(call: &mut Call<'_>) -> Outcome {
    Ok(listed(call, call.instance.accounts.values().collect()))
}

fn listed(call: &Call<'_>, mut rows: Vec<&Account>) -> Reply {
    if Order::of(&call.query) == Order::Name {
        rows.sort_by(|one, other| one.name.cmp(&other.name));
    }
    page(&call.query, &call.instance.variants, rows, AccountView::new)
}

pub(crate) fn subaccounts(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    let instance = &*call.instance;
    let is_child = |account: &&Account| {
        let parent = account.parent_account_id.as_deref();
        parent.is_some_and(|parent| instance.key(parent) == call.account)
    };
    Ok(listed(
        call,
        instance.accounts.values().filter(is_child).collect(),
    ))
}

pub(crate) fn get(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    Ok(Reply::json(&AccountView::new(call.account()?)))
}

pub(crate) fn usage(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    let account = call.account()?;
    Ok(Reply::json(&UsageView {
        id: &account.id,
        tasks_used: account.tasks_used(),
        start_time: &account.created_date,
        end_time: &account.next_bill_date_utc,
    }))
}

pub(crate) fn create(call: &mut Call<'_>) -> Outcome {
    let input = Input::parse_or_empty(call.body)?;
    let given_id = input.text("Id")?.value().filter(|id| !id.trim().is_empty());
    let id = given_id.unwrap_or_else(|| call.instance.next_guid("account"));
    let key = call.instance.key(&id);
    let mut account = blank(&id, call.now);
    apply(&mut account, &input, call.instance)?;
    if account.name.is_empty() {
        return Err(Refusal::bad_request("Name is required"));
    }
    if let Some(parent) = input
        .text("ParentAccountId")?
        .value()
        .filter(|id| !id.is_empty())
    {
        let parent_key = call.instance.key(&parent);
        if !call.instance.accounts.contains_key(&parent_key) {
            return Err(Refusal::bad_request(format!(
                "Parent account '{parent}' not found."
            )));
        }
        account.parent_account_id = Some(parent);
    }
    if call.instance.accounts.contains_key(&key) {
        return Err(Refusal::bad_request("ID already in use"));
    }
    call.instance.accounts.insert(key.clone(), account);
    call.account = key;
    call.record(Action::Created, "account", &id, &id);
    Ok(Reply::json(&AccountView::new(call.account()?)))
}

/// A new account that has nothing but its id and dates.
pub(super) fn blank(id: &str, now: Timestamp) -> Account {
    Account {
        id: id.to_owned(),
        timezone: "UTC".to_owned(),
        created_date: date::round_trip(now),
        next_bill_date_utc: date::round_trip(now + SignedDuration::from_hours(30 * 24)),
        ..Account::default()
    }
}

pub(crate) fn update(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    let input = Input::parse_or_empty(call.body)?;
    let mut account = call.account()?.clone();
    apply(&mut account, &input, call.instance)?;
    if account.name.is_empty() {
        return Err(Refusal::bad_request("Name is required"));
    }
    let id = account.id.clone();
    *call.account_mut()? = account;
    call.record(Action::Updated, "account", &id, &id);
    Ok(Reply::json(&AccountView::new(call.account()?)))
}

pub(crate) fn delete(call: &mut Call<'_>) -> Outcome {
    find(call)?;
    let account = call.account()?;
    let id = account.id.clone();
    let reply = Reply::json(&AccountView::new(account));
    // Sub-accounts go with it, parents last (U11).
    let mut doomed = vec![call.account.clone()];
    doomed.extend(call.instance.below(&call.account));
    let has_cycles = |key: &String| {
        let account = call.instance.accounts.get(key);
        account.is_some_and(Account::has_live_cycle)
    };
    if doomed.len() > 1 || doomed.iter().any(has_cycles) {
        let message = "Account has cycles or sub accounts.";
        match call.instance.variants.position(Switch::U11) {
            "400" => return Err(Refusal::bad_request(message)),
            "409" => return Err(Refusal::new(StatusCode::CONFLICT, message)),
            "delayed" => {
                leave(call, &doomed)?;
                return Ok(reply);
            }
            _ => {}
        }
    }
    for key in doomed.into_iter().rev() {
        call.account.clone_from(&key);
        if let Some(gone) = call.instance.remove_account(&key) {
            let gone = if gone.id == id { id.clone() } else { gone.id };
            call.record(Action::Deleted, "account", &gone, &gone);
        }
    }
    Ok(reply)
}

/// Has accounts go a while later.
fn leave(call: &mut Call<'_>, keys: &[String]) -> Result<(), Refusal> {
    let at = call
        .now
        .as_millisecond()
        .saturating_add(REMOVAL_MILLISECONDS);
    for key in keys.iter().rev() {
        call.account.clone_from(key);
        let account = call.account_mut()?;
        account.removed_at_milliseconds.get_or_insert(at);
        let id = account.id.clone();
        call.instance.leaving.entry(key.clone()).or_insert(at);
        call.record(Action::Deleted, "account", &id, &id);
    }
    Ok(())
}

/// Makes the account of the path the call's.
pub(super) fn find(call: &mut Call<'_>) -> Result<(), Refusal> {
    call.account = call.instance.key(call.segment(0));
    call.account().map(|_| ())
}

/// Merges a body into an account, with the quirks of cyclr-api.md 2.1.
fn apply(account: &mut Account, input: &Input, instance: &Instance) -> Result<(), Refusal> {
    input.text("Name")?.merge_value(&mut account.name);
    input
        .text("Description")?
        .merge_into(&mut account.description);
    let audit_texts = instance.variants.position(Switch::AuditTexts);
    let audit = |name: &str, field: &mut Option<String>| {
        match input.text(name)? {
            Given::Value(text) if audit_texts == "masked" && !text.is_empty() => {
                *field = Some("****".to_owned());
            }
            given if audit_texts != "ignored" => given.merge_into(field),
            _ => {}
        }
        Ok(())
    };
    audit("AuditInfo", &mut account.audit_info)?;
    audit("TaskAuditInfo", &mut account.task_audit_info)?;
    if instance.variants.is(Switch::BillDate, "stored") {
        input
            .text("NextBillDateUtc")?
            .merge_value(&mut account.next_bill_date_utc);
    }
    if let Given::Value(timezone) = input.text("Timezone")? {
        let is_known = timezone.parse::<chrono_tz::Tz>().is_ok();
        match instance.variants.position(Switch::U18) {
            _ if timezone.is_empty() => {}
            "400" if !is_known => {
                return Err(Refusal::bad_request(format!(
                    "Timezone '{timezone}' is not valid."
                )));
            }
            "ignored" if !is_known => {}
            _ => account.timezone = timezone,
        }
    }
    let wrong_is_null = instance.variants.is(Switch::U7, "null");
    let retention = |name: &str, field: &mut Option<i64>| {
        match input.integer(name) {
            Ok(Given::Value(hours)) if hours < 0 => {
                let message = format!("{name} ({hours}): must be non negative");
                return Err(Refusal::bad_request(message));
            }
            Ok(Given::Value(hours)) => *field = Some(hours.min(LONGEST_RETENTION)),
            Ok(given) => given.merge_into(field),
            Err(()) if wrong_is_null => *field = None,
            Err(()) => {}
        }
        Ok(())
    };
    retention(
        "StepDataSuccessRetentionHours",
        &mut account.step_data_success_retention_hours,
    )?;
    retention(
        "StepDataErroredRetentionHours",
        &mut account.step_data_errored_retention_hours,
    )?;
    apply_webhook(account, input)
}

fn apply_webhook(account: &mut Account, input: &Input) -> Result<(), Refusal> {
    let enabled = input.boolean("TransactionErrorWebhookEnabled")?;
    let url = input.text("TransactionErrorWebhookUrl")?;
    let include = input.boolean("TransactionErrorWebhookIncludeWarnings")?;
    include.merge_value(&mut account.transaction_error_webhook_include_warnings);
    let has_url = matches!(&url, Given::Value(url) if !url.is_empty());
    // The body itself has to name it, even when one is stored (cyclr-api.md 2.1).
    if enabled == Given::Value(true) && !has_url {
        return Err(Refusal::bad_request(
            "Transaction Error Webhook enabled: Transaction Error Webhook URL must be defined",
        ));
    }
    enabled.merge_value(&mut account.transaction_error_webhook_enabled);
    match url {
        Given::Value(url) if url.is_empty() => account.transaction_error_webhook_url = None,
        Given::Value(url) => {
            let url = if url.contains("://") {
                url
            } else {
                format!("https://{url}")
            };
            let host = url.split_once("://").map_or("", |(_, rest)| rest);
            if host.is_empty() || host.starts_with('/') || url.contains(char::is_whitespace) {
                return Err(Refusal::bad_request(format!("{url} is not a valid URL")));
            }
            account.transaction_error_webhook_url = Some(url);
        }
        given => given.merge_into(&mut account.transaction_error_webhook_url),
    }
    Ok(())
}
