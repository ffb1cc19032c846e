//! Plans and receipts for tools.

use gangplank_model::file::plan_v1::PlanV1;
use gangplank_model::{Plan, Receipt};
use serde::Serialize;

/// A plan as JSON, version 1.
pub fn json(plan: &Plan) -> String {
    pretty(&PlanV1::from(plan))
}

/// The end of an apply: the plan, and a receipt for each of its operations.
#[derive(Serialize)]
struct Applied<'a> {
    plan: PlanV1,
    receipts: Vec<ReceiptView<'a>>,
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
pub fn apply_json(plan: &Plan, receipts: &[Receipt]) -> String {
    let receipts = receipts
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
    pretty(&Applied {
        plan: plan.into(),
        receipts,
    })
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("texts, numbers and lists of them are JSON") + "\n"
}
