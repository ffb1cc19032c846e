//! The JSON Schema of manifests, for editors: made from the entries that the decoder reads.
//!
//! What a key is left out for stands at `x-default`: the YAML language server would write a `default`
//! into every map that it completes.

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

/// A description that is wrapped in the source is one line for an editor; and since it is Markdown,
/// editors that read Markdown are told so.
fn unwrap_lines(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match value {
                    serde_json::Value::String(text) if key == "description" => {
                        *text = text.replace('\n', " ");
                    }
                    // What an example says is data; a key of that name has a description.
                    _ if matches!(key.as_str(), "examples" | "defaultSnippets" | "x-default")
                        && value.get("description").is_none() => {}
                    _ => unwrap_lines(value),
                }
            }
            if let Some(serde_json::Value::String(text)) = map.get("description") {
                let text = text.clone();
                map.insert("markdownDescription".to_owned(), text.into());
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

#[cfg(test)]
mod tests {
    use super::schema;
    use serde_json::Value;

    /// Whether an editor can show what may stand there without an example.
    fn shows_itself(key: &Value) -> bool {
        let says = |word: &str| key.get(word).is_some();
        says("examples")
            || says("$ref")
            || says("enum")
            || says("const")
            || says("items")
            || key["type"] == "boolean"
            || key
                .get("anyOf")
                .and_then(Value::as_array)
                .is_some_and(|it| it.iter().any(shows_itself))
            || key
                .get("additionalProperties")
                .is_some_and(Value::is_object)
    }

    #[test]
    fn every_key_has_an_example_or_shows_its_values() {
        let schema = schema();
        for (name, map) in schema["$defs"].as_object().unwrap() {
            for (key, value) in map["properties"].as_object().into_iter().flatten() {
                let good = value.get("examples").is_some() || shows_itself(value);
                assert!(
                    good,
                    "{name}.{key}: add an example: #[schemars(extend(\"examples\" = [...]))]"
                );
            }
        }
    }

    #[test]
    fn examples_and_defaults_are_valid() {
        let schema = schema();
        for (name, map) in schema["$defs"].as_object().unwrap() {
            for (key, value) in map["properties"].as_object().into_iter().flatten() {
                let mut alone = value.clone();
                alone["$defs"] = schema["$defs"].clone();
                let validator = jsonschema::validator_for(&alone).unwrap();
                let examples = value
                    .get("examples")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten();
                for example in examples.chain(value.get("x-default")) {
                    assert!(validator.is_valid(example), "{name}.{key}: {example}");
                }
            }
        }
    }
}
