//! What an instance offers, as far as a check without a plan has read it.

use crate::address::AccountId;
use crate::library::{LibraryConnector, LibraryTemplate};
use crate::live::LiveCycle;
use std::collections::{BTreeMap, BTreeSet};

/// What an instance offers; what was not read is `None` or not there.
#[derive(Clone, Debug, Default)]
pub struct Offer {
    /// The connector library.
    pub connectors: Option<Vec<LibraryConnector>>,
    /// The published templates.
    pub templates: Option<Vec<LibraryTemplate>>,
    /// Ids of templates that are there and not published, in lower case.
    pub unpublished: BTreeSet<String>,
    /// What is known of the inside of templates, by their ids.
    pub insides: BTreeMap<String, Inside>,
    /// The accounts on the first page of their list.
    pub accounts: Option<KnownAccounts>,
    /// The names of the connectors that stand in an account, of those accounts that were looked into.
    pub installed: BTreeMap<AccountId, BTreeSet<String>>,
}

/// Accounts that are there.
#[derive(Clone, Debug, Default)]
pub struct KnownAccounts {
    /// Their ids, in the order of the list.
    pub ids: Vec<AccountId>,
    /// Whether there are no others.
    pub whole: bool,
}

/// What is known of the inside of one template, and from where.
#[derive(Clone, Debug, Default)]
pub struct Inside {
    /// A cycle that was made from it: what it has is certain, and may be of an earlier release.
    pub cycle: Option<CycleInside>,
    /// Its export, whose form no source vouches for (cyclr-api.md 2.7).
    pub export: Option<TemplateShape>,
}

/// A cycle that was looked into.
#[derive(Clone, Debug)]
pub struct CycleInside {
    /// The account that it stands in.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// Its names.
    pub shape: TemplateShape,
}

/// The names in a template or a cycle that a manifest can use; `None` where they are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TemplateShape {
    /// Its steps.
    pub steps: Option<Vec<StepShape>>,
    /// Its variables.
    pub variables: Option<BTreeSet<String>>,
}

/// The names in one step; `None` where they are not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepShape {
    /// The step's own name.
    pub name: String,
    /// Its parameters.
    pub parameters: Option<BTreeSet<String>>,
    /// Its fields.
    pub fields: Option<BTreeSet<String>>,
}

impl TemplateShape {
    /// The names of a cycle, as far as they were read.
    pub fn of(cycle: &LiveCycle) -> Self {
        let names = |mappings: &Option<Vec<crate::live::LiveMapping>>| {
            let mappings = mappings.as_ref()?;
            Some(mappings.iter().map(|it| it.name.clone()).collect())
        };
        let steps = cycle.steps.as_ref().map(|steps| {
            let steps = steps.iter().map(|step| StepShape {
                name: step.name.clone(),
                parameters: names(&step.parameters),
                fields: names(&step.fields),
            });
            steps.collect()
        });
        let variables = cycle.variables.as_ref();
        Self {
            steps,
            variables: variables.map(|variables| variables.keys().cloned().collect()),
        }
    }

    /// Adds the names of another one: what either has is there.
    pub fn merge(&mut self, other: Self) {
        if let Some(steps) = other.steps {
            let held = self.steps.get_or_insert_default();
            for step in steps {
                match held.iter_mut().find(|known| known.name == step.name) {
                    Some(known) => {
                        join(&mut known.parameters, step.parameters);
                        join(&mut known.fields, step.fields);
                    }
                    None => held.push(step),
                }
            }
        }
        join(&mut self.variables, other.variables);
    }
}

fn join(held: &mut Option<BTreeSet<String>>, more: Option<BTreeSet<String>>) {
    if let Some(more) = more {
        held.get_or_insert_default().extend(more);
    }
}
