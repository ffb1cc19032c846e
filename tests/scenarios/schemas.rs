//! Generated schemas are fresh, and the examples are valid against them.

use crate::support::{gangplank, root, scene};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

const NAMES: [&str; 8] = [
    "manifest", "plan", "apply", "problems", "receipts", "world", "faults", "ledger",
];

fn printed(name: &str) -> String {
    gangplank(&root(), &BTreeMap::new(), &["schema", name])
        .expect(0)
        .stdout
}

#[test]
fn files_under_schemas_are_what_the_command_prints() {
    #[expect(
        clippy::disallowed_methods,
        reason = "UPDATE=1 writes what was generated"
    )]
    let update = std::env::var_os("UPDATE").is_some();
    for name in NAMES {
        let path = root().join(format!("schemas/{name}.schema.json"));
        if update {
            fs::write(&path, printed(name)).unwrap();
        }
        let stored = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stored == printed(name),
            "{} is stale: UPDATE=1 cargo test schema",
            path.display()
        );
    }
}

#[test]
fn every_key_of_every_schema_is_described() {
    fn walk(path: &str, schema: &Value) {
        match schema {
            Value::Object(map) => {
                for (key, value) in map {
                    match (key.as_str(), value) {
                        // Conditions are about keys that are described where they are declared.
                        ("if" | "then", _) => {}
                        ("properties", Value::Object(properties)) => {
                            for (key, value) in properties {
                                // The one key of a choice is described by the choice.
                                let described = value.get("description").is_some()
                                    || (properties.len() == 1 && map.contains_key("description"));
                                assert!(described, "{path}/{key} has no description");
                                walk(&format!("{path}/{key}"), value);
                            }
                        }
                        _ => walk(&format!("{path}/{key}"), value),
                    }
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    walk(&format!("{path}/{index}"), value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    for name in NAMES {
        walk(name, &serde_json::from_str(&printed(name)).unwrap());
    }
}

#[test]
fn the_examples_are_valid_against_the_manifest_schema() {
    let schema: Value = serde_json::from_str(&printed("manifest")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for entry in fs::read_dir(root().join("manifests")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "yaml") {
            let text = fs::read_to_string(&path).unwrap();
            let value: Value = serde_yaml::from_str(&text).unwrap();
            let errors: Vec<_> = validator
                .iter_errors(&value)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert_eq!(errors, Vec::<String>::new(), "{}", path.display());
        }
    }
}

/// Every line of a real file of receipts: of an apply that does all, and of one that is refused.
#[test]
fn receipts_conform_to_their_schema() {
    let schema: Value = serde_json::from_str(&printed("receipts")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let bench = scene::bench();
    let args = |file| {
        [
            "apply",
            "--auto-approve",
            "--settle",
            "1",
            "--receipts",
            file,
            "manifest.yaml",
        ]
    };
    bench.run(&args("first.jsonl")).expect(0);
    scene::edit(
        &bench,
        "variables: { currency: GBP }",
        "variables: { curency: GBP }",
    );
    bench.run(&args("second.jsonl"));
    let mut types = BTreeMap::new();
    for file in ["first.jsonl", "second.jsonl"] {
        let text = fs::read_to_string(bench.folder.path().join(file)).unwrap_or_default();
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            let errors: Vec<_> = validator
                .iter_errors(&value)
                .map(|error| error.to_string())
                .collect();
            assert_eq!(errors, Vec::<String>::new(), "{line}");
            let record = &value["record"];
            let kind = record["outcome"]
                .as_str()
                .or(record["type"].as_str())
                .unwrap();
            *types.entry(kind.to_owned()).or_insert(0) += 1;
        }
    }
    assert!(
        types["header"] >= 1 && types["intent"] >= 7 && types["done"] >= 7,
        "{types:?}"
    );
    // And what is no receipt does not.
    assert!(!validator.is_valid(&serde_json::json!({ "record": { "type": "intent" } })));
}
