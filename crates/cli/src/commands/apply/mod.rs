//! `gangplank apply`: plan, show, ask, do; or do what was planned and approved before.

mod approval;
mod saved;

use crate::args::{ApplyArgs, Format};
use crate::exit::Exit;
use crate::flow::{self, Prepared};
use crate::lock::Lock;
use crate::printer::{self, Printer};
use crate::receipts::Receipts;
use crate::signal::{Signals, unless_stopped};
use gangplank_executor::{Canceller, Context, Listener, Report, Runtime, Settings, Verdict};
use gangplank_model::{Plan, Receipt};
use gangplank_report as report;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub(super) async fn run(args: &ApplyArgs, printer: Printer) -> Exit {
    let mut lock = Lock::of(&args.lock);
    let prepared = match &args.approved.plan {
        Some(file) => saved::prepare(args, file, &mut lock, printer).await,
        None => flow::prepare(&args.target, true, &mut lock, printer).await,
    };
    let mut prepared = match prepared {
        Ok(prepared) => prepared,
        Err(exit) => {
            lock.leave().await;
            return exit;
        }
    };
    let exit = rounds(args, &mut prepared, printer).await;
    lock.leave().await;
    prepared.close().await;
    exit
}

/// One round; and a second one where the first could plan accounts only, since the instance shows
/// its library to accounts alone. Each has its plan and its approval; both have one file of receipts.
async fn rounds(args: &ApplyArgs, prepared: &mut Prepared, printer: Printer) -> Exit {
    let mut receipts = match Receipts::open(args, &prepared.plan, printer) {
        Ok(receipts) => receipts,
        Err(exit) => return exit,
    };
    let first = approve_and_apply(args, prepared, printer, &mut receipts).await;
    if !prepared.unplanned || !matches!(first, Exit::Done | Exit::Partial) {
        return first;
    }
    if approval::is_given(args) {
        return approval::one_round(printer);
    }
    printer::message(
        "\nThe accounts are there, so that the connector library can be read: planning the rest.\n",
    );
    if let Err(exit) = prepared.again(&args.target, printer).await {
        return exit;
    }
    let second = approve_and_apply(args, prepared, printer, &mut receipts).await;
    match second {
        Exit::Done if prepared.unplanned => Exit::Partial,
        Exit::Done => first,
        second => second,
    }
}

async fn approve_and_apply(
    args: &ApplyArgs,
    prepared: &mut Prepared,
    printer: Printer,
    receipts: &mut Receipts,
) -> Exit {
    let plan = &prepared.plan;
    let text = args.target.format == Format::Text;
    if text {
        printer::result(&flow::show(plan, printer));
    }
    if let Err(refused) = prepared.refuse(printer) {
        if !text {
            nothing_sent(plan);
        }
        return refused;
    }
    if let Err(refused) = approval::check(args, prepared) {
        if !text {
            nothing_sent(plan);
        }
        return refused.tell(printer);
    }
    if plan.operation_count() == 0 {
        if !text {
            nothing_sent(plan);
        }
        return if !prepared.unread.is_empty() || plan.summary.blocked > 0 {
            Exit::Partial
        } else {
            Exit::Done
        };
    }
    if !args.auto_approve
        && !approval::is_given(args)
        && let Err(exit) = ask(args.target.format, printer).await
    {
        return exit;
    }
    if let Err(exit) = prepared.lease.check(printer) {
        return exit;
    }
    match apply(args, prepared, printer, receipts).await {
        Ok((report, stopped)) => judge(prepared, &report, stopped),
        Err(exit) => exit,
    }
}

/// The JSON of an apply that made no call.
fn nothing_sent(plan: &Plan) {
    printer::result(&report::apply_json(&report::Applied {
        plan,
        receipts: &[],
        reasons: &BTreeMap::new(),
        elapsed: Duration::ZERO,
        is_saved: false,
    }));
}

async fn ask(format: Format, printer: Printer) -> Result<(), Exit> {
    if format == Format::Json {
        printer.error("a plan in JSON is not shown for approval, so nothing was sent");
        printer::hint("add --auto-approve, or leave --format json out");
        return Err(Exit::Refused);
    }
    if !printer::can_ask() {
        printer.error("nobody can be asked to approve the plan, so nothing was sent");
        printer::hint("review the plan, then run `gangplank apply --auto-approve`");
        return Err(Exit::Refused);
    }
    // Waited for on a thread of its own, so that a signal is heard meanwhile.
    let asked = tokio::task::spawn_blocking(|| {
        printer::ask("\nApply these changes? Only `yes` is taken: ")
    });
    let answer = unless_stopped(printer, async { Ok(asked.await) }).await?;
    match answer {
        Ok(Ok(answer)) if answer == "yes" => Ok(()),
        Ok(Ok(_) | Err(_)) | Err(_) => {
            printer::message("Not approved; nothing was sent.\n");
            Err(Exit::Refused)
        }
    }
}

/// Applies, telling progress; also says how to end where it was stopped.
async fn apply(
    args: &ApplyArgs,
    prepared: &mut Prepared,
    printer: Printer,
    receipts: &mut Receipts,
) -> Result<(Report, Option<Exit>), Exit> {
    let journal = receipts.begin(args, &prepared.plan, printer).await?;
    let progress = Arc::new(Mutex::new(report::Progress::new(report::ProgressOptions {
        interactive: printer.interactive,
        color: printer.color_err,
        writer: Box::new(std::io::stderr()),
    })));
    let (canceller, cancel) = Canceller::new();
    let mut signals = Signals::listen().map_err(|error| {
        printer.error(&format!("signals cannot be listened to: {error}"));
        Exit::Failed
    })?;
    let settle = Duration::from_secs(args.settle);
    let runtime = Runtime {
        client: prepared.connection.client.clone(),
        context: Arc::new(Context {
            secrets: prepared.secrets.clone(),
            mark_key: prepared.connection.mark_key.clone(),
            settings: Settings {
                concurrency: usize::from(args.target.concurrency),
                settle,
                ..Settings::default()
            },
            preconditions: prepared.to_check(),
            earlier: receipts.earlier(settle),
        }),
        journal,
        events: listener(progress.clone()),
        cancel,
    };
    let started = Instant::now();
    let mut applying = std::pin::pin!(gangplank_executor::apply(&prepared.plan, runtime));
    let (mut stopped, mut lost) = (None, false);
    let report = loop {
        tokio::select! {
            biased;
            () = prepared.lease.lost(printer), if !lost => {
                lost = true;
                canceller.cancel();
            }
            report = &mut applying => break report,
            exit = signals.next() => {
                if stopped.is_some() {
                    prepared.lease.abandon();
                    return Err(exit);
                }
                stopped = Some(exit);
                canceller.cancel();
                printer::message("\nStopping: calls under way are finished, no new one is made. Again to end at once.\n");
            }
        }
    };
    if let Ok(mut progress) = progress.lock() {
        progress.finish();
    }
    tell(
        &report,
        prepared,
        (args.target.format, started.elapsed()),
        printer,
    );
    receipts.tell(&report);
    let lost = (lost && !report.has_unknown()).then_some(Exit::Partial);
    Ok((report, stopped.or(lost)))
}

fn listener(progress: Arc<Mutex<report::Progress>>) -> Listener {
    Arc::new(move |event| {
        if let Ok(mut progress) = progress.lock() {
            progress.event(&event);
        }
    })
}

/// Prints how it ended.
fn tell(
    report: &Report,
    prepared: &Prepared,
    (format, elapsed): (Format, Duration),
    printer: Printer,
) {
    let receipts: Vec<Receipt> = report.receipts().cloned().collect();
    let reasons = report
        .lanes
        .iter()
        .filter_map(|lane| Some((lane.account.clone(), lane.why.clone()?)));
    let reasons = reasons.collect();
    let applied = report::Applied {
        plan: &prepared.plan,
        receipts: &receipts,
        reasons: &reasons,
        elapsed,
        is_saved: prepared.is_saved,
    };
    printer::result(&match format {
        Format::Json => report::apply_json(&applied),
        Format::Text => report::receipts(&applied, &printer.text_options()),
    });
    if let Some(why) = &report.journal_failure {
        printer.error(&format!(
            "receipts could not be written, so nothing more was sent: {why}"
        ));
    }
}

/// The exit code that the receipts deserve. Waiting for a person is no failure; a stale account is none
/// of its own, since the next apply has a plan that fits.
fn judge(prepared: &Prepared, report: &Report, stopped: Option<Exit>) -> Exit {
    if let Some(exit) = stopped {
        return exit;
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
