//! The plan: all that the executor sees. It leaves nothing to decide at execution time.

use crate::address::AccountId;
use crate::change::{Action, Change};
use crate::operation::{CycleTarget, Operation, OperationKind};
use crate::rollout::Rollout;
use std::fmt;

/// The instance that a plan was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceRef {
    /// Its name in the manifest, or `sandbox`.
    pub name: String,
    /// The base URL of its API.
    pub api_url: String,
}

/// One account's share of a plan: its operations run one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The account.
    pub account: AccountId,
    /// The parent account, when its lane has to end well first.
    pub after: Option<AccountId>,
    /// What differs.
    pub changes: Vec<Change>,
    /// What is to be called, in order. Empty when everything waits for a person.
    pub operations: Vec<Operation>,
    /// Its place among the plan's waves, from 0. Where there are waves, `None` is left alone.
    pub wave: Option<usize>,
}

impl Lane {
    /// The place of the call that stops the cycle which the call at `index` starts again; `None`
    /// when that call starts no cycle that this lane stopped.
    pub fn stop_before(&self, index: usize) -> Option<usize> {
        let OperationKind::Activate {
            cycle: CycleTarget::Existing(started),
            ..
        } = &self.operations.get(index)?.kind
        else {
            return None;
        };
        self.operations[..index].iter().rposition(|operation| {
            matches!(&operation.kind, OperationKind::Deactivate { id } if id == started)
        })
    }
}

/// How many objects differ, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Objects to create.
    pub add: usize,
    /// Objects to change.
    pub change: usize,
    /// Objects to remove.
    pub remove: usize,
    /// Objects to adopt.
    pub adopt: usize,
    /// Objects to rename.
    pub moved: usize,
    /// Objects that wait for a person, also counted in the others when something is done as well.
    pub waiting: usize,
    /// Objects that a tool cannot bring to tally.
    pub blocked: usize,
    /// Objects that tally.
    pub unchanged: usize,
    /// Accounts in the manifest.
    pub accounts: usize,
}

impl Summary {
    /// Whether nothing is to be done and nothing is blocked.
    pub fn is_empty(&self) -> bool {
        self.add + self.change + self.remove + self.adopt + self.moved + self.blocked == 0
    }

    /// Counts one change.
    pub fn count(&mut self, change: &Change) {
        match change.action {
            Action::Create => self.add += 1,
            Action::Update => self.change += 1,
            Action::Remove => self.remove += 1,
            Action::Adopt => self.adopt += 1,
            Action::Move => self.moved += 1,
            Action::Block => self.blocked += 1,
            Action::Wait => {}
        }
        self.waiting += usize::from(change.waits());
    }
}

/// Writes a number with `,` between thousands.
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// The plan's last line: `12 to add, 3 to change, 0 to remove, 2 waiting, 9,584 unchanged (10,002
/// accounts)`. Adopted, moved and blocked objects are said only when
/// there are any.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} to add, {} to change, {} to remove, ",
            grouped(self.add),
            grouped(self.change),
            grouped(self.remove)
        )?;
        if self.adopt > 0 {
            write!(f, "{} to adopt, ", grouped(self.adopt))?;
        }
        if self.moved > 0 {
            write!(f, "{} to move, ", grouped(self.moved))?;
        }
        if self.blocked > 0 {
            write!(f, "{} blocked, ", grouped(self.blocked))?;
        }
        let s = if self.accounts == 1 { "" } else { "s" };
        write!(
            f,
            "{} waiting, {} unchanged ({} account{s})",
            grouped(self.waiting),
            grouped(self.unchanged),
            grouped(self.accounts)
        )
    }
}

/// What `plan` prints and `apply` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The instance.
    pub instance: InstanceRef,
    /// The digest of the manifest.
    pub manifest_digest: String,
    /// Lanes of accounts that differ, in manifest order.
    pub lanes: Vec<Lane>,
    /// The counts.
    pub summary: Summary,
    /// What the plan could not know, in sentences.
    pub notes: Vec<String>,
    /// Its waves.
    pub rollout: Rollout,
}

impl Plan {
    /// Counts the operations of all lanes.
    pub fn operation_count(&self) -> usize {
        self.lanes.iter().map(|lane| lane.operations.len()).sum()
    }

    /// Counts the accounts in which something is to be called.
    pub fn working_lanes(&self) -> usize {
        let lanes = self.lanes.iter();
        lanes.filter(|lane| !lane.operations.is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_is_stable() {
        let summary = Summary {
            add: 12,
            change: 3,
            waiting: 2,
            unchanged: 9_584,
            accounts: 10_002,
            ..Summary::default()
        };
        assert_eq!(
            summary.to_string(),
            "12 to add, 3 to change, 0 to remove, 2 waiting, 9,584 unchanged (10,002 accounts)"
        );
        let one = Summary {
            accounts: 1,
            adopt: 1,
            moved: 2,
            blocked: 1_000_000,
            ..Summary::default()
        };
        assert_eq!(
            one.to_string(),
            "0 to add, 0 to change, 0 to remove, 1 to adopt, 2 to move, 1,000,000 blocked, 0 waiting, \
             0 unchanged (1 account)"
        );
    }
}
