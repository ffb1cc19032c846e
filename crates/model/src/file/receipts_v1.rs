//! Version 1 of the receipts: the lines of JSON that an apply writes, one before and one after each call.
//!
//! Tools may rely on it: keys are only added within version 1, and readers ignore those that they do
//! not know. It is a record for people and audits. A later run may read it to know sooner what an earlier
//! one has left open (`apply --resume`), and never needs it to be right.

use crate::ending::AccountEnd;
use crate::receipt::Outcome;
use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version that a header names.
pub const VERSION: u32 = 1;

/// A line of a file of receipts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LineV1 {
    /// How many bytes the record has in its line: fewer when the line was torn.
    pub length: usize,
    /// The CRC-32 of the record's bytes, in eight hexadecimal digits.
    #[schemars(regex(pattern = "^[0-9a-f]{8}$"))]
    pub crc32: String,
    /// What is recorded.
    pub record: RecordV1,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RecordV1 {
    /// The first line of a file, and of a second round in it.
    Header {
        /// The record's place in the file, from 0: one more than that of the line before it.
        number: u64,
        /// The version of the format.
        version: u32,
        /// The run's own id.
        run: String,
        /// When it began, ISO 8601 in UTC.
        started: String,
        /// The base URL of the instance.
        instance: String,
        /// SHA-256 of the manifests, in hexadecimal.
        manifest_digest: String,
    },
    /// A call is about to be sent.
    Intent {
        /// The record's place in the file, from 0: one more than that of the line before it.
        number: u64,
        /// The object.
        address: String,
        /// The operation's place in its account, from 0.
        index: usize,
        /// What is to be done, in a few words.
        verb: String,
        /// Method and route pattern.
        route: String,
        /// Which attempt it is, from 1.
        attempt: u32,
        /// Since the run began.
        milliseconds: u64,
    },
    /// An operation ended.
    Outcome {
        /// The record's place in the file, from 0: one more than that of the line before it.
        number: u64,
        /// The object.
        address: String,
        /// The operation's place in its account, from 0.
        index: usize,
        /// How it ended.
        outcome: OutcomeV1,
        /// Why it ended badly, and what to do next.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        explanation: Option<String>,
        /// The id that the instance gave or has for the object.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
        /// How many times it was sent.
        attempts: u32,
        /// Since the run began.
        milliseconds: u64,
    },
    /// An account is through, or was not begun.
    Account {
        /// The record's place in the file, from 0: one more than that of the line before it.
        number: u64,
        /// The account.
        account: String,
        /// How it ended.
        end: AccountEndV1,
        /// Why, where no outcome says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
        /// Since the run began.
        milliseconds: u64,
    },
    /// A cycle was started in a wave, and has to run when the wave is looked at.
    Watched {
        /// The record's place in the file, from 0: one more than that of the line before it.
        number: u64,
        /// The wave, from 1.
        wave: usize,
        /// The template.
        address: String,
        /// The cycle's id.
        cycle: String,
        /// Whether it was to run once.
        once: bool,
        /// Since the run began.
        milliseconds: u64,
    },
    /// A wave came to a further stage.
    Wave {
        /// The record's place in the file, from 0: one more than that of the line before it.
        number: u64,
        /// The wave, from 1.
        wave: usize,
        /// What it takes: `wave=canary`, `10%`.
        takes: String,
        /// Which stage.
        stage: StageV1,
        /// How long before this record it was in order, and nothing was written after it.
        soaked_milliseconds: u64,
        /// Since the run began.
        milliseconds: u64,
    },
}

/// How an account ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountEndV1 {
    /// Every call ended well, or waits for a person.
    Good,
    /// A call was refused, or the account is not what the plan was made for.
    Failed,
    /// Whether a call was done could not be found out.
    Unknown,
    /// Its time was over.
    TimedOut,
    /// It was under way when a stop was asked for.
    Stopped,
    /// It was not begun.
    NotBegun,
}

/// How far a wave is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageV1 {
    /// Its accounts are worked on.
    Begun,
    /// It was found in order, and nothing is written for a while.
    Soaking,
    /// It was found in order, and the next one may begin.
    Passed,
    /// It was not found in order.
    Held,
}

impl RecordV1 {
    /// The record's place in its file.
    pub fn number(&self) -> u64 {
        match self {
            Self::Header { number, .. }
            | Self::Intent { number, .. }
            | Self::Outcome { number, .. }
            | Self::Account { number, .. }
            | Self::Watched { number, .. }
            | Self::Wave { number, .. } => *number,
        }
    }
}

/// How an operation ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeV1 {
    /// The instance said yes.
    Done,
    /// The answer was lost; reading back showed that it was done.
    Confirmed,
    /// The instance said no, or it cannot be done.
    Refused,
    /// The instance holds something else than was planned.
    Diverged,
    /// Whether it was done could not be found out; needs a person.
    Unknown,
    /// The instance said no, as long as a person has not done what only a person can.
    Waiting,
    /// Not tried, since something before it did not end well.
    Skipped,
}

/// Returns the JSON Schema of a line.
pub fn schema() -> serde_json::Value {
    let mut schema = schema_for!(LineV1).to_value();
    // The word that tells the records apart is no field of ours, and has no description of its own.
    let records = schema.pointer_mut("/$defs/RecordV1/oneOf");
    for record in records.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(Value::Object(word)) = record.pointer_mut("/properties/type") {
            word.insert("description".to_owned(), "What is recorded.".into());
        }
    }
    schema
}

impl From<AccountEnd> for AccountEndV1 {
    fn from(end: AccountEnd) -> Self {
        match end {
            AccountEnd::Good => Self::Good,
            AccountEnd::Failed => Self::Failed,
            AccountEnd::Unknown => Self::Unknown,
            AccountEnd::TimedOut => Self::TimedOut,
            AccountEnd::Stopped => Self::Stopped,
            AccountEnd::NotBegun => Self::NotBegun,
        }
    }
}

impl From<&Outcome> for OutcomeV1 {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Confirmed => Self::Confirmed,
            Outcome::Refused(_) => Self::Refused,
            Outcome::Diverged(_) => Self::Diverged,
            Outcome::Unknown(_) => Self::Unknown,
            Outcome::Waiting(_) => Self::Waiting,
            Outcome::Skipped => Self::Skipped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_have_the_words_of_the_model() {
        for outcome in [
            Outcome::Done,
            Outcome::Confirmed,
            Outcome::Refused(String::new()),
            Outcome::Diverged(String::new()),
            Outcome::Unknown(String::new()),
            Outcome::Waiting(String::new()),
            Outcome::Skipped,
        ] {
            let word = serde_json::to_value(OutcomeV1::from(&outcome)).unwrap();
            assert_eq!(word, outcome.word());
        }
    }

    #[test]
    fn ends_have_the_words_of_the_model() {
        for end in [
            AccountEnd::Good,
            AccountEnd::Failed,
            AccountEnd::Unknown,
            AccountEnd::TimedOut,
            AccountEnd::Stopped,
            AccountEnd::NotBegun,
        ] {
            let word = serde_json::to_value(AccountEndV1::from(end)).unwrap();
            assert_eq!(word, end.word());
        }
    }
}
