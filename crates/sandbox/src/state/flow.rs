//! How a cycle's steps follow one another.

use std::collections::BTreeSet;

use super::Identity;
use crate::world::{Cycle, Edge, Step};

/// Each step follows the one before it.
pub(super) fn chain(steps: &[Step]) -> Vec<Edge> {
    let pairs = steps.iter().zip(steps.iter().skip(1));
    let edge = |(from, to): (&Step, &Step)| Edge {
        id: String::new(),
        from_step_id: from.id.clone(),
        to_step_id: to.id.clone(),
    };
    pairs.map(edge).collect()
}

/// Makes up the ids that are missing.
pub(super) fn fill_edges(cycle: &mut Cycle, identity: Identity) {
    for (index, edge) in cycle.edges.iter_mut().flatten().enumerate() {
        if edge.id.is_empty() {
            edge.id = identity.guid(&["edge", &cycle.id, &index.to_string()]);
        }
    }
}

/// The steps before one: by the edges if there are any, or else by their order.
pub(crate) fn earlier<'c>(cycle: &'c Cycle, step: &Step) -> Vec<&'c Step> {
    let edges = cycle.edges.as_deref().unwrap_or_default();
    if edges.is_empty() {
        let before = cycle.steps.iter().take_while(|one| one.id != step.id);
        return before.collect();
    }
    let mut found = BTreeSet::new();
    let mut next = vec![step.id.as_str()];
    while let Some(id) = next.pop() {
        let into = edges
            .iter()
            .filter(|edge| edge.to_step_id.eq_ignore_ascii_case(id));
        for edge in into {
            if found.insert(edge.from_step_id.to_ascii_lowercase()) {
                next.push(&edge.from_step_id);
            }
        }
    }
    let is_before = |one: &&Step| one.id != step.id && found.contains(&one.id.to_ascii_lowercase());
    cycle.steps.iter().filter(is_before).collect()
}

/// Whether one step is the trigger, and every other is reached from it (code 11).
pub(crate) fn has_one_trigger(cycle: &Cycle) -> bool {
    let edges = cycle.edges.as_deref().unwrap_or_default();
    let is_led_to = |step: &Step| {
        let mut into = edges.iter();
        into.any(|edge| edge.to_step_id.eq_ignore_ascii_case(&step.id))
    };
    let mut triggers = cycle.steps.iter().filter(|step| !is_led_to(step));
    let (Some(trigger), None) = (triggers.next(), triggers.next()) else {
        return false;
    };
    let mut reached = BTreeSet::from([trigger.id.to_ascii_lowercase()]);
    let mut next = vec![trigger.id.as_str()];
    while let Some(id) = next.pop() {
        let out = edges
            .iter()
            .filter(|edge| edge.from_step_id.eq_ignore_ascii_case(id));
        for edge in out {
            if reached.insert(edge.to_step_id.to_ascii_lowercase()) {
                next.push(&edge.to_step_id);
            }
        }
    }
    let mut steps = cycle.steps.iter();
    steps.all(|step| reached.contains(&step.id.to_ascii_lowercase()))
}
