//! The names of entries: former ones, temporary ones, and those that go round in a circle.

use crate::origin::Sourced;
use std::collections::BTreeMap;

/// What stands behind the name that an object is bound for.
const MOVING: &str = " (gangplank: moving)";

/// The name of an object on its way to another one.
pub fn temporary(name: &str) -> String {
    format!("{name}{MOVING}")
}

/// The name that an object with a temporary one is bound for.
pub fn bound_for(name: &str) -> Option<&str> {
    name.strip_suffix(MOVING)
}

/// The names of one entry.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The present one.
    pub name: &'a str,
    /// The former ones; their order says nothing.
    pub from: &'a [Sourced<String>],
}

impl Names<'_> {
    /// Whether this is a former name.
    pub fn was(&self, name: &str) -> bool {
        self.from.iter().any(|from| from.value == name)
    }
}

/// Which entries exchange their names: by entry, the number of its circle.
pub fn circles(entries: &[Names<'_>]) -> Vec<Option<usize>> {
    let mut next: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        next.extend(entry.from.iter().map(|from| (from.value.as_str(), index)));
    }
    let next = |index: usize| next.get(entries[index].name).copied();
    let mut circles = vec![None; entries.len()];
    for start in 0..entries.len() {
        let mut path = vec![start];
        while let Some(after) = path.last().and_then(|last| next(*last)) {
            if after == start {
                for member in path {
                    circles[member].get_or_insert(start);
                }
                break;
            }
            if path.contains(&after) {
                break;
            }
            path.push(after);
        }
    }
    circles
}
