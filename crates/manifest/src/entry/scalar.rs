//! Scalars: text, flags, numbers, and what may be any of them.

use crate::decode::Decode;
use crate::entry::replaces;
use crate::node::{Kind, Node};
use crate::parse::wrong;
use gangplank_model::code;
use gangplank_model::{Diagnostic, Problems, Retention};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

replaces!(String, bool, u32, Scalar, RetentionEntry);

/// Text, and nothing that only looks like it: `version: 2.10` would arrive as 2.1.
impl Decode for String {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        if let Kind::Text(text) = node.kind {
            return Some(text);
        }
        let hint = match node.kind {
            Kind::Number(_) | Kind::Bool(_) => "put it in quotes to make it text",
            Kind::Null => "write the text, or take the key away",
            Kind::Text(_) | Kind::List(_) | Kind::Map(_) => "write one text here",
        };
        problems.push(wrong(&node, "text", hint));
        None
    }
}

impl Decode for bool {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        if let Kind::Bool(flag) = node.kind {
            return Some(flag);
        }
        problems.push(wrong(
            &node,
            "true or false",
            "write `true` or `false`, without quotes",
        ));
        None
    }
}

impl Decode for u32 {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        if let Kind::Number(text) = &node.kind {
            if let Ok(number) = text.parse() {
                return Some(number);
            }
            problems.push(
                Diagnostic::error(code::WRONG_NUMBER, "expected a whole number from 0")
                    .at(&node.origin, "")
                    .hint("write digits only"),
            );
        } else {
            let hint = no_leading_zero(&node).unwrap_or("write digits only");
            problems.push(wrong(&node, "a whole number", hint));
        }
        None
    }
}

/// What to do about `0123`, which is read as text.
fn no_leading_zero(node: &Node) -> Option<&'static str> {
    let Kind::Text(text) = &node.kind else {
        return None;
    };
    let padded = text.len() > 1 && text.starts_with('0');
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (padded && digits).then_some("write digits without quotes and without a leading zero")
}

/// Text, a number or true or false, as it was written: what the vendor keeps as text.
#[derive(Clone, Debug)]
pub(crate) struct Scalar(pub(crate) String);

impl Decode for Scalar {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        if let Some(text) = node.scalar() {
            return Some(Self(text.to_owned()));
        }
        let nothing = matches!(node.kind, Kind::Null);
        let hint = if nothing {
            "write \"\" for an empty text"
        } else {
            "write one value here"
        };
        problems.push(wrong(&node, "text, a number, true or false", hint));
        None
    }
}

impl JsonSchema for Scalar {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "scalar".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

/// Hours, or nothing for the console's own setting (cyclr-api.md 2.1).
#[derive(Clone, Debug)]
pub(crate) struct RetentionEntry(pub(crate) Option<u32>);

impl RetentionEntry {
    /// The vendor's longest retention: 31 days.
    pub(crate) const LONGEST: u32 = 744;

    pub(crate) fn value(&self) -> Retention {
        match self.0 {
            None => Retention::ConsoleDefault,
            Some(hours) => Retention::Hours(hours.min(Self::LONGEST)),
        }
    }
}

impl Decode for RetentionEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        if matches!(node.kind, Kind::Null) {
            return Some(Self(None));
        }
        let digits = |text: &String| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        match &node.kind {
            // More hours than a number holds are as many as can be.
            Kind::Number(text) if digits(text) => {
                Some(Self(Some(text.parse().unwrap_or(u32::MAX))))
            }
            Kind::Number(_) => {
                problems.push(
                    Diagnostic::error(code::WRONG_NUMBER, "a retention is a whole number of hours")
                        .at(&node.origin, format!("expected 0 to {}", Self::LONGEST))
                        .hint("write digits, such as 24, or `null` for the console's own setting"),
                );
                None
            }
            _ => {
                let hint = no_leading_zero(&node).unwrap_or(
                    "write digits without quotes, such as 24, or `null` for the console's own setting",
                );
                problems.push(wrong(&node, "a number of hours, or null", hint));
                None
            }
        }
    }
}

impl JsonSchema for RetentionEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "retention".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "null"], "minimum": 0 })
    }
}
