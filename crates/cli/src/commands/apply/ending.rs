//! How an apply ended: what is told, and the exit code.

use super::continuing;
use super::deadline::Deadline;
use crate::args::Format;
use crate::exit::Exit;
use crate::flow::Prepared;
use crate::printer::{self, Printer};
use gangplank_executor::{Report, Verdict};
use gangplank_model::{AccountEnd, AccountReport, Plan, Receipt};
use gangplank_report as report;
use std::path::Path;
use std::time::Duration;

/// What stopped an apply from outside.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stopped {
    /// The signal that asked for it.
    pub(super) by: Option<Exit>,
    /// Whether the deadline was over.
    pub(super) in_time: bool,
    /// Whether another apply may have begun.
    pub(super) lost: bool,
}

/// How it ended, and where that is recorded.
pub(super) struct Ended<'a> {
    pub(super) report: &'a Report,
    pub(super) prepared: &'a Prepared,
    pub(super) receipts: &'a Path,
    pub(super) elapsed: Duration,
}

/// The JSON of an apply that made no call.
pub(super) fn nothing_sent(plan: &Plan) {
    printer::result(&report::apply_json(&report::Applied {
        plan,
        receipts: &[],
        accounts: &[],
        waves: &[],
        halt: None,
        next: &report::Next::default(),
        elapsed: Duration::ZERO,
        is_saved: false,
    }));
}

/// Says how to go on where a stop came before anything was sent.
pub(super) fn nothing_begun(exit: Exit, deadline: Deadline) {
    let is_stop = match exit {
        Exit::HungUp | Exit::Interrupted | Exit::Terminated => true,
        Exit::Partial => deadline.is_over(),
        Exit::Done
        | Exit::Failed
        | Exit::Differs
        | Exit::Refused
        | Exit::Invalid
        | Exit::Auth
        | Exit::Unknown => false,
    };
    if is_stop {
        let command = continuing::command(&[]);
        printer::message(&format!("To begin anew:\n    {command}\n"));
    }
}

/// Says what is known when a second signal ended it at once.
pub(super) fn at_once(receipts: &Path) {
    let command = continuing::resume(receipts);
    printer::message(&format!(
        "\nEnded at once. Whether the calls under way were done is not known; applying again finds out:\n    \
         {command}\nReceipts: {}\n",
        receipts.display()
    ));
}

/// Prints how it ended.
pub(super) fn tell(ended: &Ended<'_>, format: Format, printer: Printer) {
    let receipts: Vec<Receipt> = ended.report.receipts().cloned().collect();
    let lanes = ended.report.lanes.iter();
    let accounts: Vec<AccountReport> = lanes
        .map(|lane| AccountReport {
            account: lane.account.clone(),
            end: lane.end,
            why: lane.why.clone(),
        })
        .collect();
    let applied = report::Applied {
        plan: &ended.prepared.plan,
        receipts: &receipts,
        accounts: &accounts,
        waves: &ended.report.waves,
        halt: ended.report.halt.as_ref(),
        next: &next(ended, &accounts),
        elapsed: ended.elapsed,
        is_saved: ended.prepared.is_saved,
    };
    match format {
        Format::Json => printer::result(&report::apply_json(&applied)),
        Format::Text => printer::last_result(&report::receipts(&applied, &printer.text_options())),
    }
    if let Some(why) = &ended.report.journal_failure {
        printer.error(&format!(
            "receipts could not be written, so nothing more was sent: {why}"
        ));
    }
    printer::message(&format!("Receipts: {}\n", ended.receipts.display()));
}

fn next(ended: &Ended<'_>, accounts: &[AccountReport]) -> report::Next {
    let Ended {
        report, receipts, ..
    } = ended;
    // A saved plan is applied as it is, or not at all: what is left needs another one.
    if ended.prepared.is_saved {
        return report::Next::default();
    }
    let is_left = |it: &AccountReport| matches!(it.end, AccountEnd::Stopped | AccountEnd::NotBegun);
    let is_open = report.has_unknown() || report.cancelled || report.journal_failure.is_some();
    let failed = accounts.iter().any(|it| it.end.is_failure());
    report::Next {
        go_on: (is_open || accounts.iter().any(is_left)).then(|| continuing::resume(receipts)),
        only_failed: failed.then(|| continuing::only_failed(receipts)),
    }
}

/// The exit code that the receipts deserve. Waiting for a person is no failure; a stale account is none
/// of its own, since the next apply has a plan that fits. What the deadline left unknown needs no person:
/// the next apply finds it out.
pub(super) fn judge(prepared: &Prepared, report: &Report, stopped: Stopped) -> Exit {
    if let Some(exit) = stopped.by {
        return exit;
    }
    if stopped.lost && !report.has_unknown() {
        return Exit::Partial;
    }
    if stopped.in_time && report.cancelled && !report.needs_a_person() {
        return Exit::Partial;
    }
    match report.verdict() {
        Verdict::Done if !prepared.unread.is_empty() || prepared.plan.summary.blocked > 0 => {
            Exit::Partial
        }
        Verdict::Done => Exit::Done,
        Verdict::Partial => Exit::Partial,
        Verdict::Failed => Exit::Failed,
        Verdict::Unknown => Exit::Unknown,
    }
}
