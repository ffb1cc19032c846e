//! The accounts and waves of an earlier run: which went wrong, and where its roll-out was.

use super::file::{self, Refused};
use crate::args::TargetArgs;
use crate::exit::Exit;
use crate::printer::{self, Printer};
use gangplank_executor::{PastFleet, PastSoak, Position, UnreadableJournal};
use gangplank_model::plan::grouped;
use gangplank_model::{Desired, Plan};
use gangplank_report::escape;
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::time::Duration;

/// Accounts that are named one by one.
const MOST_NAMED: usize = 10;

/// With `--only-failed`, leaves in the manifest what went wrong in those receipts, and nothing else.
pub(crate) fn narrow(
    args: &TargetArgs,
    desired: &mut Desired,
    printer: Printer,
) -> Result<(), Exit> {
    let Some(path) = &args.only_failed else {
        return Ok(());
    };
    let fleet = read(path, printer)?;
    let declared = desired.instance.as_ref().map(|it| it.api_url.as_str());
    let instance = if args.sandbox.is_some() {
        Some("embedded")
    } else {
        declared
    };
    if let Some(instance) = instance.filter(|it| *it != fleet.header.instance) {
        printer.error(&format!(
            "the receipts in {} are of {}, and this is {instance}; nothing was read or sent",
            path.display(),
            fleet.header.instance
        ));
        printer::hint("name receipts of this instance, or choose the other one with --instance");
        return Err(Exit::Invalid);
    }
    if fleet.went_wrong.is_empty() {
        let left = match fleet.not_begun {
            0 => String::new(),
            1 => " 1 account was not begun: leave --only-failed out.".to_owned(),
            left => format!(
                " {} accounts were not begun: leave --only-failed out.",
                grouped(left)
            ),
        };
        printer::message(&format!(
            "No account went wrong in {}.{left}\n",
            path.display()
        ));
        return Err(Exit::Done);
    }
    let accounts = &mut desired.accounts;
    accounts.retain(|account| fleet.went_wrong.contains(&account.id));
    let is_declared = |id: &&_| accounts.iter().any(|account| account.id == **id);
    let gone: Vec<String> = fleet
        .went_wrong
        .iter()
        .filter(|id| !is_declared(id))
        .map(|id| escape::line(id.as_str()))
        .collect();
    if !gone.is_empty() {
        let more = match gone.len().saturating_sub(MOST_NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let named = &gone[..gone.len().min(MOST_NAMED)];
        printer::message(&format!(
            "Left out, since the manifests do not declare them: {}{more}\n",
            named.join(", ")
        ));
    }
    // What is not declared here may be declared, and well: nobody is to be removed for that.
    if let Some(instance) = &mut desired.instance {
        instance.exclusive = None;
    }
    Ok(())
}

/// What a plan says of the accounts that it does not look at.
pub(crate) fn note(args: &TargetArgs, desired: &Desired) -> Option<String> {
    let path = args.only_failed.as_ref()?;
    let (count, s) = match desired.accounts.len() {
        1 => ("1".to_owned(), ""),
        count => (grouped(count), "s"),
    };
    Some(format!(
        "Only the {count} account{s} that went wrong in {} are looked at.",
        path.display()
    ))
}

/// Where the roll-out was. Receipts of other manifests say nothing of these, and neither do waves that
/// take something else by now: then it begins with its first wave.
pub(super) fn position(path: &Path, plan: &Plan) -> Position {
    let waves = &plan.rollout.waves;
    let Some(Ok(fleet)) = file::open(path).ok().map(PastFleet::read) else {
        return Position::default();
    };
    if !plan.rollout.is_some() || fleet.header.manifest_digest != plan.manifest_digest {
        return Position::default();
    }
    let is_same = |wave: usize, takes: &str| waves.get(wave).is_some_and(|it| it == takes);
    let passed = fleet
        .passed
        .iter()
        .filter(|(wave, takes)| is_same(**wave, takes));
    let passed = passed.map(|(wave, _)| wave + 1).max().unwrap_or(0);
    let soaking = fleet
        .soaking
        .filter(|it| it.wave == passed && is_same(it.wave, &it.takes));
    let Some(soaking) = soaking else {
        return Position {
            passed,
            ..Position::default()
        };
    };
    Position {
        passed,
        soaked: soaked(&soaking, Timestamp::now()),
        watched: soaking.watched,
    }
}

/// For how long a wave has been left to itself. Nobody knows where the clock says that it begins later.
fn soaked(soak: &PastSoak, now: Timestamp) -> Option<Duration> {
    let round: Timestamp = soak.round.parse().ok()?;
    let began = round
        .checked_add(SignedDuration::try_from(soak.at).ok()?)
        .ok()?;
    let since = Duration::try_from(now.duration_since(began)).ok()?;
    since.checked_add(soak.before)
}

fn read(path: &Path, printer: Printer) -> Result<PastFleet, Exit> {
    let shown = path.display();
    let remedy = "name the receipts of an earlier apply, or leave --only-failed out";
    let (why, remedy) = match file::open(path) {
        Ok(file) => match PastFleet::read(file) {
            Ok(fleet) => return Ok(fleet),
            Err(UnreadableJournal::Io(error)) => (
                format!("{shown} cannot be read: {error}"),
                remedy.to_owned(),
            ),
            Err(
                error @ (UnreadableJournal::Empty
                | UnreadableJournal::Version(_)
                | UnreadableJournal::Damaged { .. }),
            ) => (format!("{shown}: {error}"), remedy.to_owned()),
        },
        Err(Refused::Unsafe { why, remedy }) => (why, remedy),
        Err(Refused::Failed(error)) => (
            format!("{shown} cannot be read: {error}"),
            remedy.to_owned(),
        ),
    };
    printer.error(&format!("which accounts went wrong is not known: {why}"));
    printer::hint(&remedy);
    Err(Exit::Invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_soak_counts_from_its_record_and_goes_on_with_what_was_before() {
        let soak = PastSoak {
            wave: 0,
            takes: "10%".into(),
            round: "2026-01-01T00:00:00Z".into(),
            at: Duration::from_mins(1),
            before: Duration::from_secs(30),
            watched: Vec::new(),
        };
        let at = |text: &str| soaked(&soak, text.parse().unwrap()).map(|it| it.as_secs());
        assert_eq!(at("2026-01-01T00:03:00Z"), Some(150));
        assert_eq!(at("2026-01-01T00:01:00Z"), Some(30));
        assert_eq!(at("2026-01-01T00:00:00Z"), None, "the clock was set back");
    }
}
