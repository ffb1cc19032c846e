//! What a lane has learned of its account while it worked: ids that did not exist before.

use gangplank_model::{
    BoundConnector, CycleTarget, LiveConnector, LiveCycle, LiveStep, ObjectPath, Operation,
    OperationKind, Outcome,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A cycle that this lane installed.
#[derive(Clone, Debug)]
pub(crate) struct InstalledCycle {
    pub(crate) id: String,
    /// Whether the instance said that this lane made it; else it was found there after an answer was lost, and
    /// may be somebody else's.
    pub(crate) certain: bool,
    /// The operation that installed it.
    pub(crate) index: usize,
    /// Whether it is known that nobody else installed the same at the same time.
    checked: bool,
    pub(crate) tags: Vec<String>,
    pub(crate) connectors: Vec<BoundConnector>,
}

/// The lane's memory.
#[derive(Debug, Default)]
pub(crate) struct Learned {
    /// Account connector ids by their own names.
    connectors: BTreeMap<String, i64>,
    /// Whether all the account's connectors are known, as after a listing.
    pub(crate) all_connectors: bool,
    /// By the template entry's name.
    cycles: BTreeMap<String, InstalledCycle>,
    /// By cycle id.
    steps: BTreeMap<String, Vec<LiveStep>>,
    /// Connectors that were sent a credential and still said that they are not authenticated.
    pub(crate) unconfirmed: BTreeSet<String>,
    /// Cycles that this lane stopped, and that may still be draining; and since when.
    pub(crate) stopped: BTreeMap<String, Duration>,
    /// Entries whose cycles gave way to somebody else's, with what is to be said of it.
    pub(crate) lost: BTreeMap<String, Outcome>,
    /// Whether it was looked for somebody else's installs when nothing more was to be made of ours.
    pub(crate) looked_in_vain: bool,
    /// Until when a stop of a cycle, whose answer was lost, may still be done.
    pub(crate) late_stops: BTreeMap<String, Duration>,
}

/// Which account connector serves a wanted binding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    /// As wanted, as far as can be told.
    Right,
    /// Another one than wanted: which, in words.
    Wrong(String),
    /// The account's connectors must be listed to tell.
    NeedsList,
}

impl Learned {
    /// Takes what a plan already says: ids of existing connectors by name.
    pub(crate) fn of(operations: &[Operation]) -> Self {
        let mut learned = Self::default();
        for operation in operations {
            if let (ObjectPath::Connector(name), OperationKind::UpdateConnector { id, .. }) =
                (&operation.address.object, &operation.kind)
            {
                learned.connectors.insert(name.clone(), *id);
            }
        }
        learned
    }

    /// Notes a connector that was installed or changed.
    pub(crate) fn connector(&mut self, connector: &LiveConnector, sent_value: bool) {
        self.connectors.insert(connector.name.clone(), connector.id);
        if sent_value && !connector.authenticated {
            self.unconfirmed.insert(connector.name.clone());
        }
    }

    /// Whether a connector was sent a credential and still said that it is not authenticated.
    pub(crate) fn is_unconfirmed(&self, id: i64) -> bool {
        let mut names = self.unconfirmed.iter();
        names.any(|name| self.connectors.get(name) == Some(&id))
    }

    /// Notes all connectors of the account.
    pub(crate) fn listing(&mut self, connectors: &[LiveConnector]) {
        for connector in connectors {
            self.connectors.insert(connector.name.clone(), connector.id);
        }
        self.all_connectors = true;
    }

    /// Notes the cycle that the install of an entry made.
    pub(crate) fn installed(
        &mut self,
        (index, operation): (usize, &Operation),
        cycle: LiveCycle,
        certain: bool,
    ) {
        if let ObjectPath::Template(entry) = &operation.address.object {
            let installed = InstalledCycle {
                id: cycle.id,
                certain,
                index,
                checked: false,
                tags: cycle.tags,
                connectors: cycle.connectors,
            };
            self.cycles.insert(entry.clone(), installed);
        }
    }

    /// The ids of all cycles that this lane installed.
    pub(crate) fn installed_ids(&self) -> impl Iterator<Item = String> {
        self.cycles.values().map(|cycle| cycle.id.clone())
    }

    /// Cycles that this lane installed and of which nobody looked yet whether somebody else did so too, by the
    /// entry's name.
    pub(crate) fn unchecked(&self) -> impl Iterator<Item = (&String, &InstalledCycle)> {
        self.cycles.iter().filter(|(_, cycle)| !cycle.checked)
    }

    /// Notes that an entry's cycle gives way, and what is to be said of it.
    pub(crate) fn lose(&mut self, entry: &str, outcome: Outcome) {
        self.cycles.remove(entry);
        self.lost.insert(entry.to_owned(), outcome);
    }

    /// Notes that nobody else installed the same.
    pub(crate) fn check(&mut self) {
        self.cycles
            .values_mut()
            .for_each(|cycle| cycle.checked = true);
    }

    /// Gives the cycle that this lane installed for the operation's entry.
    pub(crate) fn cycle(&self, operation: &Operation) -> Option<&InstalledCycle> {
        match &operation.address.object {
            ObjectPath::Template(entry) => self.cycles.get(entry),
            ObjectPath::Account | ObjectPath::Connector(_) => None,
        }
    }

    /// The id of the cycle that an operation works on; `None` before it is installed, and for
    /// operations that work on none.
    pub(crate) fn cycle_id(&self, operation: &Operation) -> Option<String> {
        match &operation.kind {
            OperationKind::UpdateCycle { cycle, .. }
            | OperationKind::SetVariables { cycle, .. }
            | OperationKind::SetParameter { cycle, .. }
            | OperationKind::SetField { cycle, .. }
            | OperationKind::Activate { cycle, .. } => match cycle {
                CycleTarget::Existing(id) => Some(id.clone()),
                CycleTarget::Installed => self.cycle(operation).map(|cycle| cycle.id.clone()),
            },
            OperationKind::DeleteCycle { id } | OperationKind::Deactivate { id } => {
                Some(id.clone())
            }
            OperationKind::CreateAccount { .. }
            | OperationKind::UpdateAccount { .. }
            | OperationKind::DeleteAccount
            | OperationKind::InstallConnector { .. }
            | OperationKind::UpdateConnector { .. }
            | OperationKind::DeleteConnector { .. }
            | OperationKind::InstallTemplate { .. } => None,
        }
    }

    /// Notes a cycle's steps.
    pub(crate) fn keep_steps(&mut self, cycle: String, steps: Vec<LiveStep>) {
        self.steps.insert(cycle, steps);
    }

    /// Gives a cycle's steps, when they were read.
    pub(crate) fn steps(&self, cycle: &str) -> Option<&[LiveStep]> {
        self.steps.get(cycle).map(Vec::as_slice)
    }

    /// Checks what a new cycle was bound to (cyclr-api.md 2.7, U3).
    pub(crate) fn binding(&self, operation: &Operation) -> Binding {
        let (OperationKind::InstallTemplate { bindings, .. }, Some(cycle)) =
            (&operation.kind, self.cycle(operation))
        else {
            return Binding::Right;
        };
        for wanted in bindings {
            for bound in &cycle.connectors {
                let Some(id) = bound.account_connector_id else {
                    continue;
                };
                if bound.name != wanted.connector || wanted.allowed.is_empty() {
                    continue;
                }
                let known = |name: &String| self.connectors.get(name);
                if wanted.allowed.iter().any(|name| known(name) == Some(&id)) {
                    continue;
                }
                let unknown = wanted.allowed.iter().any(|name| known(name).is_none());
                if unknown && !self.all_connectors {
                    return Binding::NeedsList;
                }
                return Binding::Wrong(self.wrong(&cycle.id, id, wanted));
            }
        }
        Binding::Right
    }

    fn wrong(&self, cycle: &str, id: i64, wanted: &gangplank_model::WantedBinding) -> String {
        let found = self.connectors.iter().find(|(_, known)| **known == id);
        let found = found.map_or_else(
            || format!("account connector {id}"),
            |(name, _)| format!("account connector {name:?} ({id})"),
        );
        let allowed: Vec<String> = wanted.allowed.iter().map(|n| format!("{n:?}")).collect();
        format!(
            "the new cycle {cycle} was bound to {found} for {}, not to {}; delete that cycle and \
             remove or declare the other connector, then apply again",
            wanted.connector,
            allowed.join(" or ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::{AccountId, Address, WantedBinding};

    #[test]
    fn bindings_are_checked_with_what_is_known() {
        let operation = Operation {
            address: Address::template(&AccountId::new("a"), "t"),
            kind: OperationKind::InstallTemplate {
                template_id: "t".into(),
                known_cycles: Vec::new(),
                bindings: vec![WantedBinding {
                    connector: "Mailchimp".into(),
                    allowed: vec!["Mail".into(), "Post".into()],
                }],
            },
            depends_on: Vec::new(),
        };
        let connector = |id, name: &str| LiveConnector {
            id,
            name: name.into(),
            authenticated: true,
            ..LiveConnector::default()
        };
        let check = |known: &[(i64, &str)], listed: bool, bound: Option<i64>| {
            let mut learned = Learned::default();
            for (id, name) in known {
                learned.connector(&connector(*id, name), true);
            }
            learned.all_connectors = listed;
            let cycle = LiveCycle {
                id: "c".into(),
                connectors: vec![BoundConnector {
                    name: "Mailchimp".into(),
                    account_connector_id: bound,
                    authenticated: false,
                }],
                ..LiveCycle::default()
            };
            learned.installed((0, &operation), cycle, true);
            learned.binding(&operation)
        };
        assert_eq!(check(&[], false, None), Binding::Right);
        assert_eq!(check(&[(1, "Mail")], false, Some(1)), Binding::Right);
        assert_eq!(check(&[(1, "Mail")], false, Some(2)), Binding::NeedsList);
        assert_eq!(
            check(&[(1, "Mail"), (2, "Post")], false, Some(2)),
            Binding::Right
        );
        for (known, listed) in [
            (&[(1, "Mail"), (2, "Post")][..], false),
            (&[(1, "Mail"), (3, "Other")][..], true),
        ] {
            let Binding::Wrong(why) = check(known, listed, Some(3)) else {
                panic!("{known:?}");
            };
            assert!(
                why.contains('3') && why.contains("\"Mail\" or \"Post\""),
                "{why}"
            );
        }
    }
}
