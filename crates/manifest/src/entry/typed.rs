//! A value of a type, or an expression that gives one.

use crate::decode::{Decode, Layer};
use crate::node::{Kind, Node};
use gangplank_model::Problems;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A value other than text: as it was written, or an expression that is the whole of it.
#[derive(Clone, Debug)]
pub(crate) enum Typed<T> {
    Given(T),
    Expression(String),
}

impl<T: Decode> Decode for Typed<T> {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        match node.kind {
            Kind::Text(text) if is_one_expression(&text) => Some(Self::Expression(text)),
            kind => T::decode(Node { kind, ..node }, problems).map(Self::Given),
        }
    }
}

/// What has to be computed replaces what lies under it.
impl<T: Layer> Layer for Typed<T> {
    fn over(self, base: Self) -> Self {
        match (self, base) {
            (Self::Given(mine), Self::Given(base)) => Self::Given(mine.over(base)),
            (mine, _) => mine,
        }
    }
}

impl<T: JsonSchema> JsonSchema for Typed<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("typed_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let given = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [
            given,
            { "type": "string", "pattern": crate::pattern::EXPRESSION },
        ] })
    }
}

/// Whether a text is nothing but what stands between `{{` and `}}`.
fn is_one_expression(text: &str) -> bool {
    text.starts_with("{{") && text.ends_with("}}") && text.len() >= 4
}
