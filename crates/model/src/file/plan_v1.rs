//! Version 1 of the plan as JSON.
//!
//! Tools may rely on it: keys are only added within version 1, and readers ignore those that they do
//! not know. It holds no secret, only where one is read from.

use crate::change::{Change, Reason};
use crate::compare::{FieldChange, Shown};
use crate::operation::Operation;
use crate::origin::Origin;
use crate::plan::{Lane, Plan, Summary};
use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};

/// The version that [`PlanV1`] writes.
pub const FORMAT_VERSION: &str = "1.0";

/// How a live instance differs from the manifests, and the calls that make it tally.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanV1 {
    /// The format's version; the number before the dot changes only when readers would break.
    pub format_version: String,
    /// The instance that the plan was made for.
    pub instance: InstanceV1,
    /// SHA-256 of the manifests, in hexadecimal.
    pub manifest_digest: String,
    /// How many objects differ, and how.
    pub summary: SummaryV1,
    /// Accounts that differ, in manifest order.
    pub lanes: Vec<LaneV1>,
    /// What the plan could not know, in sentences.
    pub notes: Vec<String>,
    /// The waves in which it is applied, if it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollout: Option<RolloutV1>,
}

/// Waves: each is looked at before the next one begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RolloutV1 {
    /// What each wave takes, in order: `wave=canary`, `10%`.
    pub waves: Vec<String>,
    /// How long nothing is done after each wave but the last.
    pub soak_milliseconds: u64,
}

/// An instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InstanceV1 {
    /// Its name in the manifest, or `sandbox`.
    pub name: String,
    /// The base URL of its API, or `embedded`.
    pub api_url: String,
}

/// Counts of objects: accounts, connectors and templates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SummaryV1 {
    /// To create.
    pub add: usize,
    /// To change in place.
    pub change: usize,
    /// To remove.
    pub remove: usize,
    /// To take over.
    pub adopt: usize,
    /// To rename, and perhaps to change.
    #[serde(default)]
    pub moved: usize,
    /// Waiting for a person, in whole or in part; also counted in the others.
    pub waiting: usize,
    /// Not to be brought to tally by a tool.
    pub blocked: usize,
    /// That tally.
    pub unchanged: usize,
    /// Accounts in the manifests.
    pub accounts: usize,
}

/// One account that differs. Its operations run one by one; lanes run at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LaneV1 {
    /// The account's id.
    pub account: String,
    /// The parent account, when its lane has to end well first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The objects that differ.
    pub changes: Vec<ChangeV1>,
    /// The calls, in order; empty when everything waits for a person.
    pub operations: Vec<OperationV1>,
    /// The wave it belongs to, from 1. Where there are waves, an account without one is left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wave: Option<usize>,
}

/// One object that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeV1 {
    /// Its address: `account["acme"].connector["Mailchimp"]`.
    pub address: String,
    /// `create`, `update`, `remove`, `adopt`, `move`, `wait` or `block`.
    pub action: String,
    /// `+`, `~`, `-`, `=`, `>` or `!`.
    pub symbol: String,
    /// The name that it bears now, where it is renamed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<String>,
    /// A few words on what it is.
    pub title: String,
    /// Why.
    pub reasons: Vec<ReasonV1>,
    /// The fields that differ.
    pub fields: Vec<FieldV1>,
    /// Whether it waits for a person, in whole or in part.
    pub waits: bool,
    /// Where the entry stands in the manifests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<OriginV1>,
}

/// Why an object changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReasonV1 {
    /// A stable code: `missing`, `differs`, `waiting`, ...
    pub code: String,
    /// The same in words.
    pub text: String,
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldV1 {
    /// Its path below the object, as in the manifest: `properties.Subdomain`.
    pub field: String,
    /// What the instance holds.
    pub before: ShownV1,
    /// What is wanted.
    pub after: ShownV1,
    /// Where the wanted value was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<OriginV1>,
}

/// A value as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShownV1 {
    /// Nothing there.
    Absent,
    /// The API does not tell.
    Unknown,
    /// Plain text.
    Text(String),
    /// A secret, by where it is read from.
    Secret(String),
}

/// A place in a manifest; lines and columns from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OriginV1 {
    /// The file.
    pub file: String,
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OperationV1 {
    /// Its place in the lane, from 0.
    pub index: usize,
    /// The object that it serves.
    pub address: String,
    /// What it does, in a few words.
    pub verb: String,
    /// The HTTP method.
    pub method: String,
    /// The route below `/v1.0`, with the placeholders of the vendor's documentation.
    pub route: String,
    /// `idempotent`, or `resolve-first`: read back before it is ever sent again.
    pub retry: String,
    /// Places of earlier calls of the lane that it needs.
    pub depends_on: Vec<usize>,
}

/// The JSON Schema of [`PlanV1`].
pub fn schema() -> serde_json::Value {
    schema_for!(PlanV1).to_value()
}

impl From<&Plan> for PlanV1 {
    fn from(plan: &Plan) -> Self {
        Self {
            format_version: FORMAT_VERSION.into(),
            instance: InstanceV1 {
                name: plan.instance.name.clone(),
                api_url: plan.instance.api_url.clone(),
            },
            manifest_digest: plan.manifest_digest.clone(),
            summary: plan.summary.into(),
            lanes: plan.lanes.iter().map(LaneV1::from).collect(),
            notes: plan.notes.clone(),
            rollout: plan.rollout.is_some().then(|| RolloutV1 {
                waves: plan.rollout.waves.clone(),
                soak_milliseconds: u64::try_from(plan.rollout.soak.as_millis()).unwrap_or(u64::MAX),
            }),
        }
    }
}

impl From<Summary> for SummaryV1 {
    fn from(summary: Summary) -> Self {
        let Summary {
            add,
            change,
            remove,
            adopt,
            moved,
            waiting,
            blocked,
            unchanged,
            accounts,
        } = summary;
        Self {
            add,
            change,
            remove,
            adopt,
            moved,
            waiting,
            blocked,
            unchanged,
            accounts,
        }
    }
}

impl From<&Lane> for LaneV1 {
    fn from(lane: &Lane) -> Self {
        Self {
            account: lane.account.to_string(),
            after: lane.after.as_ref().map(ToString::to_string),
            changes: lane.changes.iter().map(ChangeV1::from).collect(),
            operations: lane
                .operations
                .iter()
                .enumerate()
                .map(OperationV1::from)
                .collect(),
            wave: lane.wave.map(|wave| wave + 1),
        }
    }
}

impl From<&Change> for ChangeV1 {
    fn from(change: &Change) -> Self {
        Self {
            address: change.address.to_string(),
            action: change.action.word().into(),
            symbol: change.action.symbol().into(),
            moved_from: change.moved_from().map(str::to_owned),
            title: change.title.clone(),
            reasons: change.reasons.iter().map(ReasonV1::from).collect(),
            fields: change.fields.iter().map(FieldV1::from).collect(),
            waits: change.waits(),
            origin: change.origin.as_ref().map(OriginV1::from),
        }
    }
}

impl From<&Reason> for ReasonV1 {
    fn from(reason: &Reason) -> Self {
        Self {
            code: reason.code().into(),
            text: reason.to_string(),
        }
    }
}

impl From<&FieldChange> for FieldV1 {
    fn from(change: &FieldChange) -> Self {
        Self {
            field: change.field.clone(),
            before: (&change.before).into(),
            after: (&change.after).into(),
            origin: change.origin.as_ref().map(OriginV1::from),
        }
    }
}

impl From<&Shown> for ShownV1 {
    fn from(shown: &Shown) -> Self {
        match shown {
            Shown::Absent => Self::Absent,
            Shown::Unknown => Self::Unknown,
            Shown::Text(text) => Self::Text(text.clone()),
            Shown::Secret(reference) => Self::Secret(reference.clone()),
        }
    }
}

impl From<&Origin> for OriginV1 {
    fn from(origin: &Origin) -> Self {
        Self {
            file: origin.file.to_string(),
            line: origin.line,
            column: origin.column,
        }
    }
}

impl From<(usize, &Operation)> for OperationV1 {
    fn from((index, operation): (usize, &Operation)) -> Self {
        let (method, route) = operation.route().split_once(' ').unwrap_or_default();
        Self {
            index,
            address: operation.address.to_string(),
            verb: operation.verb(),
            method: method.into(),
            route: route.into(),
            retry: operation.retry_class().word().into(),
            depends_on: operation.depends_on.clone(),
        }
    }
}
