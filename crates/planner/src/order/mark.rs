//! What an account has to remember after a plan.

use crate::diff::Pass;
use crate::diff::connector::Decision;
use crate::moves::{Ground, rekey, renames};
use crate::protect::set;
use gangplank_model::{AccountMark, AccountSpec, ObjectPath};
use std::collections::BTreeSet;

/// What is to be remembered.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    /// All of it, with the fingerprints as they are.
    pub(super) mark: AccountMark,
    /// Whether anything but fingerprints changes.
    pub(super) changes: bool,
    /// Whether it speaks of connectors by names that they get in this plan.
    pub(super) renames: bool,
    /// Whether connectors exchange names, so that it has to be written while that goes on: before,
    /// it would say what is not so yet; afterwards, a run that was cut off would exchange them back.
    pub(super) exchanges: bool,
}

/// Works it out. `protects` are the lines that differ from what is remembered.
pub(super) fn memory(
    pass: &Pass<'_>,
    spec: &AccountSpec,
    ground: &Ground<'_>,
    (decisions, protects): (&[Decision], &[(ObjectPath, bool)]),
) -> Memory {
    let mut memory = Memory {
        mark: ground.held.clone().unwrap_or_default(),
        ..Memory::default()
    };
    if !pass.context.marks {
        return memory;
    }
    let is_done = |name: &String| {
        let decision = decisions.iter().find(|it| it.name == *name);
        decision.is_some_and(|decision| !decision.is_blocked())
    };
    let mut remembered = ground.remembered.clone();
    remembered.retain(|name, _| is_done(name));
    memory.renames = rekey(
        &mut memory.mark,
        &remembered,
        &renames(spec, &ground.templates),
    );
    let busy: BTreeSet<usize> = decisions
        .iter()
        .filter(|decision| decision.takes_name())
        .filter_map(|decision| ground.connectors.circle(&decision.name))
        .collect();
    for entry in &spec.connectors {
        let circle = ground.connectors.circle(&entry.name);
        let was = |held: &String| entry.moved.iter().any(|from| from.value == *held);
        let known = memory.mark.moved.get(&entry.name).is_some_and(was);
        let first = entry.moved.first().filter(|_| !known);
        if let (Some(from), Some(true)) = (first, circle.map(|it| busy.contains(&it))) {
            let from = match ground.connectors.renamed(&entry.name) {
                Some(old) if entry.moved.iter().any(|from| from.value == old) => old,
                Some(_) | None => from.value.as_str(),
            };
            memory
                .mark
                .moved
                .insert(entry.name.clone(), from.to_owned());
            memory.exchanges = true;
        }
    }
    for (object, protect) in protects {
        set(&mut memory.mark.protected, object, *protect);
    }
    memory.changes = memory.renames || memory.exchanges || !protects.is_empty();
    if memory.changes {
        // What was exchanged long ago is forgotten along the way.
        let moved = |name: &String, from: &String| {
            let entry = spec.connectors.iter().find(|it| it.name == *name);
            entry.is_some_and(|it| it.moved.iter().any(|old| old.value == *from))
        };
        memory.mark.moved.retain(|name, from| moved(name, from));
    }
    memory
}
