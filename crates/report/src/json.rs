//! Plans and receipts for tools.

use crate::escape;
use crate::receipts::Applied;
use gangplank_model::SavedPlan;
use gangplank_model::file::applied_v1::{
    AppliedV1, QuarantinedV1, ReceiptV1, UnfinishedV1, WaveV1,
};
use gangplank_model::file::plan_v1::PlanV1;
use gangplank_model::{AccountEnd, AccountReport, Receipt};
use serde::Serialize;

/// A plan as JSON, version 1.
pub fn json(plan: &SavedPlan) -> String {
    pretty(&PlanV1::from(plan))
}

/// The digest that approves a plan.
pub fn digest(plan: &SavedPlan) -> String {
    PlanV1::from(plan).digest.unwrap_or_default()
}

/// A plan and what became of it, as JSON, version 1.
pub fn apply_json(applied: &Applied<'_>) -> String {
    let Applied {
        plan,
        receipts,
        accounts,
        waves,
        halt,
        next,
        elapsed: _,
        is_saved: _,
    } = applied;
    let reasons = accounts
        .iter()
        .filter_map(|it| Some((it.account.to_string(), it.why.clone()?)));
    let takes = plan.rollout.waves.iter();
    let unfinished = accounts.iter().filter_map(|it| {
        let is_unfinished = matches!(it.end, AccountEnd::Stopped | AccountEnd::NotBegun);
        is_unfinished.then(|| UnfinishedV1 {
            account: it.account.to_string(),
            end: it.end.word().to_owned(),
            why: cause(it, receipts),
        })
    });
    let quarantine = accounts.iter().filter(|it| it.end.is_failure());
    let quarantine = quarantine.map(|it| QuarantinedV1 {
        account: it.account.to_string(),
        end: it.end.word().to_owned(),
        cause: cause(it, receipts),
        next: next.only_failed.clone(),
    });
    pretty(&AppliedV1 {
        plan: (*plan).into(),
        receipts: receipts.iter().map(ReceiptV1::from).collect(),
        reasons: reasons.collect(),
        halt: halt.map(|halt| halt.word().to_owned()),
        quarantine: quarantine.collect(),
        unfinished: unfinished.collect(),
        waves: takes
            .zip(*waves)
            .map(|(takes, it)| WaveV1::new(takes, it))
            .collect(),
        next: next.go_on.clone(),
    })
}

/// Why an account did not end well: what ended its lane, else its first receipt that says why.
fn cause(account: &AccountReport, receipts: &[Receipt]) -> String {
    if let Some(why) = &account.why {
        return why.clone();
    }
    let mut its = receipts
        .iter()
        .filter(|it| it.address.account == account.account);
    let said = its.find_map(|it| Some((it.outcome.explanation()?, &it.verb)));
    match said {
        Some((why, verb)) => format!("{verb}: {why}"),
        None => "it was under way when the stop was asked for".to_owned(),
    }
}

/// A value as indented JSON that is fit to be shown.
pub(crate) fn pretty(value: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(value);
    escape::json(&json.expect("texts, numbers and lists of them are JSON")) + "\n"
}
