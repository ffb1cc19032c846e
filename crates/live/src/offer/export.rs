//! The names in a template's export. Nothing vouches for its form (cyclr-api.md 2.7), so that it is
//! searched rather than read: what is not found where it is looked for is not known, and never missing.

use gangplank_model::{StepShape, TemplateShape};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// How deep names are looked for.
const DEEPEST: usize = 12;

/// The names in an export; `None` when it shows neither steps nor variables.
pub(super) fn shape(file: &Value) -> Option<TemplateShape> {
    let steps = list(file, &["Steps", "CycleSteps"]).and_then(|steps| {
        let named = steps.iter().map(step).collect::<Option<Vec<_>>>();
        named.filter(|steps| !steps.is_empty())
    });
    let variables = list(file, &["Variables", "CycleVariables"]).and_then(|variables| {
        let mut known = BTreeSet::new();
        for variable in variables {
            let variable = variable.as_object()?;
            let names = ["SystemName", "DisplayName", "Name"].map(|key| text(variable, key));
            if names.iter().all(Option::is_none) {
                return None;
            }
            known.extend(names.into_iter().flatten().map(str::to_owned));
        }
        Some(known)
    });
    let known = steps.is_some() || variables.is_some();
    known.then_some(TemplateShape { steps, variables })
}

/// A list under one of these keys, at the top or one level down.
fn list<'a>(file: &'a Value, keys: &[&str]) -> Option<&'a Vec<Value>> {
    let file = file.as_object()?;
    let here = |map: &'a Map<String, Value>| {
        let mut found = keys.iter().filter_map(|key| get(map, key)?.as_array());
        found.next()
    };
    here(file).or_else(|| file.values().filter_map(Value::as_object).find_map(here))
}

/// A step is known by its name. What can be set in it is known where there are lists of it; then every
/// name in the step counts, so that only one that stands nowhere in it is missing.
fn step(step: &Value) -> Option<StepShape> {
    let map = step.as_object()?;
    let name = text(map, "Name").or_else(|| text(map, "DisplayName"))?;
    let mut all = BTreeSet::new();
    for value in map.values() {
        names(value, DEEPEST, &mut all);
    }
    let lists = |words: &[&str]| {
        let is_one = |(key, value): (&String, &Value)| {
            let key = key.to_lowercase();
            value.is_array() && words.iter().any(|word| key.contains(word))
        };
        let method = get(map, "Method").and_then(Value::as_object);
        map.iter().any(is_one) || method.is_some_and(|method| method.iter().any(is_one))
    };
    Some(StepShape {
        name: name.to_owned(),
        parameters: lists(&["parameter"]).then(|| all.clone()),
        fields: lists(&["field"]).then_some(all),
    })
}

/// Every name in a value, but those of allowed values and of what is called to look values up.
fn names(value: &Value, deep: usize, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if deep > 0 => {
            for (key, value) in map {
                let key = key.to_lowercase();
                match value.as_str() {
                    Some(text) if key.ends_with("name") => {
                        into.insert(text.to_owned());
                    }
                    Some(_) => {}
                    None if key == "values" || key == "triggers" => {}
                    None => names(value, deep - 1, into),
                }
            }
        }
        Value::Array(items) if deep > 0 => {
            for item in items {
                names(item, deep - 1, into);
            }
        }
        _ => {}
    }
}

fn get<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    let mut pairs = map.iter();
    pairs
        .find(|(name, _)| name.eq_ignore_ascii_case(key))
        .map(|(_, value)| value)
}

fn text<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    get(map, key)?.as_str().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_can_be_told_of_any_form() {
        let all = json!({
            "Name": "T",
            "Steps": [{ "Name": "Add", "Parameters": [{ "Name": "List" }], "Fields": [{ "Name": "Email" }] }],
            "Variables": [{ "DisplayName": "Region", "SystemName": "region" }],
        });
        let shape_of_all = shape(&all).unwrap();
        let steps = shape_of_all.steps.unwrap();
        assert_eq!(steps[0].parameters, Some(set(&["List", "Email"])));
        assert_eq!(steps[0].fields, Some(set(&["List", "Email"])));
        assert_eq!(shape_of_all.variables, Some(set(&["Region", "region"])));
        // One level down, in other letters, with mappings around the names, and without fields.
        let other = json!({ "VersionedCycle": { "steps": [
            { "name": "Add", "method": { "parameters": [{ "parameter": { "name": "List" } }] } },
        ] } });
        let steps = shape(&other).unwrap().steps.unwrap();
        assert_eq!(steps[0].parameters, Some(set(&["List"])));
        assert_eq!(steps[0].fields, None);
    }

    #[test]
    fn what_has_another_form_tells_nothing() {
        for file in [
            json!(null),
            json!("text"),
            json!([]),
            json!({ "Name": "T" }),
            json!({ "Steps": {} }),
            json!({ "Steps": [] }),
            json!({ "Steps": [7] }),
            json!({ "Steps": [{ "Title": "Add" }] }),
            json!({ "Variables": [{ "Key": "region" }] }),
        ] {
            assert_eq!(shape(&file), None, "{file}");
        }
    }
}
