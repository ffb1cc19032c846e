//! Version 1 of the plan as JSON.
//!
//! Tools may rely on it: keys are only added within version 1, and readers ignore those that they do
//! not know. It holds no secret, only where one is read from. `plan --format json` prints it, and
//! `plan --out` writes it ([`crate::file::plan_file`]).

use crate::file::plan_access::AccessV1;
use crate::file::plan_call::CallV1;
use crate::file::plan_watch::PreconditionV1;
use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};

/// The version that [`PlanV1`] writes.
pub const FORMAT_VERSION: &str = "1.1";

/// How a live instance differs from the manifests, and the calls that make it tally.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanV1 {
    /// The format's version; the number before the dot changes only when readers would break.
    pub format_version: String,
    /// The version of Gangplank that made it, and alone applies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine_version: Option<String>,
    /// SHA-256 of all but `notes`, `saved` and itself, in hexadecimal: `apply --approve-digest` takes it.
    /// Two plans of one state have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// What a file has besides, and a plan on standard output has not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<SavedV1>,
    /// The instance that the plan was made for.
    pub instance: InstanceV1,
    /// SHA-256 of the manifests, in hexadecimal.
    pub manifest_digest: String,
    /// As whom the instance is asked, and how secrets are read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessV1>,
    /// Accounts that could not be read, and are left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<String>,
    /// Whether connectors and templates are left out, since the instance shows its library to accounts
    /// alone and there is none yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unplanned: bool,
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

/// What a file has besides the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SavedV1 {
    /// When it was made, ISO 8601 in UTC.
    pub created: String,
    /// Until when it may be applied.
    pub expires: String,
    /// How many removals were approved when it was made, with `--max-removals`.
    pub approved_removals: usize,
    /// SHA-256 of the whole file with this value empty, in hexadecimal.
    pub seal: String,
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
    /// What has to hold before the first call. An account that is made needs nothing: that call is
    /// refused where the account is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precondition: Option<PreconditionV1>,
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
    /// The former name, of `moved`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What is exclusive, of `undeclared`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exclusive: Option<ExclusiveV1>,
}

/// What is exclusive, and where that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExclusiveV1 {
    /// The account.
    Account(OriginV1),
    /// The instance.
    Instance(OriginV1),
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
    /// How many characters stand there.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub length: u32,
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_one(length: &u32) -> bool {
    *length == 1
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
    /// What it sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<CallV1>,
}

/// The JSON Schema of [`PlanV1`].
pub fn schema() -> serde_json::Value {
    schema_for!(PlanV1).to_value()
}
