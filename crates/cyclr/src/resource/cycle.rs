//! Cycles: templates that are installed in an account (cyclr-api.md 2.8).

use super::null_is_default;
use crate::body::{self, Object};
use crate::page::{Identified, Page};
use crate::request::{Call, Method, Request};
use serde::{Deserialize, Deserializer, Serialize};

/// A cycle. Its schedule is not among what the vendor shows.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Cycle {
    /// Its GUID.
    #[serde(deserialize_with = "null_is_default")]
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// `Paused`, `Active`, `DeleteScheduled`, or another word; absent from some answers.
    pub status: Option<String>,
    /// The template that it was installed from.
    pub template_id: Option<String>,
    /// Its tags.
    #[serde(deserialize_with = "null_is_default")]
    pub tags: Vec<String>,
    /// The connectors that it is bound to.
    #[serde(deserialize_with = "null_is_default")]
    pub connectors: Vec<BoundConnector>,
    /// Tasks that it used.
    #[serde(deserialize_with = "null_is_default")]
    pub tasks_used: i64,
    /// Errors that it met.
    #[serde(deserialize_with = "null_is_default")]
    pub error_count: i64,
    /// Warnings that it met.
    #[serde(deserialize_with = "null_is_default")]
    pub warning_count: i64,
    /// When it last ran well; `0001-01-01T00:00:00` is never.
    pub last_successful_run_date: Option<String>,
    /// Transactions under way.
    #[serde(deserialize_with = "null_is_default")]
    pub in_progress_transaction_count: i64,
}

/// A connector that a cycle is bound to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BoundConnector {
    /// The account connector that serves it.
    pub account_connector_id: Option<i64>,
    /// The library connector's name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Whether the account connector is authenticated.
    #[serde(deserialize_with = "null_is_default")]
    pub authenticated: bool,
}

impl Identified for Cycle {
    fn identity(&self) -> String {
        self.id.clone()
    }
}

/// What a PUT says; `None` is not said, and keeps its value.
#[derive(Clone, Copy, Debug, Default)]
pub struct CycleBody<'a> {
    /// `Name`.
    pub name: Option<&'a str>,
    /// `Description`.
    pub description: Option<&'a str>,
    /// `Tags`: all of them.
    pub tags: Option<&'a [String]>,
}

/// How a cycle is to run.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Activation<'a> {
    /// Minutes, one of the vendor's intervals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval: Option<u32>,
    /// The first run, ISO 8601 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<&'a str>,
    /// Whether it pauses itself after the first run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_once: Option<bool>,
}

/// Something that a cycle still needs before it can run.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Prerequisite {
    /// The vendor's code.
    #[serde(deserialize_with = "null_is_default")]
    pub reason_code: i64,
    /// The vendor's words.
    #[serde(deserialize_with = "null_is_default")]
    pub reason: String,
    /// What kind of object it is about.
    #[serde(deserialize_with = "null_is_default")]
    pub object_type: String,
    /// Which one: a number or a GUID.
    #[serde(deserialize_with = "number_or_text")]
    pub object_id: String,
}

fn number_or_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Id {
        Number(i64),
        Text(String),
        Nothing(()),
    }
    Ok(match Id::deserialize(deserializer)? {
        Id::Number(number) => number.to_string(),
        Id::Text(text) => text,
        Id::Nothing(()) => String::new(),
    })
}

/// A variable of a cycle.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Variable {
    /// The display name.
    #[serde(deserialize_with = "null_is_default")]
    pub display_name: String,
    /// The key, made from the display name.
    #[serde(deserialize_with = "null_is_default")]
    pub system_name: String,
    /// Its value.
    pub value: Option<String>,
    /// Its mapping type.
    pub mapping_type: Option<String>,
}

/// A variable to set.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VariableBody<'a> {
    /// The key of one that is there; also its display name if it is new.
    pub system_name: &'a str,
    /// The display name.
    pub display_name: &'a str,
    /// Its value.
    pub value: &'a str,
    /// `StaticValue`, as a rule.
    pub mapping_type: &'a str,
}

/// Lists the cycles of an account, deleted ones that linger included.
pub fn list(account: &str, page: Page) -> Call<Vec<Cycle>> {
    Call::new(page.put(Request::new(Method::Get, "/cycles", &[]).within(account)))
}

/// Reads one cycle.
pub fn get(account: &str, id: &str) -> Call<Cycle> {
    Call::new(Request::new(Method::Get, "/cycles/{id}", &[id]).within(account))
}

/// Updates a cycle: a merge; 409 while it runs.
pub fn update(account: &str, id: &str, body: &CycleBody<'_>) -> Call<Cycle> {
    let body = Object::new()
        .field("Name", body.name)
        .field("Description", body.description)
        .field("Tags", body.tags)
        .finish();
    Call::new(
        Request::new(Method::Put, "/cycles/{id}", &[id])
            .within(account)
            .body(body),
    )
}

/// Deletes a cycle.
pub fn delete(account: &str, id: &str) -> Request {
    Request::new(Method::Delete, "/cycles/{id}", &[id]).within(account)
}

/// Activates a cycle. What is answered is not documented: it may be the cycle, or nothing.
pub fn activate(account: &str, id: &str, activation: &Activation<'_>) -> Request {
    Request::new(Method::Put, "/cycles/{id}/activate", &[id])
        .within(account)
        .body(body::plain(activation))
}

/// Stops a cycle; with `finish_queued` it first works off what is queued.
pub fn deactivate(account: &str, id: &str, finish_queued: bool) -> Request {
    Request::new(Method::Put, "/cycles/{id}/deactivate", &[id])
        .within(account)
        .query("finishQueuedTransactions", finish_queued.to_string())
        .body(body::empty())
}

/// Reads what a cycle still needs before it can run.
pub fn prerequisites(account: &str, id: &str) -> Call<Vec<Prerequisite>> {
    Call::new(Request::new(Method::Get, "/cycles/{id}/prerequisites", &[id]).within(account))
}

/// Lists the variables of a cycle.
pub fn variables(account: &str, id: &str) -> Call<Vec<Variable>> {
    Call::new(Request::new(Method::Get, "/cycles/{id}/variables", &[id]).within(account))
}

/// Sets many variables at once; 409 while the cycle runs.
pub fn set_variables(account: &str, id: &str, variables: &[VariableBody<'_>]) -> Request {
    Request::new(Method::Patch, "/cycles/{id}/variables", &[id])
        .within(account)
        .body(body::plain(&variables))
}
