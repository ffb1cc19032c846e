//! Rosters: accounts from the rows of a file.

use crate::decode::{Decode, Field, Keyed};
use crate::entry::{BodyEntry, GivenArguments, StateEntry, Typed, entry, replaces};
use crate::node::{Kind, Node};
use crate::parse::wrong;
use gangplank_model::suggest::did_you_mean;
use gangplank_model::{Diagnostic, Problems, code};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// Accounts from data: one for each row of a CSV, JSON, JSON Lines or YAML file.
    #[schemars(rename = "roster")]
    RosterEntry ("a roster") requires ["from", "account"] {
        /// The file with the rows, or a pattern such as `rosters/*.csv`, below the manifest's folder.
        #[schemars(extend("pattern" = crate::pattern::ROSTER))]
        #[schemars(extend("examples" = ["customers.csv", "rosters/*.csv"]))]
        from: String,
        /// The account that each row makes: every key of an account, with expressions over `row`.
        account: RosterAccountEntry,
        /// An expression that is true for the rows to keep: `row.status == 'live'`.
        #[schemars(extend("examples" = ["row.status == 'live'"]))]
        r#where: String,
        /// What the file is, where its name does not say.
        format: RosterFormat,
        /// `allow` when it may be that there is no row.
        #[schemars(extend("x-default" = "refuse"))]
        empty: EmptyEntry,
    }
}

entry! {
    /// The account that a row makes.
    #[schemars(rename = "roster_account")]
    RosterAccountEntry ("a roster's account") requires ["id"] with body: BodyEntry {
        /// The vendor-side account id, such as `{{ row.id }}`: the natural key.
        #[schemars(extend("pattern" = crate::pattern::ROSTER_ID))]
        #[schemars(extend("examples" = ["{{ row.id }}"]))]
        id: String,
        /// The profile under this account, such as `{{ row.tier }}`.
        #[schemars(extend("examples" = ["{{ row.tier }}"]))]
        profile: String,
        /// Values for the arguments of the profile, with expressions over `row`.
        arguments: GivenArguments,
        /// The id of the parent account; only used when a sub-account is created.
        #[schemars(extend("examples" = ["{{ row.group }}"]))]
        parent: String,
        /// `absent` deletes the account, its connectors and its cycles.
        #[schemars(extend("x-default" = "present"))]
        state: Typed<StateEntry>,
    }
}

/// What a roster's file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RosterFormat {
    Csv,
    Json,
    JsonLines,
    Yaml,
}

/// Whether a roster may give no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EmptyEntry {
    Allow,
    Refuse,
}

replaces!(RosterFormat, EmptyEntry);

impl RosterFormat {
    const WORDS: [(&'static str, Self); 6] = [
        ("csv", Self::Csv),
        ("json", Self::Json),
        ("jsonl", Self::JsonLines),
        ("ndjson", Self::JsonLines),
        ("yaml", Self::Yaml),
        ("yml", Self::Yaml),
    ];

    /// By the ending of a file's name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        let (_, ending) = name.rsplit_once('.')?;
        one_of(&ending.to_ascii_lowercase(), &Self::WORDS)
    }
}

impl EmptyEntry {
    const WORDS: [(&'static str, Self); 2] = [("allow", Self::Allow), ("refuse", Self::Refuse)];
}

impl RosterEntry {
    /// Whether it may give no account.
    pub(crate) fn may_be_empty(&self) -> bool {
        self.empty.get() == Some(&EmptyEntry::Allow)
    }
}

fn one_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == text);
    found.map(|(_, value)| *value)
}

/// Reads one of a few words.
pub(super) fn word<T: Copy>(
    node: &Node,
    words: &[(&'static str, T)],
    problems: &mut Problems,
) -> Option<T> {
    let all: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
    let expected = match all.split_last() {
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    };
    let mut hint = "write one of these words, or leave the key out".to_owned();
    if let Kind::Text(text) = &node.kind {
        if let Some(value) = one_of(text, words) {
            return Some(value);
        }
        let known = words.iter().map(|(word, _)| *word);
        hint = did_you_mean(text, known).unwrap_or(hint);
        let summary = format!("expected {expected}, found another word");
        problems.push(
            Diagnostic::error(code::WRONG_TYPE, summary)
                .at(&node.origin, "this is another word")
                .hint(hint),
        );
        return None;
    }
    problems.push(wrong(node, &expected, &hint));
    None
}

/// Decoder and schema of types that are one of a few words.
macro_rules! words {
    ($type:ident, $name:literal) => {
        impl Decode for $type {
            fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
                $crate::entry::roster::word(&node, &Self::WORDS, problems)
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let words = Self::WORDS.map(|(word, _)| word);
                json_schema!({ "type": "string", "enum": words })
            }
        }
    };
}

pub(super) use words;

words!(RosterFormat, "roster_format");
words!(EmptyEntry, "empty");

impl RosterAccountEntry {
    /// Its profile, where it is the same for every row.
    pub(crate) fn fixed_profile(&self) -> Option<&Field<String>> {
        let fixed = |profile: &String| !crate::expression::is_expression(profile);
        self.profile.get().filter(|it| fixed(it))?;
        Some(&self.profile)
    }
}

/// Rosters are never merged by name.
impl Keyed for RosterEntry {
    fn key(&self) -> Option<&str> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::RosterAccountEntry;
    use crate::decode::Fields as _;
    use crate::entry::AccountEntry;

    /// What can be written of one account can be written of a row's.
    #[test]
    fn a_roster_takes_every_key_of_an_account() {
        assert_eq!(RosterAccountEntry::keys(), AccountEntry::keys());
        assert_eq!(RosterAccountEntry::REQUIRED, AccountEntry::REQUIRED);
    }
}
