//! Preconditions: what an account held where a plan looked at it, so that an apply can tell whether it
//! still does.
//!
//! What moves by itself does not count: times, what a cycle did, that a running one has run.

use crate::address::AccountId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What has to hold before the first write of each lane, by account. A lane that makes its account has
/// none: the call that makes it is refused where the account is there already.
pub type Preconditions = BTreeMap<AccountId, Precondition>;

/// What has to hold of one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precondition {
    /// What was looked at.
    pub watch: Watch,
    /// What was seen there.
    pub seen: Seen,
}

/// What a plan looked at in one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Watch {
    /// The account's own fields, by their names in the manifest.
    pub fields: BTreeSet<String>,
    /// Set where its sub-accounts were looked at: those that go by the same plan do not count.
    pub sub_accounts: Option<BTreeSet<AccountId>>,
    /// Whether its connectors were.
    pub connectors: bool,
    /// By connector name, the properties whose values were looked at; of any other the name alone.
    pub properties: BTreeMap<String, BTreeSet<String>>,
    /// Whether its cycles were.
    pub cycles: bool,
    /// The variables whose values were looked at, of any cycle in `details`.
    pub variables: BTreeSet<String>,
    /// Cycles that were looked into.
    pub details: Vec<CycleWatch>,
}

/// What was looked at in one cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CycleWatch {
    /// The cycle's GUID.
    pub cycle: String,
    /// Whether its variables were read.
    pub variables: bool,
    /// Its steps whose mappings were read; `None` where its steps were not.
    pub steps: Option<Vec<StepWatch>>,
}

/// What was looked at in one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepWatch {
    /// The step's GUID.
    pub step: String,
    /// Whether its parameters were read.
    pub parameters: bool,
    /// Whether its field mappings were read.
    pub fields: bool,
}

/// What was seen, as digests. Equal ones mean that nothing moved that the plan looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Of the account's own fields.
    pub account: String,
    /// The sub-accounts that count.
    pub sub_accounts: BTreeSet<AccountId>,
    /// By the connector's id.
    pub connectors: BTreeMap<String, SeenObject>,
    /// By the cycle's GUID.
    pub cycles: BTreeMap<String, SeenObject>,
}

/// One connector or cycle as it was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenObject {
    /// Its name.
    pub name: String,
    /// The digest of all that counts of it.
    pub digest: String,
}

/// How many objects that moved are named.
const NAMED: usize = 3;

impl Seen {
    /// Says in words what moved between this and a later look; `None` when nothing did.
    pub fn moved(&self, now: &Self) -> Option<String> {
        let mut moved = Vec::new();
        if self.account != now.account {
            moved.push("its own fields changed".to_owned());
        }
        for id in now.sub_accounts.difference(&self.sub_accounts) {
            moved.push(format!("sub-account {:?} is new", id.as_str()));
        }
        for id in self.sub_accounts.difference(&now.sub_accounts) {
            moved.push(format!("sub-account {:?} is gone", id.as_str()));
        }
        objects("connector", &self.connectors, &now.connectors, &mut moved);
        objects("cycle", &self.cycles, &now.cycles, &mut moved);
        let more = moved.len().saturating_sub(NAMED);
        moved.truncate(NAMED);
        if more > 0 {
            moved.push(format!("{more} more"));
        }
        (!moved.is_empty()).then(|| moved.join(", "))
    }
}

fn objects(
    kind: &str,
    before: &BTreeMap<String, SeenObject>,
    now: &BTreeMap<String, SeenObject>,
    moved: &mut Vec<String>,
) {
    for (id, was) in before {
        let object = Object { kind, of: was };
        match now.get(id) {
            None => moved.push(format!("{object} is gone")),
            Some(is) if is.name != was.name => {
                moved.push(format!("{object} is called {:?} now", is.name));
            }
            Some(is) if is.digest != was.digest => moved.push(format!("{object} changed")),
            Some(_) => {}
        }
    }
    let new = now.iter().filter(|(id, _)| !before.contains_key(*id));
    moved.extend(new.map(|(_, of)| format!("{} is new", Object { kind, of })));
}

struct Object<'a> {
    kind: &'a str,
    of: &'a SeenObject,
}

impl fmt::Display for Object<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.kind, self.of.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(objects: &[(&str, &str, &str)]) -> Seen {
        let objects = objects.iter().map(|(id, name, digest)| {
            let object = SeenObject {
                name: (*name).to_owned(),
                digest: (*digest).to_owned(),
            };
            ((*id).to_owned(), object)
        });
        Seen {
            connectors: objects.collect(),
            ..Seen::default()
        }
    }

    #[test]
    fn what_moved_is_told_by_name() {
        let before = seen(&[("1", "A", "a"), ("2", "B", "b")]);
        for (now, expected) in [
            (seen(&[("1", "A", "a"), ("2", "B", "b")]), None),
            (seen(&[("1", "A", "a")]), Some("connector \"B\" is gone")),
            (
                seen(&[("1", "A", "x"), ("2", "C", "b")]),
                Some("connector \"A\" changed, connector \"B\" is called \"C\" now"),
            ),
            (
                seen(&[("3", "A", "a")]),
                Some("connector \"A\" is gone, connector \"B\" is gone, connector \"A\" is new"),
            ),
            (
                seen(&[("3", "C", ""), ("4", "D", "")]),
                Some(
                    "connector \"A\" is gone, connector \"B\" is gone, connector \"C\" is new, 1 more",
                ),
            ),
        ] {
            assert_eq!(before.moved(&now).as_deref(), expected);
        }
    }
}
