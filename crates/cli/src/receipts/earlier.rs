//! The receipts of an earlier run: what it may still have under way is waited for.

use super::file::{self, FOLDER, Refused};
use crate::exit::Exit;
use crate::printer::{self, Printer};
use gangplank_executor::{Earlier, PastRun, UnreadableJournal};
use gangplank_model::Plan;
use gangplank_model::file::receipts_v1::OutcomeV1;
use gangplank_report::escape;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// So long may a call that was recorded wait for its turn and be under way before it arrives: a minute
/// that the instance asked for, and a call's own bound.
const ON_ITS_WAY: Duration = Duration::from_secs(90);

/// Files of the folder that are looked at.
const MOST_FILES: usize = 100;

/// Open calls that are named one by one.
const MOST_NAMED: usize = 10;

/// An earlier run that this one goes on from.
#[derive(Debug)]
pub(crate) struct Resumed {
    path: PathBuf,
    run: PastRun,
    /// Still other runs that ended just now.
    others: Vec<PastRun>,
}

/// How much longer something may be done.
#[derive(Clone, Copy, Debug)]
struct Age {
    now: Timestamp,
    settle: Duration,
}

/// Reads what `--resume` names, for the instance of the plan.
pub(crate) fn resume(
    asked: Option<&Path>,
    plan: &Plan,
    settle: Duration,
    printer: Printer,
) -> Result<Option<Resumed>, Exit> {
    let Some(asked) = asked else {
        return Ok(None);
    };
    let instance = &plan.instance.api_url;
    let resumed = if asked == Path::new("last") {
        last(instance, settle, printer)?
    } else {
        let run = read(asked, printer)?;
        if run.header.instance != *instance {
            printer.error(&format!(
                "the receipts in {} are of {}, and this is {instance}; nothing was sent",
                asked.display(),
                run.header.instance
            ));
            printer::hint("name receipts of this instance, or leave --resume out");
            return Err(Exit::Invalid);
        }
        Some(Resumed {
            path: asked.to_owned(),
            run,
            others: Vec::new(),
        })
    };
    match &resumed {
        Some(resumed) => resumed.tell(plan, settle),
        None => printer::message(&format!(
            "There are no receipts of this instance in {FOLDER}, so that there is nothing to go on from.\n"
        )),
    }
    Ok(resumed)
}

/// The newest receipts of an instance in the usual folder, and those of runs that ended just now.
fn last(instance: &str, settle: Duration, printer: Printer) -> Result<Option<Resumed>, Exit> {
    let entries = fs::read_dir(FOLDER).into_iter().flatten().flatten();
    let dated = entries.filter_map(|entry| {
        let found = fs::symlink_metadata(entry.path()).ok()?;
        let is_ours = found.is_file() && entry.path().extension().is_some_and(|it| it == "jsonl");
        is_ours.then_some((found.modified().ok()?, entry.path()))
    });
    let mut dated: Vec<(SystemTime, PathBuf)> = dated.collect();
    dated.sort();
    let mut resumed: Option<Resumed> = None;
    for (modified, path) in dated.into_iter().rev().take(MOST_FILES) {
        let age = modified.elapsed().unwrap_or_default();
        if resumed.is_some() && age > settle.saturating_add(ON_ITS_WAY) {
            break;
        }
        let Some(run) = read_any(&path, printer)? else {
            continue;
        };
        if run.header.instance != instance {
            continue;
        }
        match &mut resumed {
            Some(resumed) => resumed.others.push(run),
            None => {
                resumed = Some(Resumed {
                    path,
                    run,
                    others: Vec::new(),
                });
            }
        }
    }
    Ok(resumed)
}

fn read(path: &Path, printer: Printer) -> Result<PastRun, Exit> {
    if let Some(run) = read_any(path, printer)? {
        return Ok(run);
    }
    printer.error(&format!(
        "there are no records in {}, so that there is nothing to go on from",
        path.display()
    ));
    printer::hint("the run that made it sent nothing: leave --resume out");
    Err(Exit::Invalid)
}

/// `None` says that nothing was recorded: that run sent nothing.
fn read_any(path: &Path, printer: Printer) -> Result<Option<PastRun>, Exit> {
    let shown = path.display();
    let file = file::open(path).map_err(|refused| {
        let (why, remedy) = match refused {
            Refused::Unsafe { why, remedy } => (why, remedy),
            Refused::Failed(error) => (
                format!("{shown} cannot be read: {error}"),
                "name other receipts, or leave --resume out".to_owned(),
            ),
        };
        printer.error(&format!("the earlier run is not known: {why}"));
        printer::hint(&remedy);
        Exit::Invalid
    })?;
    let why = match PastRun::read(file) {
        Ok(run) => return Ok(Some(run)),
        Err(UnreadableJournal::Empty) => return Ok(None),
        Err(UnreadableJournal::Io(error)) => format!("it cannot be read: {error}"),
        Err(error @ (UnreadableJournal::Version(_) | UnreadableJournal::Damaged { .. })) => {
            error.to_string()
        }
    };
    printer.error(&format!(
        "{shown} does not tell what the earlier run did: {why}"
    ));
    printer::hint(
        "leave --resume out, best when --settle seconds have gone by since that run ended: the instance \
         itself says what is done",
    );
    Err(Exit::Invalid)
}

impl Age {
    /// How much longer a call may be done that was recorded at some moment of a round. Where the clock
    /// was set back, nobody knows how long ago that was, and the whole window is waited for.
    fn left(self, round: &str, at: Duration) -> Duration {
        let Some(age) = self.since(round, at) else {
            return self.settle;
        };
        self.settle.saturating_sub(age.saturating_sub(ON_ITS_WAY))
    }

    /// How long ago it was; `None` when it is in the future, or no time at all.
    fn since(self, round: &str, at: Duration) -> Option<Duration> {
        let round: Timestamp = round.parse().ok()?;
        let moment = round.checked_add(SignedDuration::try_from(at).ok()?).ok()?;
        Duration::try_from(self.now.duration_since(moment)).ok()
    }
}

impl Resumed {
    /// The file of its receipts.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What is still to be waited for, counted from now.
    pub(crate) fn earlier(&self, settle: Duration) -> Earlier {
        let now = Timestamp::now();
        let runs = self.others.iter().chain([&self.run]);
        Earlier::new(runs.flat_map(|run| {
            let age = Self::age(run, now, settle);
            let open = run.open.iter().cloned();
            open.map(move |call| {
                let left = age.map_or(settle, |age| age.left(&call.round, call.at));
                (call, left)
            })
        }))
    }

    /// A clock by which the run's last record is still to come says nothing.
    fn age(run: &PastRun, now: Timestamp, settle: Duration) -> Option<Age> {
        let age = Age { now, settle };
        age.since(&run.last_round, run.last_record).map(|_| age)
    }

    fn tell(&self, plan: &Plan, settle: Duration) {
        let run = &self.run;
        let now = Timestamp::now();
        let age = Self::age(run, now, settle);
        let mut text = format!(
            "Going on from the run of {} ({}): {}.\n",
            escape::line(&run.header.started),
            self.path.display(),
            ended(&run.ended)
        );
        if run.header.manifest_digest != plan.manifest_digest {
            text.push_str("  The manifests have changed since.\n");
        }
        if run.torn > 0 {
            let _ = writeln!(
                text,
                "  Its last line was cut off after {} bytes: what it was to record was not sent.",
                run.torn
            );
        }
        if age.is_none() {
            text.push_str(
                "  By this machine's clock it is still to come: the whole settle window is waited for.\n",
            );
        }
        let mut open: Vec<_> = run.open.iter().collect();
        open.extend(self.others.iter().flat_map(|other| &other.open));
        if open.is_empty() {
            text.push_str("  It left nothing open.\n");
        }
        for call in open.iter().take(MOST_NAMED) {
            let when = match age.and_then(|age| age.since(&call.round, call.at)) {
                Some(ago) => format!("{} s ago", ago.as_secs()),
                None => "some time ago".to_owned(),
            };
            let _ = writeln!(
                text,
                "  ? {}: {}, begun {when}, may still be done",
                escape::line(&call.address.to_string()),
                escape::line(&call.verb)
            );
        }
        if let Some(more @ 1..) = open.len().checked_sub(MOST_NAMED) {
            let _ = writeln!(text, "  ? and {more} more calls");
        }
        printer::message(&text);
    }
}

fn ended(ended: &BTreeMap<OutcomeV1, u64>) -> String {
    let count = |outcome| ended.get(&outcome).copied().unwrap_or(0);
    let words = [
        (count(OutcomeV1::Done) + count(OutcomeV1::Confirmed), "done"),
        (count(OutcomeV1::Waiting), "waiting"),
        (
            count(OutcomeV1::Refused) + count(OutcomeV1::Diverged),
            "refused",
        ),
        (count(OutcomeV1::Skipped), "not tried"),
        (count(OutcomeV1::Unknown), "unknown"),
    ];
    let words: Vec<String> = words
        .iter()
        .filter(|(count, word)| *count > 0 || *word == "done")
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    words.join(", ")
}
