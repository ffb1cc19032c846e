//! Which way a declared connector goes.

use super::decision::{Decision, State, blank, blocked, title, titled};
use super::install::install;
use super::update::update;
use crate::diff::Pass;
use crate::pair::{self, Pair};
use gangplank_model::{
    AccountMark, AccountSpec, Action, Change, ConnectorChoice, ConnectorSpec, LiveAccount,
    LiveConnector, OperationKind, Presence, Reason,
};

/// Decides on one connector. `None` when something is wrong with it, which is told.
pub(crate) fn decide(
    pass: &mut Pass<'_>,
    account: &AccountSpec,
    live: Option<&LiveAccount>,
    mark: Option<&AccountMark>,
    spec: &ConnectorSpec,
) -> Option<Decision> {
    let absent = spec.presence == Presence::Absent;
    match live.map_or(Pair::None, |live| pair::connector(live, &spec.name)) {
        Pair::None if absent => None,
        Pair::None => install(pass, account, spec),
        Pair::One(live) | Pair::Unmarked(live) if absent => Some(remove(account, spec, live)),
        Pair::One(live) | Pair::Unmarked(live) => {
            match mismatch(pass, spec, live).or_else(|| doubled(spec, live)) {
                Some(why) => Some(Decision {
                    change: Some(blocked(account, spec, title(live), &why)),
                    state: State::Blocked(why),
                    // What it should be: templates that need that one are blocked as well.
                    library_name: wanted_name(pass, spec),
                    ..Decision::unchanged(spec, live)
                }),
                None => update(pass, account, mark, spec, live),
            }
        }
        Pair::Ambiguous(why) => {
            let library_name = wanted_name(pass, spec);
            Some(Decision::ambiguous(account, spec, library_name, why))
        }
    }
}

/// The name of the library connector that an entry means.
fn wanted_name(pass: &Pass<'_>, spec: &ConnectorSpec) -> String {
    match &spec.connector.value {
        ConnectorChoice::Name { name, version: _ } => name.clone(),
        ConnectorChoice::Id(id) => {
            let release = pass.library.by_id(*id);
            release.map_or_else(String::new, |release| release.name.clone())
        }
    }
}

fn remove(account: &AccountSpec, spec: &ConnectorSpec, live: &LiveConnector) -> Decision {
    let change = Change {
        reasons: vec![Reason::Absent],
        ..blank(account, spec, Action::Remove, title(live))
    };
    Decision {
        change: Some(change),
        operation: Some(OperationKind::DeleteConnector { id: live.id }),
        state: State::Waiting(format!("{} is removed by `state: absent`", spec.name)),
        ..Decision::unchanged(spec, live)
    }
}

/// Whether the installed connector is another one than declared; no API call changes that.
fn mismatch(pass: &Pass<'_>, spec: &ConnectorSpec, live: &LiveConnector) -> Option<String> {
    let way_out = "remove it first with `state: absent`, or give the entry another `name:`";
    match &spec.connector.value {
        ConnectorChoice::Name { name, version } => {
            let other_name = *name != live.connector_name;
            let other_version =
                version.is_some() && version.as_deref() != live.connector_version.as_deref();
            (other_name || other_version).then(|| {
                let wanted = titled(name, version.as_deref());
                format!(
                    "{} is installed under this name, not {wanted}; {way_out}",
                    title(live)
                )
            })
        }
        ConnectorChoice::Id(id) => {
            let release = pass.library.installed(live);
            let same = live.release_id == Some(*id) || release.is_some_and(|it| it.id == *id);
            (!same).then(|| format!("{} is installed under this name; {way_out}", title(live)))
        }
    }
}

/// Whether the installed connector has a declared property twice (cyclr-api.md 4, U9).
fn doubled(spec: &ConnectorSpec, live: &LiveConnector) -> Option<String> {
    spec.all_properties().into_keys().find_map(|key| {
        let rows = live.properties.iter().filter(|held| held.name == key);
        let count = rows.count();
        (count > 1).then(|| {
            format!("it has {count} properties named {key:?}; remove all but one in the Console")
        })
    })
}
