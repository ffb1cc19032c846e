//! Waves that were asked for: whether they fit the manifest, and a plan that has them.

use crate::args::TargetArgs;
use crate::exit::Exit;
use crate::printer::{self, Printer};
use gangplank_model::suggest::nearest;
use gangplank_model::{Choice, Desired, Plan};
use std::collections::BTreeSet;

/// Refuses a wave by a label that no account has: without its canaries a roll-out shows nothing.
pub(crate) fn check(args: &TargetArgs, desired: &Desired, printer: Printer) -> Result<(), Exit> {
    let Some(waves) = args.rollout.waves() else {
        return Ok(());
    };
    let unmatched = waves.unmatched(desired);
    for choice in &unmatched {
        printer.error(&format!("no account has the label {choice}"));
        printer::hint(&remedy(choice, desired));
    }
    if unmatched.is_empty() {
        Ok(())
    } else {
        Err(Exit::Invalid)
    }
}

fn remedy(choice: &Choice, desired: &Desired) -> String {
    let labels = desired
        .accounts
        .iter()
        .flat_map(|account| account.labels.iter());
    let key_of = |key: &str| match choice {
        Choice::Label(None, _) => "label".to_owned(),
        Choice::Label(Some(_), _) | Choice::Share(_) => key.to_owned(),
    };
    let known: BTreeSet<String> = labels
        .map(|(key, value)| format!("{}={value}", key_of(key)))
        .collect();
    if known.is_empty() {
        return "give accounts `labels:` in the manifest, such as `labels: { wave: canary }`"
            .into();
    }
    let asked = choice.to_string();
    if let Some(meant) = nearest(&asked, known.iter().map(String::as_str)) {
        return format!("did you mean {meant}?");
    }
    let some: Vec<&str> = known.iter().take(10).map(String::as_str).collect();
    let more = if known.len() > some.len() {
        ", ..."
    } else {
        ""
    };
    format!("there are: {}{more}", some.join(", "))
}

/// Gives a plan the waves that were asked for.
pub(crate) fn lay(plan: &mut Plan, desired: &Desired, args: &TargetArgs) {
    if let Some(waves) = args.rollout.waves() {
        gangplank_planner::waves(plan, desired, &waves);
    }
}
