//! The calls of one lane, each with what it depends on.

use gangplank_model::{Address, CycleTarget, Operation, OperationKind};

/// Collects calls, each with what it depends on.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// In the order in which they are sent.
    pub(super) list: Vec<Operation>,
    /// The call that makes the account.
    pub(super) created: Option<usize>,
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

    /// One template's calls: the first ones need the connectors, the last one needs all before it.
    /// What starts a stopped cycle again needs its stop alone: a change that is refused in between
    /// must not leave the customer's cycle stopped.
    pub(super) fn template(
        &mut self,
        address: &Address,
        operations: Vec<OperationKind>,
        connectors: &[usize],
    ) {
        let first = self.list.len();
        let stops = matches!(operations.first(), Some(OperationKind::Deactivate { .. }));
        for kind in operations {
            let needs: Vec<usize> = if let OperationKind::InstallTemplate { .. } = kind {
                connectors.to_vec()
            } else if let (OperationKind::Activate { .. }, false) = (&kind, stops) {
                connectors
                    .iter()
                    .copied()
                    .chain(first..self.list.len())
                    .collect()
            } else {
                // Everything else needs the install, or the stop, that came first.
                (first < self.list.len())
                    .then_some(first)
                    .into_iter()
                    .collect()
            };
            self.push(address.clone(), kind, &needs);
        }
    }
    /// Adds calls of which each needs all before it.
    pub(super) fn in_turn(&mut self, calls: impl Iterator<Item = (Address, OperationKind)>) {
        let mut before = Vec::new();
        for (address, kind) in calls {
            before.push(self.push(address, kind, &before.clone()));
        }
    }
}

/// Whether a call works on a cycle that this lane installs.
pub(crate) fn on_installed(kind: &OperationKind) -> bool {
    match kind {
        OperationKind::UpdateCycle { cycle, .. }
        | OperationKind::SetVariables { cycle, .. }
        | OperationKind::SetParameter { cycle, .. }
        | OperationKind::SetField { cycle, .. }
        | OperationKind::Activate { cycle, .. } => *cycle == CycleTarget::Installed,
        OperationKind::CreateAccount { .. }
        | OperationKind::UpdateAccount { .. }
        | OperationKind::DeleteAccount
        | OperationKind::InstallConnector { .. }
        | OperationKind::UpdateConnector { .. }
        | OperationKind::DeleteConnector { .. }
        | OperationKind::InstallTemplate { .. }
        | OperationKind::DeleteCycle { .. }
        | OperationKind::Deactivate { .. } => false,
    }
}
