//! The end of an apply, for people.

use crate::escape;
use crate::layout::wrap;
use crate::options::{TextOptions, Tone};
use gangplank_model::plan::grouped;
use gangplank_model::{AccountId, Outcome, Plan, Receipt};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

/// What became of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Applied<'a> {
    /// What was to be done.
    pub plan: &'a Plan,
    /// One receipt an operation.
    pub receipts: &'a [Receipt],
    /// Why an account was not begun, or broke off, where no receipt says so.
    pub reasons: &'a BTreeMap<AccountId, String>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Draws what did not end well, account by account, and a last line that counts.
pub fn receipts(applied: &Applied<'_>, options: &TextOptions) -> String {
    let &Applied {
        plan,
        receipts,
        reasons,
        elapsed,
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
    let mut again = !skipped.is_empty();
    for receipt in receipts {
        let Some(why) = receipt.outcome.explanation() else {
            continue;
        };
        let account = receipt.address.account.as_str();
        let address = escape::line(&receipt.address.to_string());
        again |= receipt.outcome.is_failure();
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
    for (account, rest) in skipped {
        let s = if rest == 1 { "" } else { "s" };
        writeln!(text, "! {}: {rest} call{s} not made", escape::line(account))
            .expect("a String takes all");
        if let Some(why) = reasons.get(&AccountId::new(account)) {
            for line in wrap(&escape::line(why), options.width.saturating_sub(4).max(20)) {
                writeln!(text, "    {line}").expect("a String takes all");
            }
        }
    }
    if again {
        text.push_str("hint: apply again; what is done is not done twice\n\n");
    } else if !text.is_empty() {
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
