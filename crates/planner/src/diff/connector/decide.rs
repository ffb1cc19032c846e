//! Which way a declared connector goes.

use super::decision::{Decision, State, blank, blocked, title, titled};
use super::install::install;
use super::moved::moved;
use super::update::update;
use crate::diff::Pass;
use crate::moves::{Ground, Standing};
use crate::pair::{self, Pair};
use gangplank_model::mark::entry_of;
use gangplank_model::{
    AccountSpec, Action, Change, ConnectorChoice, ConnectorSpec, CycleStatus, LiveAccount,
    LiveConnector, LiveCycle, OperationKind, Presence, Reason,
};

/// Decides on one connector. `None` when something is wrong with it, which is told.
pub(crate) fn decide(
    pass: &mut Pass<'_>,
    account: &AccountSpec,
    ground: &Ground<'_>,
    spec: &ConnectorSpec,
) -> Option<Decision> {
    let live = ground.live.as_deref();
    let standing = ground.connectors.standing(&spec.name);
    if let Some(Standing::Blocked(why)) = standing {
        let library_name = wanted_name(pass, spec);
        let why = why.clone();
        return Some(Decision::ambiguous(account, spec, library_name, why));
    }
    let absent = spec.presence == Presence::Absent;
    let running = || running_on(account, live);
    let decision = match live.map_or(Pair::None, |live| pair::connector(live, &spec.name)) {
        Pair::None if absent => None,
        Pair::None => install(pass, account, spec),
        Pair::One(live) | Pair::Unmarked(live) if absent => {
            Some(remove(account, spec, live, running()))
        }
        Pair::One(live) | Pair::Unmarked(live) => {
            let from = ground.connectors.renamed(&spec.name);
            match mismatch(pass, spec, live, from).or_else(|| doubled(spec, live)) {
                Some(why) => Some(Decision {
                    change: Some(blocked(account, spec, title(live), &why)),
                    state: State::Blocked(why),
                    // What it should be: templates that need that one are blocked as well.
                    library_name: wanted_name(pass, spec),
                    ..Decision::unchanged(spec, live)
                }),
                None => update(pass, account, ground.mark.as_ref(), spec, live),
            }
        }
        Pair::Ambiguous(why) => {
            let library_name = wanted_name(pass, spec);
            Some(Decision::ambiguous(account, spec, library_name, why))
        }
    };
    Some(moved(account, ground, spec, decision?))
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

/// The cycles that run and are not to go.
fn running_on<'a>(account: &AccountSpec, live: Option<&'a LiveAccount>) -> Vec<&'a LiveCycle> {
    let goes = |cycle: &LiveCycle| {
        account.templates.iter().any(|entry| {
            let named = entry_of(&cycle.tags).unwrap_or(&cycle.name);
            entry.presence == Presence::Absent && entry.name == named
        })
    };
    let cycles = live.and_then(|live| live.cycles.as_deref());
    let running = cycles.unwrap_or_default().iter();
    running
        .filter(|cycle| cycle.status == CycleStatus::Active && !goes(cycle))
        .collect()
}

/// Removes it, and says what no longer runs then: the instance pauses such cycles, or removes them
/// (cyclr-api.md 4, U4).
fn remove(
    account: &AccountSpec,
    spec: &ConnectorSpec,
    live: &LiveConnector,
    running: Vec<&LiveCycle>,
) -> Decision {
    let bound = |cycle: &&LiveCycle| {
        let mut bound = cycle.connectors.iter();
        bound.any(|bound| bound.account_connector_id == Some(live.id))
    };
    let stops = running.into_iter().filter(bound).map(|cycle| {
        Reason::Stops(format!(
            "cycle {:?} runs on it, and stops or goes with it",
            cycle.name
        ))
    });
    let change = Change {
        reasons: std::iter::once(Reason::Absent).chain(stops).collect(),
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
fn mismatch(
    pass: &Pass<'_>,
    spec: &ConnectorSpec,
    live: &LiveConnector,
    from: Option<&str>,
) -> Option<String> {
    let (place, way_out) = match from {
        None => (
            "this name".to_owned(),
            "remove it first with `state: absent`, or give the entry another `name:`",
        ),
        Some(from) => (
            format!("the former name {from:?}"),
            "take `moved` away, or say which connector it is",
        ),
    };
    match &spec.connector.value {
        ConnectorChoice::Name { name, version } => {
            let other_name = *name != live.connector_name;
            let other_version =
                version.is_some() && version.as_deref() != live.connector_version.as_deref();
            (other_name || other_version).then(|| {
                let wanted = titled(name, version.as_deref());
                format!(
                    "{} is installed under {place}, not {wanted}; {way_out}",
                    title(live)
                )
            })
        }
        ConnectorChoice::Id(id) => {
            let release = pass.library.installed(live);
            let same = live.release_id == Some(*id) || release.is_some_and(|it| it.id == *id);
            (!same).then(|| format!("{} is installed under {place}; {way_out}", title(live)))
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
