//! The calls of one lane, each with what it depends on.

use gangplank_model::{Address, Operation, OperationKind};

/// Collects calls, each with what it depends on.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// In the order in which they are sent.
    pub(super) list: Vec<Operation>,
    /// The call that makes the account.
    pub(super) created: Option<usize>,
}

/// One template's calls.
#[derive(Debug)]
pub(super) struct Cycle<'a> {
    pub(super) address: &'a Address,
    pub(super) operations: Vec<OperationKind>,
    /// The calls that write connectors.
    pub(super) connectors: &'a [usize],
    /// The calls after which its name is free.
    pub(super) before: &'a [usize],
    /// What was done before others could have their names.
    pub(super) begun: Option<Begun>,
}

/// A cycle that gave way to others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Begun {
    /// The first call.
    pub(super) first: usize,
    /// The call that gave it a temporary name.
    pub(super) aside: usize,
    /// Whether the first call stops it.
    pub(super) stops: bool,
}

impl Calls {
    /// Adds a call that needs the account and these earlier calls.
    pub(super) fn push(&mut self, address: Address, kind: OperationKind, needs: &[usize]) -> usize {
        let mut depends_on: Vec<usize> = self.created.iter().chain(needs).copied().collect();
        depends_on.sort_unstable();
        depends_on.dedup();
        self.list.push(Operation {
            address,
            kind,
            depends_on,
        });
        self.list.len() - 1
    }

    /// Lets a cycle give way: a running one is stopped first. Gives back what is left to do.
    pub(super) fn aside(
        &mut self,
        address: &Address,
        mut operations: Vec<OperationKind>,
        aside: OperationKind,
    ) -> (Begun, Vec<OperationKind>) {
        let stops = matches!(operations.first(), Some(OperationKind::Deactivate { .. }));
        let stop = stops.then(|| self.push(address.clone(), operations.remove(0), &[]));
        let needs: Vec<usize> = stop.into_iter().collect();
        let aside = self.push(address.clone(), aside, &needs);
        let first = stop.unwrap_or(aside);
        let begun = Begun {
            first,
            aside,
            stops,
        };
        (begun, operations)
    }

    /// One template's calls: the first ones need the connectors, the last one needs all before it.
    /// What starts a stopped cycle again needs its stop alone: a change that is refused in between
    /// must not leave the customer's cycle stopped. Gives back the call that names the cycle.
    pub(super) fn template(&mut self, cycle: Cycle<'_>) -> Option<usize> {
        let mut first = cycle.begun.map(|begun| begun.first);
        let start = self.list.len();
        let stops = match cycle.begun {
            Some(begun) => begun.stops,
            None => matches!(
                cycle.operations.first(),
                Some(OperationKind::Deactivate { .. })
            ),
        };
        let mut naming = None;
        for kind in cycle.operations {
            let mut needs: Vec<usize> = if let OperationKind::InstallTemplate { .. } = kind {
                cycle.connectors.to_vec()
            } else if let (OperationKind::Activate { .. }, false) = (&kind, stops) {
                let connectors = cycle.connectors.iter().copied();
                let begun = cycle.begun.map(|begun| begun.aside);
                connectors
                    .chain(begun)
                    .chain(start..self.list.len())
                    .collect()
            } else {
                // Everything else needs the install, or the stop, that came first.
                first.into_iter().collect()
            };
            let is_naming = matches!(kind, OperationKind::UpdateCycle { .. });
            if first.is_none() || is_naming {
                needs.extend(cycle.before);
                needs.extend(cycle.begun.map(|begun| begun.aside));
            }
            let index = self.push(cycle.address.clone(), kind, &needs);
            first.get_or_insert(index);
            if is_naming {
                naming = Some(index);
            }
        }
        naming
    }

    /// Adds calls of which each needs all before it.
    pub(super) fn in_turn(&mut self, calls: impl Iterator<Item = (Address, OperationKind)>) {
        let mut before = Vec::new();
        for (address, kind) in calls {
            before.push(self.push(address, kind, &before.clone()));
        }
    }
}
