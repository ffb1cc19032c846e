//! What has to hold before an account is written to, as a plan on disk says it.

use crate::address::AccountId;
use crate::precondition::{CycleWatch, Precondition, Seen, SeenObject, StepWatch, Watch};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What an account held where the plan looked at it; it is looked at again before its first write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PreconditionV1 {
    /// The account's own fields that were looked at.
    pub fields: BTreeSet<String>,
    /// SHA-256 of what they held, in hexadecimal.
    pub account: String,
    /// Where sub-accounts were looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub_accounts: Option<SubAccountsV1>,
    /// Where connectors were looked at: by id, what each was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connectors: Option<BTreeMap<String, SeenV1>>,
    /// By connector name, the properties whose values were looked at.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, BTreeSet<String>>,
    /// Where cycles were looked at: by GUID, what each was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycles: Option<BTreeMap<String, SeenV1>>,
    /// The variables whose values were looked at.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub variables: BTreeSet<String>,
    /// Cycles that were looked into.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<DetailV1>,
}

/// Sub-accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubAccountsV1 {
    /// Those that go by this plan, and do not count.
    pub going: BTreeSet<String>,
    /// The others.
    pub staying: BTreeSet<String>,
}

/// A connector or a cycle as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeenV1 {
    /// Its name.
    pub name: String,
    /// SHA-256 of all that counts of it, in hexadecimal.
    pub digest: String,
}

/// What was looked at in a cycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DetailV1 {
    /// The cycle's GUID.
    pub cycle: String,
    /// Whether its variables were.
    pub variables: bool,
    /// Its steps, where they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<StepDetailV1>>,
}

/// What was looked at in a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StepDetailV1 {
    /// The step's GUID.
    pub step: String,
    /// Whether its parameters were.
    pub parameters: bool,
    /// Whether its field mappings were.
    pub fields: bool,
}

impl From<&Precondition> for PreconditionV1 {
    fn from(precondition: &Precondition) -> Self {
        let Watch {
            fields,
            sub_accounts,
            connectors,
            properties,
            cycles,
            variables,
            details,
        } = &precondition.watch;
        let seen = &precondition.seen;
        let texts = |ids: &BTreeSet<AccountId>| ids.iter().map(ToString::to_string).collect();
        let objects = |seen: &BTreeMap<String, SeenObject>| {
            let objects = seen.iter();
            objects
                .map(|(id, it)| {
                    let SeenObject { name, digest } = it.clone();
                    (id.clone(), SeenV1 { name, digest })
                })
                .collect()
        };
        Self {
            fields: fields.clone(),
            account: seen.account.clone(),
            sub_accounts: sub_accounts.as_ref().map(|going| SubAccountsV1 {
                going: texts(going),
                staying: texts(&seen.sub_accounts),
            }),
            connectors: connectors.then(|| objects(&seen.connectors)),
            properties: properties.clone(),
            cycles: cycles.then(|| objects(&seen.cycles)),
            variables: variables.clone(),
            details: details.iter().map(DetailV1::from).collect(),
        }
    }
}

impl From<&CycleWatch> for DetailV1 {
    fn from(watch: &CycleWatch) -> Self {
        let steps = watch.steps.as_ref().map(|steps| {
            let steps = steps.iter().map(|it| StepDetailV1 {
                step: it.step.clone(),
                parameters: it.parameters,
                fields: it.fields,
            });
            steps.collect()
        });
        Self {
            cycle: watch.cycle.clone(),
            variables: watch.variables,
            steps,
        }
    }
}

impl From<&PreconditionV1> for Precondition {
    fn from(from: &PreconditionV1) -> Self {
        let ids = |ids: &BTreeSet<String>| ids.iter().map(AccountId::new).collect();
        let objects = |seen: &Option<BTreeMap<String, SeenV1>>| {
            let objects = seen.iter().flatten();
            objects
                .map(|(id, it)| {
                    let SeenV1 { name, digest } = it.clone();
                    (id.clone(), SeenObject { name, digest })
                })
                .collect()
        };
        let sub_accounts = from.sub_accounts.as_ref();
        Self {
            watch: Watch {
                fields: from.fields.clone(),
                sub_accounts: sub_accounts.map(|it| ids(&it.going)),
                connectors: from.connectors.is_some(),
                properties: from.properties.clone(),
                cycles: from.cycles.is_some(),
                variables: from.variables.clone(),
                details: from.details.iter().map(CycleWatch::from).collect(),
            },
            seen: Seen {
                account: from.account.clone(),
                sub_accounts: sub_accounts.map(|it| ids(&it.staying)).unwrap_or_default(),
                connectors: objects(&from.connectors),
                cycles: objects(&from.cycles),
            },
        }
    }
}

impl From<&DetailV1> for CycleWatch {
    fn from(from: &DetailV1) -> Self {
        let steps = from.steps.as_ref().map(|steps| {
            let steps = steps.iter().map(|it| StepWatch {
                step: it.step.clone(),
                parameters: it.parameters,
                fields: it.fields,
            });
            steps.collect()
        });
        Self {
            cycle: from.cycle.clone(),
            variables: from.variables,
            steps,
        }
    }
}
