//! A connector that bore another name.

use super::decision::{Decision, State, blank, title};
use crate::moves::{Ground, Moves, Standing, Taking, connector_names, names_of, origin_of};
use gangplank_model::moves::Names;
use gangplank_model::{
    AccountSpec, Action, Change, ConnectorSpec, ConnectorWrite, FieldChange, OperationKind, Reason,
    Shown,
};

/// Lets a decision rename the connector, in the one call that changes it.
pub(super) fn moved(
    account: &AccountSpec,
    ground: &Ground<'_>,
    spec: &ConnectorSpec,
    mut decision: Decision,
) -> Decision {
    let action = decision.change.as_ref().map(|change| change.action);
    if action == Some(Action::Block) {
        return decision;
    }
    let live = ground
        .live
        .as_deref()
        .and_then(|it| it.connectors.as_deref());
    let mut live = live.unwrap_or_default().iter();
    let title = live
        .find(|it| it.name == spec.name)
        .map_or_else(String::new, title);
    let blank = |action| blank(account, spec, action, title.clone());
    let Some(Standing::Renamed { from, cut_off }) = ground.connectors.standing(&spec.name) else {
        // A run was cut off after it renamed it.
        let old = ground.remembered.get(&spec.name).cloned();
        if let Some(old) = old.or(decision.former.clone()) {
            let change = decision.change.get_or_insert_with(|| Change {
                reasons: vec![Reason::Differs],
                ..blank(Action::Update)
            });
            if change.action == Action::Wait {
                change.action = Action::Update;
            }
            change.fields.push(FieldChange {
                field: "mark".into(),
                origin: origin_of(&spec.moved, &old).cloned(),
                before: Shown::Text(old),
                after: Shown::Text(spec.name.clone()),
            });
        }
        return decision;
    };
    let change = decision.change.get_or_insert_with(|| blank(Action::Move));
    let cut_off = cut_off.then_some(Reason::CutOff);
    let why = [Reason::Moved(from.clone())].into_iter().chain(cut_off);
    if action == Some(Action::Remove) {
        change.reasons.extend(why);
        return decision;
    }
    change.action = Action::Move;
    change.reasons.splice(0..0, why);
    if let Some(id) = decision.live_id {
        let mut write = ConnectorWrite {
            name: spec.name.clone(),
            ..ConnectorWrite::default()
        };
        if let Some(OperationKind::UpdateConnector { write: more, .. }) = decision.operation.take()
        {
            write = more;
        }
        let rename = Some(spec.name.clone());
        decision.operation = Some(OperationKind::UpdateConnector { id, write, rename });
    }
    decision
}

/// Whoever waits for another one's name is held up by one that is blocked.
pub(crate) fn hold_up(account: &AccountSpec, moves: &Moves, decisions: &mut [Decision]) {
    let entries = connector_names(account);
    while let Some((index, why)) = moves.stuck(&taking(&entries, decisions)) {
        let decision = &mut decisions[index];
        let specs = &account.connectors;
        let spec = specs.iter().find(|it| it.name == decision.name);
        let title = decision.change.as_ref().map_or("", |it| it.title.as_str());
        decision.change =
            spec.map(|spec| super::decision::blocked(account, spec, title.to_owned(), &why));
        decision.operation = None;
        decision.remark = false;
        decision.former = None;
        decision.state = State::Blocked(why);
    }
}

fn taking<'a>(entries: &[Names<'a>], decisions: &'a [Decision]) -> Vec<Taking<'a>> {
    let all = decisions.iter().map(|decision| Taking {
        names: names_of(entries, &decision.name),
        takes_name: decision.takes_name(),
        is_blocked: decision.is_blocked(),
    });
    all.collect()
}
