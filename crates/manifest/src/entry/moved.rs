//! Former names of an entry.

use crate::decode::Decode;
use crate::entry::{entry, replaces};
use crate::node::{Kind, Node};
use crate::parse::wrong;
use crate::pattern::NAME;
use gangplank_model::{Problems, Sourced};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// Where what is installed was known by another name: it is renamed, not installed anew.
    #[schemars(rename = "moved")]
    MovedEntry ("\"moved\"") requires ["from"] {
        /// The former name, or a list of them in any order.
        #[schemars(extend("examples" = ["HubSpot"]))]
        from: FormerNames,
    }
}

/// One name or several.
#[derive(Clone, Debug)]
pub(crate) struct FormerNames(pub(crate) Vec<Sourced<String>>);

replaces!(FormerNames);

impl Decode for FormerNames {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        let nodes = match node.kind {
            Kind::List(nodes) if !nodes.is_empty() => nodes,
            Kind::Text(_) => vec![node],
            Kind::List(_) | Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Map(_) => {
                let hint = "write `moved: { from: OLD NAME }`";
                problems.push(wrong(&node, "the former name, or a list of names", hint));
                return None;
            }
        };
        let names = nodes.into_iter().filter_map(|node| {
            let origin = node.origin.clone();
            Some(Sourced::new(String::decode(node, problems)?, origin))
        });
        Some(Self(names.collect()))
    }
}

impl JsonSchema for FormerNames {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "former_names".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let name = json_schema!({ "type": "string", "pattern": NAME });
        json_schema!({ "anyOf": [name, { "type": "array", "items": name, "minItems": 1 }] })
    }
}
