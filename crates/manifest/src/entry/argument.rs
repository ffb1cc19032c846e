//! Arguments of profiles: how a profile declares them, and what an account gives.

use crate::decode::{Decode, Keyed, Layer, List, Map};
use crate::entry::property::tell_doubtful;
use crate::entry::roster::words;
use crate::entry::{entry, replaces};
use crate::node::{Kind, Node};
use crate::parse::wrong;
use crate::secrecy::guarded;
use gangplank_model::{Problems, Sourced};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// An argument of a profile.
    #[schemars(rename = "argument")]
    FormEntry ("an argument") {
        /// What its value is: `text`, `number` or `boolean`. Left out, it is the type of the default, or else of
        /// the first value of `one_of`, or else `text`.
        r#type: ArgumentType,
        /// The value for accounts that give none.
        #[schemars(extend("examples" = ["silver"]))]
        default: ArgumentValue,
        /// The only values that it takes.
        #[schemars(extend("minItems" = 1))]
        one_of: List<ArgumentValue>,
        /// Whether every account has to give a value; without a default it has to, unless this is `false`.
        required: bool,
        /// What it is for.
        #[schemars(extend("examples" = ["The region of the shop"]))]
        description: String,
    }
}

/// What an argument's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArgumentType {
    Text,
    Number,
    Boolean,
}

replaces!(ArgumentType, ArgumentValue);

impl ArgumentType {
    const WORDS: [(&'static str, Self); 3] = [
        ("text", Self::Text),
        ("number", Self::Number),
        ("boolean", Self::Boolean),
    ];

    /// For messages: `a number`.
    pub(crate) fn described(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Boolean => "true or false",
        }
    }
}

words!(ArgumentType, "argument_type");

/// A value as it was written; text may be an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ArgumentValue {
    Text(String),
    Number(String),
    Boolean(bool),
}

impl ArgumentValue {
    /// The type of what was written so.
    pub(crate) fn kind(&self) -> ArgumentType {
        match self {
            Self::Text(_) => ArgumentType::Text,
            Self::Number(_) => ArgumentType::Number,
            Self::Boolean(_) => ArgumentType::Boolean,
        }
    }
}

impl Decode for ArgumentValue {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let hint = match node.kind {
            Kind::Text(text) => return Some(Self::Text(text)),
            Kind::Number(text) => return Some(Self::Number(text)),
            Kind::Bool(flag) => return Some(Self::Boolean(flag)),
            Kind::Null => "write \"\" for an empty text, or leave the argument out",
            Kind::List(_) => "an argument has one value",
            Kind::Map(_) => "an argument is never a secret; a reference may have it in its name",
        };
        guarded(node, problems, |node, problems| {
            problems.push(wrong(&node, "text, a number, true or false", hint));
            None
        })
    }
}

impl JsonSchema for ArgumentValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "argument_value".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

impl Keyed for ArgumentValue {
    fn key(&self) -> Option<&str> {
        None
    }
}

/// The values that an account gives, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct GivenArguments {
    pub(crate) values: Map<ArgumentValue>,
    /// Whether some could not be read, which was told.
    pub(crate) broken: bool,
}

replaces!(GivenArguments);

impl Decode for GivenArguments {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        tell_doubtful(&node, problems);
        let before = match &node.kind {
            Kind::Map(entries) => entries.len(),
            _ => 0,
        };
        let values = Map::decode(node, problems)?;
        let broken = values.0.len() < before;
        Some(Self { values, broken })
    }
}

impl JsonSchema for GivenArguments {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "given_arguments".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Map::<ArgumentValue>::json_schema(generator)
    }
}

/// A declaration: a map, or no more than the default.
#[derive(Clone, Debug, Default)]
pub(crate) struct ArgumentEntry(pub(crate) FormEntry);

impl Decode for ArgumentEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let origin = node.origin.clone();
        match &node.kind {
            Kind::Map(_) => FormEntry::decode(node, problems).map(Self),
            Kind::Text(_) | Kind::Number(_) | Kind::Bool(_) => {
                let mut form = FormEntry::default();
                let default = ArgumentValue::decode(node, problems)?;
                form.default.0 = Some(Sourced::new(default, origin));
                Some(Self(form))
            }
            Kind::Null | Kind::List(_) => {
                let hint = "write its default, or `{}` for one that every account has to give";
                problems.push(wrong(&node, "a default or a map", hint));
                None
            }
        }
    }
}

/// A default takes the place of `required`, and the other way round.
impl Layer for ArgumentEntry {
    fn over(self, base: Self) -> Self {
        let (mine, base) = (self.0, base.0);
        let mut form = FormEntry {
            r#type: mine.r#type.over(base.r#type),
            default: mine.default.clone().over(base.default),
            one_of: if mine.one_of.0.is_some() {
                mine.one_of
            } else {
                base.one_of
            },
            required: mine.required.clone().over(base.required),
            description: mine.description.over(base.description),
        };
        if mine.default.0.is_none() && mine.required.get() == Some(&true) {
            form.default.0 = None;
        }
        if mine.required.0.is_none() && mine.default.0.is_some() {
            form.required.0 = None;
        }
        Self(form)
    }
}

impl JsonSchema for ArgumentEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "argument_declaration".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let form = generator.subschema_for::<FormEntry>();
        json_schema!({ "anyOf": [{ "type": ["string", "number", "boolean"] }, form] })
    }
}
