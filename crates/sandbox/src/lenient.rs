//! Reading foreign JSON as a type of the world, as leniently as the vendor's stack reads bodies.
//!
//! Names are compared without regard to case, what is unknown is left out, text stands for numbers
//! and booleans where these are wanted, and what has a wrong type counts as left out
//! (cyclr-api.md 1.4). The type's own JSON schema says what is wanted.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Reads a value; nothing when a required part of it is missing.
pub(crate) fn read<T: JsonSchema + DeserializeOwned>(value: &Value) -> Option<T> {
    let schema = schemars::schema_for!(T).to_value();
    serde_json::from_value(fit(&schema, &schema, value)?).ok()
}

/// Shapes a value by a schema; nothing when it does not fit.
fn fit(root: &Value, schema: &Value, value: &Value) -> Option<Value> {
    if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(path.strip_prefix('#')?)?;
        return fit(root, target, value);
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(choices) = schema.get(key).and_then(Value::as_array) {
            return choices.iter().find_map(|choice| fit(root, choice, value));
        }
    }
    if let Some(wanted) = schema.get("const").and_then(Value::as_str) {
        return named(wanted, value);
    }
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        let names = choices.iter().filter_map(Value::as_str);
        return names.into_iter().find_map(|wanted| named(wanted, value));
    }
    let types: Vec<&str> = match schema.get("type") {
        None => return Some(value.clone()),
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        Some(_) => return None,
    };
    types.iter().find_map(|wanted| match *wanted {
        "null" => value.is_null().then_some(Value::Null),
        "object" => object(root, schema, value.as_object()?),
        "array" => {
            let items = schema.get("items").unwrap_or(&Value::Bool(true));
            let rows = value.as_array()?.iter();
            let rows = rows.filter_map(|row| fit(root, items, row));
            Some(Value::Array(rows.collect()))
        }
        "string" => text(value).map(Value::String),
        "boolean" => boolean(value).map(Value::Bool),
        "integer" => integer(schema, value),
        "number" => value.is_number().then(|| value.clone()),
        _ => None,
    })
}

/// An object, with the names that the schema has; nothing when a required one is missing.
fn object(root: &Value, schema: &Value, given: &Map<String, Value>) -> Option<Value> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return Some(Value::Object(given.clone()));
    };
    let mut made = Map::new();
    for (name, wanted) in properties {
        let exact = given.get(name);
        let found = exact.or_else(|| {
            let mut others = given.iter();
            others.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
        });
        if let Some(value) = found.and_then(|value| fit(root, wanted, value)) {
            made.insert(name.clone(), value);
        }
    }
    let required = schema.get("required").and_then(Value::as_array);
    let mut required = required.into_iter().flatten().filter_map(Value::as_str);
    required
        .all(|name| made.contains_key(name))
        .then_some(Value::Object(made))
}

fn named(wanted: &str, value: &Value) -> Option<Value> {
    let is_it = value.as_str()?.eq_ignore_ascii_case(wanted);
    is_it.then(|| Value::String(wanted.to_owned()))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Number(number) => number.as_i64().map(|number| number != 0),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A whole number within the bounds of the type.
fn integer(schema: &Value, value: &Value) -> Option<Value> {
    let number: i64 = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.trim().parse().ok()?,
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let least = schema.get("minimum").and_then(Value::as_i64);
    let is_too_small = least.is_some_and(|least| number < least);
    let most = schema.get("maximum").and_then(Value::as_i64).or_else(|| {
        let is_short = schema.get("format").and_then(Value::as_str) == Some("uint32");
        is_short.then_some(i64::from(u32::MAX))
    });
    let is_too_large = most.is_some_and(|most| number > most);
    (!is_too_small && !is_too_large).then(|| number.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;
    use crate::world::{AuthType, Connector};

    #[test]
    fn a_definition_is_read_with_what_it_has() {
        let connector: Connector = read(&json!({
            "name": 5, "VERSION": "2", "Unknown": {}, "IsSystemConnector": "true",
            "Authentication": [{ "authname": "Key", "AuthType": "apikey" }, { "AuthName": "No type" }],
            "Parameters": [{ "Id": "7", "Name": "P" }, { "Id": -7, "Name": "Q" }, 3],
        }))
        .unwrap();
        assert_eq!(connector.name, "5");
        assert_eq!(connector.version.as_deref(), Some("2"));
        assert!(connector.is_system_connector);
        assert_eq!(connector.authentication.len(), 1);
        assert_eq!(connector.authentication[0].auth_type, AuthType::ApiKey);
        let ids: Vec<u64> = connector.parameters.iter().map(|one| one.id).collect();
        assert_eq!(ids, [7, 0]);
        assert_eq!(read::<Connector>(&json!({ "Version": "2" })), None);
        assert_eq!(read::<Connector>(&json!([])), None);
    }
}
