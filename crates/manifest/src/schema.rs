//! The JSON Schema of manifests, for editors: made from the entries that the decoder reads.

use crate::decode::{Decode, Field, Fields, List, Map};
use crate::entry::TopEntry;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::json;
use std::borrow::Cow;

/// Returns the JSON Schema (draft 2020-12) of a manifest.
pub fn schema() -> serde_json::Value {
    let mut schema = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<TopEntry>();
    schema.insert("title".to_owned(), "Gangplank manifest, version 1".into());
    let mut value = schema.to_value();
    unwrap_lines(&mut value);
    value
}

/// Keeps the keys of `required` that cannot be left out; every other key can.
pub(crate) fn require<T: Fields>(schema: &mut Schema) {
    schema.remove("required");
    if !T::REQUIRED.is_empty() {
        schema.insert("required".to_owned(), T::REQUIRED.into());
    }
}

/// One of several sets of keys, each of them whole: for maps that have forms. Other keys are unknown
/// anyway, so that the count says that no more than the form's own are there.
pub(crate) fn forms<const N: usize>(forms: [&[&str]; N]) -> serde_json::Value {
    let form = |keys: &[&str]| json!({ "required": keys, "maxProperties": keys.len() });
    forms.map(form).into_iter().collect()
}

/// What an entry of a list needs besides: something that says what it is, or the name of the
/// profile's entry that does; and a name of its own when it is chosen by something else than a name.
pub(crate) fn named(key: &str, not_with_id: &[&str]) -> serde_json::Value {
    let chosen = json!({ "required": [key], "properties": { key: { "type": "object" } } });
    let without: serde_json::Map<String, serde_json::Value> = not_with_id
        .iter()
        .map(|key| ((*key).to_owned(), false.into()))
        .collect();
    json!([
        { "anyOf": [{ "required": [key] }, { "required": ["name"] }] },
        { "if": chosen, "then": { "required": ["name"], "properties": without } },
    ])
}

/// A description that is wrapped in the source is one line for an editor.
fn unwrap_lines(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                match value {
                    serde_json::Value::String(text) if key == "description" => {
                        *text = text.replace('\n', " ");
                    }
                    _ => unwrap_lines(value),
                }
            }
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(unwrap_lines),
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => {}
    }
}

/// The schema of a thing whose wrapper shows nowhere.
macro_rules! transparent {
    ($wrapper:ident, $generator:ident, $schema:expr) => {
        impl<T: JsonSchema + Decode> JsonSchema for $wrapper<T> {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                format!("{}_{}", stringify!($wrapper), T::schema_name()).into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

transparent!(Field, generator, generator.subschema_for::<T>());
transparent!(List, generator, {
    let items = generator.subschema_for::<T>();
    json_schema!({ "type": "array", "items": items })
});
transparent!(Map, generator, {
    let values = generator.subschema_for::<T>();
    json_schema!({ "type": "object", "additionalProperties": values })
});
