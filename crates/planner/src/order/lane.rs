//! One account: its changes, and its calls in order.

use super::account::{Remade, Writes, blank, own_fields, writes};
use super::calls::{Calls, Cycle};
use super::mark::memory;
use super::remove::{Leaving, remove};
use super::turns::{Turn, precedes, turns};
use super::undeclared::{self, Undeclared};
use crate::diff::Pass;
use crate::diff::connector::{self, Decision};
use crate::diff::template::{self, Scene, TemplateDecision};
use crate::moves::{Ground, Standing, connector_names, names_of, template_names};
use crate::protect::Guard;
use gangplank_model::moves::temporary;
use gangplank_model::{
    AccountSpec, Action, Address, Change, ConnectorWrite, Lane, LiveAccount, OperationKind,
    Presence, Reason, Summary, TemplateSpec,
};
use std::collections::BTreeMap;

/// Plans one account. `None` when it tallies; the counts go into the summary either way.
pub(crate) fn lane(
    pass: &mut Pass<'_>,
    spec: &AccountSpec,
    live: Option<&LiveAccount>,
    with_objects: bool,
    summary: &mut Summary,
) -> Option<Lane> {
    if spec.presence == Presence::Absent {
        let leaving = Leaving {
            id: &spec.id,
            origin: &spec.origin,
            reason: Reason::Absent,
            spec: Some(spec),
        };
        return remove(pass, &leaving, live, summary);
    }
    let ground = Ground::of(pass, spec, live);
    let guard = Guard::of(pass, Some(spec), ground.mark.as_ref());
    let mut connectors = if with_objects {
        let all = spec.connectors.iter();
        all.filter_map(|it| connector::decide(pass, spec, &ground, it))
            .collect()
    } else {
        Vec::new()
    };
    connector::hold_up(spec, &ground.connectors, &mut connectors);
    let scene = Scene {
        account: spec,
        live: ground.live.as_deref(),
        ground: &ground,
        connectors: &connectors,
    };
    let mut templates: Vec<(&TemplateSpec, TemplateDecision)> = Vec::new();
    if with_objects {
        let all = spec.templates.iter().map(AsRef::as_ref);
        templates.extend(all.filter_map(|it| Some((it, template::decide(pass, scene, it)?))));
    }
    template::hold_up(scene, &mut templates);
    let gone = match (spec.exclusive_at(), with_objects) {
        (Some(origin), true) => undeclared::of(pass, scene, origin),
        _ => Undeclared::default(),
    };
    let (write, mut change) = own_fields(spec, &ground);
    let mut protects = Vec::new();
    let account = spec.address();
    let blank = || blank(spec, &ground);
    let mut say = |address: &Address, change: &mut Option<Change>, blank: &dyn Fn() -> Change| {
        if guard.say(pass, &address.object, (change, blank)) {
            let field = change.as_ref().and_then(|it| it.fields.last());
            let protect =
                field.is_some_and(|it| it.after == gangplank_model::Shown::Text("true".into()));
            protects.push((address.object.clone(), protect));
        }
    };
    say(&account, &mut change, &blank);
    for decision in &mut connectors {
        let address = Address::connector(&spec.id, &decision.name);
        let title = decision.library_name.clone();
        let origin = spec.connectors.iter().find(|it| it.name == decision.name);
        let origin = origin.map(|it| it.origin.clone());
        let blank = || differs(address.clone(), title.clone(), origin.clone());
        say(&address, &mut decision.change, &blank);
    }
    for (entry, decision) in &mut templates {
        let address = Address::template(&spec.id, &entry.name);
        let title = entry.template.value.to_string();
        let origin = Some(entry.origin.clone());
        let blank = || differs(address.clone(), title.clone(), origin.clone());
        say(&address, &mut decision.change, &blank);
    }
    let made = |wanted: fn(&Decision) -> bool| -> Vec<ConnectorWrite> {
        let made = connectors.iter().filter(|decision| wanted(decision));
        let made = made.filter(|_| pass.context.marks);
        made.map(|decision| decision.full.clone()).collect()
    };
    let sent = made(|decision| decision.remark);
    let renamed = made(|decision| decision.former.is_some());
    let memory = memory(pass, spec, &ground, (&connectors, &protects));
    let writes = writes(
        pass,
        spec,
        &ground,
        (write, &memory, Remade { sent, renamed }),
    );
    let mut builder = Builder::new(spec, &ground);
    builder.say(change);
    builder.send(writes, &connectors);
    for decision in connectors {
        builder.say(decision.change);
    }
    builder.templates(templates);
    builder.undeclared(gone);
    builder.check(pass, &guard);
    builder.finish(summary)
}

/// A change that says nothing yet but that something differs.
fn differs(address: Address, title: String, origin: Option<gangplank_model::Origin>) -> Change {
    Change {
        address,
        action: Action::Update,
        title,
        reasons: vec![Reason::Differs],
        fields: Vec::new(),
        origin,
    }
}

/// A lane as it grows.
#[derive(Debug)]
struct Builder<'a> {
    spec: &'a AccountSpec,
    ground: &'a Ground<'a>,
    calls: Calls,
    changes: Vec<Change>,
    unchanged: usize,
    /// The calls that write connectors.
    written: Vec<usize>,
    /// Removals wait until everything else is done, cycles before connectors.
    connector_removals: Vec<(Address, OperationKind)>,
    cycle_removals: Vec<(Address, OperationKind)>,
}

impl<'a> Builder<'a> {
    fn new(spec: &'a AccountSpec, ground: &'a Ground<'a>) -> Self {
        Self {
            spec,
            ground,
            calls: Calls::default(),
            changes: Vec::new(),
            unchanged: 0,
            written: Vec::new(),
            connector_removals: Vec::new(),
            cycle_removals: Vec::new(),
        }
    }

    /// Tells what becomes of one object.
    fn say(&mut self, change: Option<Change>) {
        self.unchanged += usize::from(change.is_none());
        self.changes.extend(change);
    }

    /// The account and its connectors.
    fn send(&mut self, writes: Writes, decisions: &[Decision]) {
        let address = self.spec.address();
        if let Some(write) = writes.first {
            if self.ground.original.is_none() {
                let parent = self.spec.parent.as_ref().map(|parent| parent.value.clone());
                let kind = OperationKind::CreateAccount { write, parent };
                self.calls.created = Some(self.calls.push(address.clone(), kind, &[]));
            } else {
                let kind = OperationKind::UpdateAccount { write };
                self.calls.push(address.clone(), kind, &[]);
            }
        }
        let between = writes
            .between
            .map(|write| OperationKind::UpdateAccount { write });
        self.connectors(decisions, between);
        if let Some(write) = writes.last {
            let kind = OperationKind::UpdateAccount { write };
            self.calls.push(address, kind, &self.written);
        }
    }

    /// Installs come before updates; whoever takes over a name waits until it is free.
    fn connectors(&mut self, decisions: &[Decision], between: Option<OperationKind>) {
        let mut ordered: Vec<&Decision> = decisions.iter().collect();
        ordered.sort_by_key(|it| it.live_id.is_some() && !it.renames());
        let names = connector_names(self.spec);
        let entries: Vec<Turn<'_>> = ordered
            .iter()
            .map(|decision| Turn {
                names: names_of(&names, &decision.name),
                takes_name: decision.takes_name(),
                renames: decision.renames(),
                is_aside: is_aside(self.ground.connectors.standing(&decision.name)),
            })
            .collect();
        let turns = turns(&entries);
        let mut last: BTreeMap<usize, usize> = BTreeMap::new();
        for index in turns.aside {
            let Some(id) = ordered[index].live_id else {
                continue;
            };
            let name = &ordered[index].name;
            let kind = OperationKind::UpdateConnector {
                id,
                write: ConnectorWrite {
                    name: name.clone(),
                    ..ConnectorWrite::default()
                },
                rename: Some(temporary(name)),
            };
            let address = Address::connector(&self.spec.id, name);
            last.insert(index, self.calls.push(address, kind, &[]));
        }
        let remembered = between.map(|kind| {
            let asides: Vec<usize> = last.values().copied().collect();
            self.calls.push(self.spec.address(), kind, &asides)
        });
        for index in turns.all {
            let decision = ordered[index];
            let address = Address::connector(&self.spec.id, &decision.name);
            match decision.operation.clone() {
                None => {}
                Some(kind @ OperationKind::DeleteConnector { .. }) => {
                    self.connector_removals.push((address, kind));
                }
                Some(kind) => {
                    let mut needs = before(&entries, index, &last);
                    let exchanges = self.ground.connectors.circle(&decision.name).is_some();
                    needs.extend(remembered.filter(|_| exchanges && decision.takes_name()));
                    let call = self.calls.push(address, kind, &needs);
                    last.insert(index, call);
                    self.written.push(call);
                }
            }
        }
    }

    /// Cycles, each in its turn; removals are kept for later.
    fn templates(&mut self, templates: Vec<(&TemplateSpec, TemplateDecision)>) {
        let names = template_names(self.spec);
        let moves = &self.ground.templates;
        let entries: Vec<Turn<'_>> = templates
            .iter()
            .map(|(entry, decision)| {
                let renames =
                    moves.renamed(&entry.name).is_some() && !decision.operations.is_empty();
                let renames = renames && entry.presence == Presence::Present;
                Turn {
                    names: names_of(&names, &entry.name),
                    takes_name: decision.takes_name(),
                    renames,
                    is_aside: is_aside(moves.standing(&entry.name)),
                }
            })
            .collect();
        let turns = turns(&entries);
        let mut last: BTreeMap<usize, usize> = BTreeMap::new();
        let mut begun = BTreeMap::new();
        let mut operations: Vec<Vec<OperationKind>> = Vec::new();
        for (entry, decision) in templates {
            let removed = entry.presence == Presence::Absent;
            let address = Address::template(&self.spec.id, &entry.name);
            if removed {
                let calls = decision.operations.into_iter();
                self.cycle_removals
                    .extend(calls.map(|kind| (address.clone(), kind)));
                operations.push(Vec::new());
            } else {
                operations.push(decision.operations);
            }
            self.say(decision.change);
        }
        for index in turns.aside {
            let name = entries[index].names.name;
            let address = Address::template(&self.spec.id, name);
            let Some(cycle) = self.cycle_of(name) else {
                continue;
            };
            let kind = template::aside(cycle, name);
            let all = std::mem::take(&mut operations[index]);
            let (started, rest) = self.calls.aside(&address, all, kind);
            operations[index] = rest;
            last.insert(index, started.aside);
            begun.insert(index, started);
        }
        for index in turns.all {
            let address = Address::template(&self.spec.id, entries[index].names.name);
            let naming = self.calls.template(Cycle {
                address: &address,
                operations: std::mem::take(&mut operations[index]),
                connectors: &self.written,
                before: &before(&entries, index, &last),
                begun: begun.get(&index).copied(),
            });
            if let Some(call) = naming {
                last.insert(index, call);
            }
        }
    }

    /// The cycle, as it is, that an entry renames.
    fn cycle_of(&self, name: &str) -> Option<&'a gangplank_model::LiveCycle> {
        let old = self.ground.templates.renamed(name)?;
        let cycles = self.ground.original?.cycles.as_deref()?;
        cycles.iter().find(|it| crate::moves::key(it) == old)
    }

    /// What nobody declares goes with what was asked to go.
    fn undeclared(&mut self, gone: Undeclared) {
        self.changes.extend(gone.changes);
        self.cycle_removals.extend(gone.cycles);
        self.connector_removals.extend(gone.connectors);
    }

    /// Refuses to remove what is protected, and what may take it along.
    fn check(&self, pass: &mut Pass<'_>, guard: &Guard<'_>) {
        guard.check(pass, &self.changes);
        let cycles = self
            .ground
            .live
            .as_deref()
            .and_then(|it| it.cycles.as_deref());
        let goes = |id: &str| {
            let gone = |(_, kind): &(Address, OperationKind)| matches!(kind, OperationKind::DeleteCycle { id: gone } if gone == id);
            self.cycle_removals.iter().any(gone)
        };
        for (address, kind) in &self.connector_removals {
            let OperationKind::DeleteConnector { id } = kind else {
                continue;
            };
            let Some(change) = self.changes.iter().find(|it| it.address == *address) else {
                continue;
            };
            let staying = cycles.unwrap_or_default().iter().filter(|it| !goes(&it.id));
            let bound = staying.filter(|it| {
                let mut bound = it.connectors.iter();
                bound.any(|bound| bound.account_connector_id == Some(*id))
            });
            for cycle in bound {
                guard.check_along(pass, change, cycle);
            }
        }
    }

    fn finish(mut self, summary: &mut Summary) -> Option<Lane> {
        let removals = self.cycle_removals.into_iter();
        self.calls.in_turn(removals.chain(self.connector_removals));
        for change in &self.changes {
            summary.count(change);
        }
        summary.unchanged += self.unchanged;
        (!self.changes.is_empty()).then_some(Lane {
            account: self.spec.id.clone(),
            after: None,
            changes: self.changes,
            operations: self.calls.list,
            wave: None,
        })
    }
}

fn is_aside(standing: Option<&Standing>) -> bool {
    matches!(standing, Some(Standing::Renamed { cut_off: true, .. }))
}

/// The calls after which the name of an entry is free.
fn before(entries: &[Turn<'_>], index: usize, last: &BTreeMap<usize, usize>) -> Vec<usize> {
    let others = (0..entries.len()).filter(|other| precedes(&entries[*other], &entries[index]));
    let own = last.get(&index);
    let others = others.filter_map(|other| last.get(&other));
    others.chain(own).copied().collect()
}
