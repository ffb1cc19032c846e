//! What a parameter or a field is mapped to (cyclr-api.md 2.9).

use crate::decode::Decode;
use crate::entry::{Scalar, entry, replaces};
use crate::node::{Kind, Node};
use gangplank_model::code;
use gangplank_model::{Diagnostic, Problems, Sourced};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

entry! {
    /// A mapping other than a fixed value.
    #[schemars(
        rename = "mapping",
        extend("anyOf" = crate::schema::forms([
            &["value_list"], &["ignore"], &["type"], &["type", "value"],
        ])),
    )]
    FormEntry ("a mapping") {
        /// The name of a value list.
        #[schemars(extend("examples" = ["Countries"]))]
        value_list: Scalar,
        /// `true` to map the field to nothing.
        #[schemars(extend("const" = true))]
        ignore: bool,
        /// Any other of the vendor's mapping types, such as `StaticValue`.
        #[schemars(extend("examples" = ["StaticValue"]))]
        r#type: String,
        /// The value that goes with `type`.
        #[schemars(extend("examples" = ["all"]))]
        value: Scalar,
    }
}

/// What a parameter or a field is mapped to; the vendor's word for the type, and the value.
#[derive(Clone, Debug)]
pub(crate) struct MappingEntry {
    pub(crate) mapping_type: String,
    pub(crate) value: Option<String>,
}

replaces!(MappingEntry);

impl Decode for MappingEntry {
    fn decode(node: Node, problems: &mut Problems) -> Option<Self> {
        if !matches!(node.kind, Kind::Map(_)) {
            let value = Some(Scalar::decode(node, problems)?.0);
            return Some(Self {
                mapping_type: "StaticValue".into(),
                value,
            });
        }
        let origin = node.origin.clone();
        let before = problems.found();
        let form = FormEntry::decode(node, problems)?;
        let text = |scalar: Sourced<Scalar>| scalar.value.0;
        let forms = (
            form.value_list.0,
            form.ignore.0,
            form.r#type.0,
            form.value.0,
        );
        match forms {
            (Some(list), None, None, None) => Some(Self {
                mapping_type: "ValueList".into(),
                value: Some(text(list)),
            }),
            (None, Some(Sourced { value: true, .. }), None, None) => Some(Self {
                mapping_type: "Ignore".into(),
                value: None,
            }),
            (None, None, Some(kind), value) => Some(Self {
                mapping_type: kind.value,
                value: value.map(text),
            }),
            _ if problems.found() > before => None,
            _ => {
                problems.push(
                    Diagnostic::error(code::MAPPING_FORM, "a mapping has one form")
                        .at(&origin, "")
                        .hint(
                            "write a value, `{ value_list: NAME }`, `{ ignore: true }`, or \
                             `{ type: TYPE, value: VALUE }`",
                        ),
                );
                None
            }
        }
    }
}

impl JsonSchema for MappingEntry {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "mapping".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let form = generator.subschema_for::<FormEntry>();
        json_schema!({ "anyOf": [{ "type": ["string", "number", "boolean"] }, form] })
    }
}
