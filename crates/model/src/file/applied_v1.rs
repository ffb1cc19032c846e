//! Version 1 of the end of an apply as JSON.
//!
//! Tools may rely on it: keys are only added within version 1, and readers ignore those that they do
//! not know.

use super::plan_v1::PlanV1;
use super::receipts_v1::OutcomeV1;
use crate::ending::{WaveEnd, WaveReport};
use crate::receipt::Receipt;
use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A plan, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AppliedV1 {
    /// What was to be done.
    pub plan: PlanV1,
    /// One for each call of the plan.
    pub receipts: Vec<ReceiptV1>,
    /// By account: why it was not begun, or broke off, where no receipt says so.
    pub reasons: BTreeMap<String, String>,
    /// Why no further account was begun: `signal`, `deadline`, `lease`, `failures` or `held`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halt: Option<String>,
    /// The accounts that went wrong.
    #[serde(default)]
    pub quarantine: Vec<QuarantinedV1>,
    /// The accounts that did not go wrong, and are not done with.
    #[serde(default)]
    pub unfinished: Vec<UnfinishedV1>,
    /// The waves, where the plan has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waves: Vec<WaveV1>,
    /// The command that goes on, where something is left to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// How one call ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReceiptV1 {
    /// The object.
    pub address: String,
    /// The call's place in its account, from 0.
    pub index: usize,
    /// What was done, in a few words.
    pub verb: String,
    /// Method and route pattern.
    pub route: String,
    /// How it ended.
    pub outcome: OutcomeV1,
    /// Why it ended badly, and what to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// The id that the instance gave or has for the object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How many times it was sent.
    pub attempts: u32,
    /// From the first attempt to the outcome.
    pub milliseconds: u64,
}

/// An account that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QuarantinedV1 {
    /// The account.
    pub account: String,
    /// `failed`, `unknown` or `timed_out`.
    pub end: String,
    /// Why.
    pub cause: String,
    /// The command that works on the accounts of this list alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// An account that is not done with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnfinishedV1 {
    /// The account.
    pub account: String,
    /// `stopped` or `not_begun`.
    pub end: String,
    /// Why.
    pub why: String,
}

/// A wave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaveV1 {
    /// What it takes: `wave=canary`, `10%`.
    pub takes: String,
    /// How many of its accounts differed.
    pub accounts: usize,
    /// `nothing`, `not_begun`, `broken_off`, `held`, `soaking`, `passed` or `last`.
    pub end: String,
    /// Why it was held.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<String>,
    /// What was left of the time in which nothing is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_milliseconds: Option<u64>,
}

/// The JSON Schema of [`AppliedV1`].
pub fn schema() -> serde_json::Value {
    schema_for!(AppliedV1).to_value()
}

impl From<&Receipt> for ReceiptV1 {
    fn from(receipt: &Receipt) -> Self {
        Self {
            address: receipt.address.to_string(),
            index: receipt.index,
            verb: receipt.verb.clone(),
            route: receipt.route.to_owned(),
            outcome: (&receipt.outcome).into(),
            explanation: receipt.outcome.explanation().map(str::to_owned),
            id: receipt.id.clone(),
            attempts: receipt.attempts,
            milliseconds: u64::try_from(receipt.elapsed.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

impl WaveV1 {
    /// A wave, with what it takes.
    pub fn new(takes: &str, report: &WaveReport) -> Self {
        let left = match &report.end {
            WaveEnd::Soaking(left) => Some(u64::try_from(left.as_millis()).unwrap_or(u64::MAX)),
            _ => None,
        };
        Self {
            takes: takes.to_owned(),
            accounts: report.accounts,
            end: report.end.word().to_owned(),
            why: match &report.end {
                WaveEnd::Held(why) => why.clone(),
                _ => Vec::new(),
            },
            left_milliseconds: left,
        }
    }
}
