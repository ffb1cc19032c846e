//! The end of an apply, for people.

use crate::ending;
use crate::escape;
use crate::layout::wrap;
use crate::options::{TextOptions, Tone};
use gangplank_model::plan::grouped;
use gangplank_model::{
    AccountEnd, AccountId, AccountReport, Halt, Outcome, Plan, Receipt, WaveReport,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

/// What became of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// What was to be done.
    pub plan: &'a Plan,
    /// One receipt an operation.
    pub receipts: &'a [Receipt],
    /// One for each account of the plan.
    pub accounts: &'a [AccountReport],
    /// One for each wave of the plan.
    pub waves: &'a [WaveReport],
    /// Why no further account was begun.
    pub halt: Option<&'a Halt>,
    /// What helps next.
    pub next: &'a Next,
    /// How long it took.
    pub elapsed: Duration,
    /// Whether the plan came from a file, so that a stale one stays stale.
    pub is_saved: bool,
}

/// The commands that go on, ready to be copied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Next {
    /// Does what is left to do.
    pub go_on: Option<String>,
    /// Works on the accounts alone that went wrong.
    pub only_failed: Option<String>,
}

/// Draws what did not end well, account by account, and a last line that counts.
pub fn receipts(applied: &Applied<'_>, options: &TextOptions) -> String {
    let &Applied {
        plan,
        receipts,
        accounts,
        elapsed,
        is_saved,
        ..
    } = applied;
    let mut text = String::new();
    let mut counts = Counts::default();
    let mut skipped: BTreeMap<&str, usize> = BTreeMap::new();
    for receipt in receipts {
        counts.count(&receipt.outcome);
        if receipt.outcome == Outcome::Skipped {
            *skipped.entry(receipt.address.account.as_str()).or_default() += 1;
        }
    }
    let hints = hints(receipts, is_saved);
    for receipt in receipts {
        let Some(why) = receipt.outcome.explanation() else {
            continue;
        };
        let account = receipt.address.account.as_str();
        let address = escape::line(&receipt.address.to_string());
        let symbol = if matches!(receipt.outcome, Outcome::Unknown(_)) {
            "?"
        } else {
            "!"
        };
        let head = format!(
            "{symbol} {address}: {} ({})",
            escape::line(&receipt.verb),
            receipt.outcome.word()
        );
        text.push_str(&options.paint(Tone::Bad, &head));
        text.push('\n');
        for line in wrap(&escape::line(why), options.width.saturating_sub(4).max(20)) {
            writeln!(text, "    {line}").expect("a String takes all");
        }
        if let Some(rest) = skipped.remove(account) {
            let s = if rest == 1 { "" } else { "s" };
            writeln!(text, "    {rest} later call{s} of this account left out")
                .expect("a String takes all");
        }
    }
    for account in accounts.iter().filter(|it| it.end != AccountEnd::NotBegun) {
        let rest = skipped.remove(account.account.as_str());
        let why = match (&account.why, account.end, rest) {
            (Some(why), _, _) => why,
            (None, AccountEnd::Stopped, Some(_)) => "it was under way when the stop was asked for",
            (None, _, _) => continue,
        };
        let name = escape::line(account.account.as_str());
        let head = match rest {
            Some(1) => format!("! {name}: 1 call not made"),
            Some(rest) => format!("! {name}: {rest} calls not made"),
            None => format!("! {name}"),
        };
        text.push_str(&options.paint(Tone::Bad, &head));
        text.push('\n');
        for line in wrap(&escape::line(why), options.width.saturating_sub(4).max(20)) {
            writeln!(text, "    {line}").expect("a String takes all");
        }
    }
    // The command that goes on says it better.
    let said = |hint: &&&str| **hint == AGAIN && applied.next.go_on.is_some();
    for hint in hints.iter().filter(|hint| !said(hint)) {
        writeln!(text, "hint: {hint}").expect("a String takes all");
    }
    text.push_str(&ending::draw(applied, options));
    if !text.is_empty() {
        text.push('\n');
    }
    let waiting = plan.summary.waiting + counts.waiting;
    let last = format!(
        "Applied: {} done, {} failed, {} skipped, {} waiting ({} account{}) in {:.1} s",
        grouped(counts.done),
        grouped(counts.failed),
        grouped(counts.skipped),
        grouped(waiting),
        grouped(plan.lanes.len()),
        if plan.lanes.len() == 1 { "" } else { "s" },
        elapsed.as_secs_f64()
    );
    let tone = if counts.failed + counts.skipped > 0 {
        Tone::Bad
    } else {
        Tone::Good
    };
    text.push_str(&options.paint(tone, &last));
    text.push('\n');
    text
}

/// What helps where something is left to do.
const AGAIN: &str = "apply again; what is done is not done twice";

/// What helps: to apply again, or to mend first what a plain no speaks of.
fn hints(receipts: &[Receipt], is_saved: bool) -> Vec<&'static str> {
    // What was sent several times was not refused for what it says, but for the time being.
    let refused = |it: &&Receipt| matches!(it.outcome, Outcome::Refused(_)) && it.attempts < 2;
    let refused: BTreeSet<&AccountId> = receipts
        .iter()
        .filter(refused)
        .map(|it| &it.address.account)
        .collect();
    let again = receipts.iter().any(|it| match it.outcome {
        Outcome::Unknown(_) | Outcome::Diverged(_) => true,
        Outcome::Refused(_) => it.attempts > 1,
        Outcome::Skipped => !refused.contains(&it.address.account),
        Outcome::Done | Outcome::Confirmed | Outcome::Waiting(_) => false,
    });
    let mut hints = Vec::new();
    if !refused.is_empty() {
        hints.push(
            "mend what was refused, in the manifest or at Cyclr; until then it is refused again",
        );
    }
    if again && is_saved {
        hints.push("plan again, and apply that; what is done is not planned twice");
    } else if again {
        hints.push(AGAIN);
    }
    hints
}

#[derive(Default)]
struct Counts {
    done: usize,
    failed: usize,
    skipped: usize,
    waiting: usize,
}

impl Counts {
    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Done | Outcome::Confirmed => self.done += 1,
            Outcome::Refused(_) | Outcome::Diverged(_) | Outcome::Unknown(_) => self.failed += 1,
            Outcome::Skipped => self.skipped += 1,
            Outcome::Waiting(_) => self.waiting += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::Address;

    fn receipt(account: &str, outcome: Outcome, attempts: u32) -> Receipt {
        Receipt {
            address: Address::account(&AccountId::new(account)),
            index: 0,
            verb: "change".into(),
            route: "PUT /accounts/{id}",
            outcome,
            id: None,
            attempts,
            elapsed: Duration::ZERO,
        }
    }

    #[test]
    fn to_apply_again_is_said_where_it_can_help() {
        let refused = |attempts| receipt("a", Outcome::Refused("no".into()), attempts);
        let skipped = |account| receipt(account, Outcome::Skipped, 0);
        let words = |receipts: &[Receipt]| -> Vec<&str> {
            let hints = hints(receipts, false);
            let first = hints.iter().map(|hint| hint.split(' ').next().unwrap());
            first.collect()
        };
        assert_eq!(words(&[refused(1), skipped("a")]), ["mend"]);
        assert_eq!(words(&[refused(1), skipped("b")]), ["mend", "apply"]);
        assert_eq!(words(&[refused(5), skipped("a")]), ["apply"]);
        let unknown = receipt("a", Outcome::Unknown("?".into()), 1);
        assert_eq!(words(&[unknown]), ["apply"]);
        let diverged = receipt("b", Outcome::Diverged("other".into()), 1);
        assert_eq!(words(&[refused(0), diverged]), ["mend", "apply"]);
        assert!(words(&[receipt("a", Outcome::Waiting("w".into()), 1)]).is_empty());
    }
}
