//! What goes from an exclusive account: connectors and cycles that no entry names.

use crate::diff::Pass;
use crate::diff::template::{Scene, removal};
use crate::moves::key;
use crate::pair::{self, Pair};
use gangplank_model::mark::entry_of;
use gangplank_model::{
    Action, Address, Change, Exclusive, LibraryTemplate, LiveConnector, LiveCycle, OperationKind,
    Origin, Presence, Reason,
};
use std::collections::BTreeSet;

/// What goes, and the calls for it.
#[derive(Debug, Default)]
pub(super) struct Undeclared {
    pub(super) changes: Vec<Change>,
    pub(super) cycles: Vec<(Address, OperationKind)>,
    pub(super) connectors: Vec<(Address, OperationKind)>,
}

/// Finds it. What is ambiguous stays, and so does what a cycle needs that stays.
pub(super) fn of(pass: &mut Pass<'_>, scene: Scene<'_>, origin: &Origin) -> Undeclared {
    pass.exclusive.push(scene.account.id.clone());
    let mut gone = Undeclared::default();
    let Some(live) = scene.live else { return gone };
    let claimed = claimed_cycles(pass, scene);
    let all = || live.cycles.iter().flatten();
    let (staying, going): (Vec<&LiveCycle>, Vec<&LiveCycle>) =
        all().partition(|cycle| claimed.contains(cycle.id.as_str()));
    let mut names: BTreeSet<String> = scene
        .account
        .templates
        .iter()
        .map(|entry| entry.name.clone())
        .collect();
    for cycle in going {
        let mut name = key(cycle).to_owned();
        if !names.insert(name.clone()) {
            name = format!("{name} ({})", cycle.id);
        }
        let address = Address::template(&scene.account.id, name);
        gone.changes.push(change(&address, &cycle.name, origin));
        let calls = removal(cycle).into_iter();
        gone.cycles
            .extend(calls.map(|kind| (address.clone(), kind)));
    }
    for connector in live.connectors.iter().flatten() {
        if is_declared(scene, connector) || is_needed(pass, scene, &staying, connector) {
            continue;
        }
        let address = Address::connector(&scene.account.id, &connector.name);
        if gone.connectors.iter().any(|(known, _)| *known == address) {
            // Two of one name cannot be told apart.
            continue;
        }
        gone.changes
            .push(change(&address, &connector.connector_name, origin));
        let kind = OperationKind::DeleteConnector { id: connector.id };
        gone.connectors.push((address, kind));
    }
    gone
}

fn change(address: &Address, title: &str, origin: &Origin) -> Change {
    Change {
        address: address.clone(),
        action: Action::Remove,
        title: title.to_owned(),
        reasons: vec![Reason::Undeclared(Exclusive::Account(origin.clone()))],
        fields: Vec::new(),
        origin: Some(origin.clone()),
    }
}

/// The ids of cycles that an entry names, adopts or renames, or that may be an entry's.
fn claimed_cycles<'a>(pass: &Pass<'_>, scene: Scene<'a>) -> BTreeSet<&'a str> {
    let mut claimed = BTreeSet::new();
    let Some(live) = scene.live else {
        return claimed;
    };
    let all = || live.cycles.iter().flatten();
    let unclear = &scene.ground.templates.unclear;
    claimed.extend(
        all()
            .enumerate()
            .filter_map(|(place, cycle)| unclear.contains(&place).then_some(cycle.id.as_str())),
    );
    for entry in &scene.account.templates {
        let marked = all().filter(|it| entry_of(&it.tags) == Some(entry.name.as_str()));
        claimed.extend(marked.map(|it| it.id.as_str()));
        let means = |template: &&LibraryTemplate| entry.template.value.means(template);
        for template in pass.templates.iter().filter(means) {
            match pair::cycle(scene.account, live, entry, template) {
                Pair::None => {}
                Pair::One(cycle) | Pair::Unmarked(cycle) => {
                    claimed.insert(cycle.id.as_str());
                }
                Pair::Ambiguous(_) => claimed.extend(
                    all()
                        .filter(|it| {
                            let id = it.template_id.as_deref();
                            let same = id.is_some_and(|id| id.eq_ignore_ascii_case(&template.id));
                            same && entry_of(&it.tags).is_none()
                        })
                        .map(|it| it.id.as_str()),
                ),
            }
        }
    }
    claimed
}

fn is_declared(scene: Scene<'_>, connector: &LiveConnector) -> bool {
    let mut entries = scene.account.connectors.iter();
    let all = scene.live.and_then(|live| live.connectors.as_deref());
    let place = all
        .unwrap_or_default()
        .iter()
        .position(|it| it.id == connector.id);
    let unclear = &scene.ground.connectors.unclear;
    entries.any(|entry| entry.name == connector.name)
        || place.is_some_and(|place| unclear.contains(&place))
}

/// Whether a cycle that stays runs on it, or an entry's template takes one like it that nobody declares:
/// an install brings such connectors along.
fn is_needed(
    pass: &Pass<'_>,
    scene: Scene<'_>,
    staying: &[&LiveCycle],
    connector: &LiveConnector,
) -> bool {
    let is_bound = staying.iter().any(|cycle| {
        let mut bound = cycle.connectors.iter();
        bound.any(|it| it.account_connector_id == Some(connector.id))
    });
    let mut declared = scene.connectors.iter();
    let name = &connector.connector_name;
    if is_bound || declared.any(|it| it.library_name == *name) {
        return is_bound;
    }
    let wanted = scene.account.templates.iter();
    let mut wanted = wanted.filter(|entry| entry.presence == Presence::Present);
    wanted.any(|entry| {
        let means = |template: &&LibraryTemplate| entry.template.value.means(template);
        let mut templates = pass.templates.iter().filter(means);
        templates.any(|template| template.connectors.iter().any(|it| it.name == *name))
    })
}
