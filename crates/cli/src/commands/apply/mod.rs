//! `gangplank apply`: plan, show, ask, do; or do what was planned and approved before.

mod approval;
mod continuing;
mod deadline;
mod ending;
mod saved;

use self::deadline::Deadline;
use self::ending::{Ended, Stopped, judge, nothing_sent};
use crate::args::{ApplyArgs, Format};
use crate::exit::Exit;
use crate::flow::{self, Prepared};
use crate::lock::Lock;
use crate::printer::{self, Printer};
use crate::receipts::Receipts;
use crate::signal::{Signals, unless_stopped};
use gangplank_executor::{Canceller, Cause, Context, Listener, Report, Runtime, Settings};
use gangplank_report as report;
use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What was asked for, until when, and whom to tell.
#[derive(Clone, Copy)]
struct Errand<'a> {
    args: &'a ApplyArgs,
    deadline: Deadline,
    printer: Printer,
    /// Whether accounts were not begun, so that no further round is to begin either.
    halted: &'a Cell<bool>,
}

pub(super) async fn run(args: &ApplyArgs, printer: Printer) -> Exit {
    let deadline = Deadline::new(args.budget.deadline.map(|it| it.0));
    let mut lock = Lock::of(&args.lock);
    let preparing = async {
        match &args.approved.plan {
            Some(file) => saved::prepare(args, file, &mut lock, printer).await,
            None => flow::prepare(&args.target, true, &mut lock, printer).await,
        }
    };
    let mut prepared = match deadline.bound(preparing).await {
        Ok(prepared) => prepared,
        Err(exit) => {
            lock.leave().await;
            ending::nothing_begun(exit, deadline);
            return exit;
        }
    };
    let errand = Errand {
        args,
        deadline,
        printer,
        halted: &Cell::new(false),
    };
    let exit = rounds(errand, &mut prepared).await;
    lock.leave().await;
    prepared.close().await;
    exit
}

/// One round; and a second one where the first could plan accounts only, since the instance shows
/// its library to accounts alone. Each has its plan and its approval; both have one file of receipts.
async fn rounds(errand: Errand<'_>, prepared: &mut Prepared) -> Exit {
    let mut receipts = match Receipts::open(errand.args, &prepared.plan, errand.printer) {
        Ok(receipts) => receipts,
        Err(exit) => return exit,
    };
    let first = approve_and_apply(errand, prepared, &mut receipts).await;
    let is_over = errand.halted.get() || !matches!(first, Exit::Done | Exit::Partial);
    if !prepared.unplanned || is_over {
        return first;
    }
    if approval::is_given(errand.args) {
        return approval::one_round(errand.printer);
    }
    printer::message(
        "\nThe accounts are there, so that the connector library can be read: planning the rest.\n",
    );
    let again = prepared.again(&errand.args.target, errand.printer);
    if let Err(exit) = errand.deadline.bound(again).await {
        return exit;
    }
    let second = approve_and_apply(errand, prepared, &mut receipts).await;
    match second {
        Exit::Done if prepared.unplanned => Exit::Partial,
        Exit::Done => first,
        second => second,
    }
}

async fn approve_and_apply(
    errand: Errand<'_>,
    prepared: &mut Prepared,
    receipts: &mut Receipts,
) -> Exit {
    let Errand { args, printer, .. } = errand;
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
        && let Err(exit) = errand
            .deadline
            .bound(ask(args.target.format, printer))
            .await
    {
        ending::nothing_begun(exit, errand.deadline);
        return exit;
    }
    if let Err(exit) = prepared.lease.check(printer) {
        return exit;
    }
    match apply(errand, prepared, receipts).await {
        Ok((report, stopped)) => {
            errand.halted.set(report.halt.is_some());
            judge(prepared, &report, stopped)
        }
        Err(exit) => exit,
    }
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

/// Applies, telling progress; also says what stopped it, if anything did.
async fn apply(
    errand: Errand<'_>,
    prepared: &mut Prepared,
    receipts: &mut Receipts,
) -> Result<(Report, Stopped), Exit> {
    let Errand {
        args,
        deadline,
        printer,
        ..
    } = errand;
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
                settle,
                account_timeout: args.budget.account_timeout.map(|it| it.0),
                max_failures: args.budget.most_failures(prepared.plan.working_lanes()),
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
    let position = receipts.position(&prepared.plan);
    let applying = gangplank_executor::apply_from(&prepared.plan, runtime, position);
    let mut applying = std::pin::pin!(applying);
    let mut stopped = Stopped::default();
    let report = loop {
        tokio::select! {
            biased;
            () = prepared.lease.lost(printer), if !stopped.lost => {
                stopped.lost = true;
                canceller.stop(Cause::Lease);
            }
            report = &mut applying => break report,
            exit = signals.next() => {
                if stopped.by.is_some() {
                    prepared.lease.abandon();
                    ending::at_once(receipts.path());
                    return Err(exit);
                }
                stopped.by = Some(exit);
                canceller.cancel();
                printer::message("\nStopping: calls under way are finished, no new one is made. Again to end at once.\n");
            }
            () = deadline.over(), if !stopped.in_time => {
                stopped.in_time = true;
                canceller.stop(Cause::Deadline);
                printer::message(&format!(
                    "\nThe deadline of {} is over: calls under way are finished, no new one is made.\n",
                    deadline.spelled()
                ));
            }
        }
    };
    if let Ok(mut progress) = progress.lock() {
        progress.finish();
    }
    let ended = Ended {
        report: &report,
        prepared,
        receipts: receipts.path(),
        elapsed: started.elapsed(),
    };
    ending::tell(&ended, args.target.format, printer);
    Ok((report, stopped))
}

fn listener(progress: Arc<Mutex<report::Progress>>) -> Listener {
    Arc::new(move |event| {
        if let Ok(mut progress) = progress.lock() {
            progress.event(&event);
        }
    })
}
