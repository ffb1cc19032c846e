//! `plan`: the table of contents.

use crate::context::Context;
use crate::diff::Pass;
use crate::family;
use crate::inside;
use crate::library::Library;
use crate::moves::{connector_names, template_names};
use crate::notes::notes;
use crate::order;
use crate::order::Leaving;
use crate::protect::asked;
use gangplank_model::code;
use gangplank_model::moves::circles;
use gangplank_model::plan::grouped;
use gangplank_model::{
    Action, Desired, Diagnostic, Diagnostics, Exclusive, Lane, Live, Plan, Presence, Problems,
    Reason, Rollout, Summary,
};

/// Works out how the live side differs from the desired side, and the calls that make it tally.
///
/// An error among the diagnostics means that nothing may be sent. The plan is whole where only safety
/// refuses it: what is protected, too many removals, an exclusive instance without accounts.
pub fn plan(desired: &Desired, live: &Live, context: &Context) -> (Plan, Diagnostics) {
    let mut pass = Pass {
        context,
        library: Library::of(live),
        shapes: inside::of_cycles(live),
        problems: Problems::default(),
        uncompared: 0,
        unknown_schedules: 0,
        templates: live.templates.as_deref().unwrap_or_default(),
        exclusive: Vec::new(),
        unkept: 0,
        removed: family::removed(desired, live),
    };
    family::orphans(desired, &pass.removed, &mut pass.problems);
    swaps(desired, context, &mut pass.problems);
    let library = library_state(desired, live, &mut pass.problems);
    let mut summary = Summary {
        accounts: desired.accounts.len(),
        ..Summary::default()
    };
    let mut lanes = Vec::new();
    for account in &desired.accounts {
        if live.failed.contains_key(&account.id) {
            continue;
        }
        let held = live.accounts.get(&account.id);
        if held.is_none() && account.fields.name.is_none() && account.presence == Presence::Present
        {
            pass.problems.push(
                Diagnostic::error(
                    code::MISSING_NAME,
                    format!("account {} has no name", account.id),
                )
                .at(&account.origin, "a new account needs `name:`"),
            );
        }
        lanes.extend(order::lane(
            &mut pass,
            account,
            held,
            library == LibraryState::Read,
            &mut summary,
        ));
    }
    lanes.extend(undeclared(&mut pass, desired, live, &mut summary));
    family::parents_first(desired, &mut lanes);
    family::children_first(desired, live, &mut lanes);
    brake(&lanes, &summary, context, &mut pass.problems);
    let only_accounts = library == LibraryState::ToAccountsOnly;
    let notes = notes(&pass, desired, live, only_accounts);
    let plan = Plan {
        instance: context.instance.clone(),
        manifest_digest: desired.digest.clone(),
        lanes,
        summary,
        notes,
        rollout: Rollout::default(),
    };
    (plan, pass.problems.finish())
}

/// Whether connectors and templates can be planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LibraryState {
    /// All that is needed was read.
    Read,
    /// Some instances show their library to an account only (cyclr-api.md 1.3): before the first
    /// account exists, only accounts can be planned.
    ToAccountsOnly,
    /// It was not read, which is told.
    Unreadable,
}

fn library_state(desired: &Desired, live: &Live, problems: &mut Problems) -> LibraryState {
    let here = Presence::Present;
    let present = || desired.accounts.iter().filter(|it| it.presence == here);
    // A removal needs no library: it goes by what is installed.
    let connectors = present().any(|it| it.connectors.iter().any(|it| it.presence == here));
    let templates = present().any(|account| !account.templates.is_empty());
    let no_connectors = connectors && live.connectors.is_none();
    let no_templates = templates && live.templates.is_none();
    if no_connectors && live.accounts.is_empty() {
        return LibraryState::ToAccountsOnly;
    }
    if no_connectors {
        let summary = "the connector library could not be read";
        let problem = Diagnostic::error(code::LIBRARY_UNREADABLE, summary);
        problems.push(problem.detail("Connectors cannot be planned without it."));
    }
    if no_templates {
        let problem = Diagnostic::error(
            code::TEMPLATES_UNREADABLE,
            "the templates could not be read",
        );
        problems.push(problem.detail("Templates cannot be planned without them."));
    }
    if no_connectors || no_templates {
        LibraryState::Unreadable
    } else {
        LibraryState::Read
    }
}

/// The accounts that nobody declares go from an exclusive instance.
fn undeclared(
    pass: &mut Pass<'_>,
    desired: &Desired,
    live: &Live,
    summary: &mut Summary,
) -> Vec<Lane> {
    let instance = desired.instance.as_ref();
    let Some(origin) = instance.and_then(|instance| instance.exclusive.as_ref()) else {
        return Vec::new();
    };
    if desired.accounts.is_empty() {
        pass.problems.push(
            Diagnostic::error(
                code::EXCLUSIVE_EMPTY,
                "the instance is exclusive, and no account is declared for it",
            )
            .at(origin, "every account would be removed")
            .detail("A manifest that lost its accounts looks like that, and so does a wrong path.")
            .hint("declare at least one account, or take `exclusive` away"),
        );
    }
    let all = live.undeclared.iter();
    all.filter_map(|(id, held)| {
        let leaving = Leaving {
            id,
            origin,
            reason: Reason::Undeclared(Exclusive::Instance(origin.clone())),
            spec: None,
        };
        order::remove(pass, &leaving, Some(held), summary)
    })
    .collect()
}

/// Once names are exchanged, only a mark tells that it is done.
fn swaps(desired: &Desired, context: &Context, problems: &mut Problems) {
    if context.marks {
        return;
    }
    for account in &desired.accounts {
        let connectors = connector_names(account);
        let templates = template_names(account);
        for (names, what) in [(connectors, "connectors"), (templates, "templates")] {
            let mut exchanged = names.iter().zip(circles(&names));
            let first = exchanged.find(|(_, circle)| circle.is_some());
            let from = first.and_then(|(entry, _)| entry.from.first());
            if let Some(from) = from {
                problems.push(
                    Diagnostic::error(
                        code::SWAP_UNMARKED,
                        format!("{what} exchange their names, and marks are off"),
                    )
                    .at(&from.origin, "moved from here")
                    .detail("Nothing would tell the next run that it is done.")
                    .hint("leave marks on, or rename them in the Console"),
                );
            }
        }
    }
}

/// Nothing is removed without a word that says how much.
fn brake(lanes: &[Lane], summary: &Summary, context: &Context, problems: &mut Problems) {
    let allowed = context.limits.removals.unwrap_or(0);
    if summary.remove <= allowed {
        return;
    }
    let s = if summary.remove == 1 { "" } else { "s" };
    let mut problem = Diagnostic::error(
        code::TOO_MANY_REMOVALS,
        format!("the plan removes {} object{s}", grouped(summary.remove)),
    )
    .detail(format!(
        "Up to {} may be removed. Removing an account takes its connectors and cycles along.",
        grouped(allowed)
    ))
    .hint(format!("allow it with --max-removals {}", summary.remove));
    // What goes along with an account is removed by the same word.
    let mut shown = Vec::new();
    let removed = lanes.iter().flat_map(|lane| &lane.changes);
    for change in removed.filter(|change| change.action == Action::Remove) {
        if let Some(origin) = change.origin.as_ref()
            && shown.len() < 5
            && !shown.contains(&origin)
        {
            shown.push(origin);
            problem = problem.at(origin, asked(change));
        }
    }
    problems.push(problem);
}
