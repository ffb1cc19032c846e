//! `Schemas`: the component schemas of the document, made of the types by schemars.

use std::collections::BTreeMap;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::operation::SchemaOf;

/// Where components stand in the document.
const PLACE: &str = "#/components/schemas/";

/// Collects schemas. What is read and what is answered differs: a field that may be left out of a body is
/// always there in an answer.
#[derive(Debug)]
pub(crate) struct Schemas {
    read: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Schemas {
    pub(crate) fn new() -> Self {
        let mut settings = SchemaSettings::draft2020_12();
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
        Self {
            read: settings.clone().for_deserialize().into_generator(),
            answered: settings.for_serialize().into_generator(),
        }
    }

    /// The schema of a body.
    pub(crate) fn read(&mut self, schema: SchemaOf) -> Value {
        rename(schema(&mut self.read).to_value())
    }

    /// The schema of an answer.
    pub(crate) fn answered(&mut self, schema: SchemaOf) -> Value {
        rename(schema(&mut self.answered).to_value())
    }

    /// All that the others refer to, by name.
    pub(crate) fn components(mut self) -> BTreeMap<String, Value> {
        let mut all = self.read.take_definitions(true);
        all.append(&mut self.answered.take_definitions(true));
        all.into_iter()
            .map(|(name, schema)| (public(&name).to_owned(), rename(schema)))
            .collect()
    }
}

/// A type's name as clients see it: that it is a view does not concern them.
fn public(name: &str) -> &str {
    name.strip_suffix("View").unwrap_or(name)
}

/// Writes the names in references as clients see them.
fn rename(schema: Value) -> Value {
    match schema {
        Value::Object(map) => {
            let renamed = map.into_iter().map(|(key, value)| match &value {
                Value::String(text) if key == "$ref" => {
                    let name = text.strip_prefix(PLACE).map(public);
                    let text = name.map_or(text.clone(), |name| format!("{PLACE}{name}"));
                    (key, Value::String(text))
                }
                _ => (key, rename(value)),
            });
            Value::Object(renamed.collect())
        }
        Value::Array(items) => items.into_iter().map(rename).collect(),
        other => other,
    }
}
