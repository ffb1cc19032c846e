//! `plan`: the table of contents.

use crate::context::Context;
use crate::diff::Pass;
use crate::family;
use crate::library::Library;
use crate::order;
use gangplank_model::Problems;
use gangplank_model::code;
use gangplank_model::plan::grouped;
use gangplank_model::{
    Action, Desired, Diagnostic, Diagnostics, Lane, Live, Plan, Presence, Summary,
};

/// Works out how the live side differs from the desired side, and the calls that make it tally.
///
/// An error among the diagnostics means that nothing may be sent; the plan is then incomplete.
pub fn plan(desired: &Desired, live: &Live, context: &Context) -> (Plan, Diagnostics) {
    let mut pass = Pass {
        context,
        library: Library::of(live),
        problems: Problems::default(),
        uncompared: 0,
        unknown_schedules: 0,
        removed: family::removed(desired),
    };
    family::orphans(desired, &mut pass.problems);
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
    family::parents_first(desired, &mut lanes);
    family::children_first(desired, &mut lanes);
    brake(&lanes, &summary, context, &mut pass.problems);
    let notes = notes(&pass, live, library);
    let plan = Plan {
        instance: context.instance.clone(),
        manifest_digest: desired.digest.clone(),
        lanes,
        summary,
        notes,
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
            problem = problem.at(origin, "`state: absent`");
        }
    }
    problems.push(problem);
}

fn notes(pass: &Pass<'_>, live: &Live, library: LibraryState) -> Vec<String> {
    let mut notes = Vec::new();
    let credentials = |count: usize| match count {
        1 => "1 credential was".to_owned(),
        count => format!("{} credentials were", grouped(count)),
    };
    if library == LibraryState::ToAccountsOnly {
        notes.push(
            "the instance shows its connector library to accounts only, and there is none yet: \
             connectors and templates are planned by the next run"
                .to_owned(),
        );
    }
    if let Some((account, _)) = live.failed.first_key_value() {
        notes.push(match live.failed.len() {
            1 => format!("account {account} could not be read and is left out"),
            count => format!(
                "{} accounts could not be read and are left out: {account} and others",
                grouped(count)
            ),
        });
    }
    if pass.uncompared > 0 && pass.context.marks {
        let count = credentials(pass.uncompared);
        notes.push(format!(
            "{count} not compared; --with-secrets compares them"
        ));
    }
    if pass.uncompared > 0 && !pass.context.marks {
        let count = credentials(pass.uncompared);
        notes.push(format!(
            "{count} not compared, since `marks: off` leaves nothing to compare with"
        ));
    }
    if pass.unknown_schedules > 0 {
        let count = match pass.unknown_schedules {
            1 => "1 cycle runs".to_owned(),
            count => format!("{} cycles run", grouped(count)),
        };
        notes.push(format!(
            "{count} on a schedule that Gangplank did not set and the API does not tell"
        ));
    }
    notes
}
