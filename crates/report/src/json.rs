//! Plans and receipts for tools.

use crate::escape;
use crate::receipts::Applied;
use gangplank_model::SavedPlan;
use gangplank_model::file::plan_v1::PlanV1;
use serde::Serialize;
use std::collections::BTreeMap;

/// A plan as JSON, version 1.
pub fn json(plan: &SavedPlan) -> String {
    pretty(&PlanV1::from(plan))
}

/// The digest that approves a plan.
pub fn digest(plan: &SavedPlan) -> String {
    PlanV1::from(plan).digest.unwrap_or_default()
}

/// The end of an apply: the plan, and a receipt for each of its operations.
#[derive(Serialize)]
struct AppliedView<'a> {
    plan: PlanV1,
    receipts: Vec<ReceiptView<'a>>,
    /// Why an account was not begun, or broke off, where no receipt says so.
    reasons: BTreeMap<&'a str, &'a str>,
}

#[derive(Serialize)]
struct ReceiptView<'a> {
    address: String,
    index: usize,
    verb: &'a str,
    route: &'a str,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    attempts: u32,
    milliseconds: u128,
}

/// A plan and what became of it, as JSON.
pub fn apply_json(applied: &Applied<'_>) -> String {
    let receipts = applied
        .receipts
        .iter()
        .map(|receipt| ReceiptView {
            address: receipt.address.to_string(),
            index: receipt.index,
            verb: &receipt.verb,
            route: receipt.route,
            outcome: receipt.outcome.word(),
            explanation: receipt.outcome.explanation(),
            id: receipt.id.as_deref(),
            attempts: receipt.attempts,
            milliseconds: receipt.elapsed.as_millis(),
        })
        .collect();
    let reasons = applied
        .reasons
        .iter()
        .map(|(account, why)| (account.as_str(), why.as_str()));
    pretty(&AppliedView {
        plan: applied.plan.into(),
        receipts,
        reasons: reasons.collect(),
    })
}

/// A value as indented JSON that is fit to be shown.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(value);
    escape::json(&json.expect("texts, numbers and lists of them are JSON")) + "\n"
}
