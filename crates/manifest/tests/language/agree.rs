//! Second opinions: `serde_yaml` on what the text says, JSON Schema on what the language allows.

use crate::support::{read, read_rosters};
use gangplank_manifest::schema;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The file that an example's roster reads.
const CUSTOMERS: &[u8] = include_bytes!("../../../../manifests/customers.csv");

/// Every example of the project, and some that are odd.
pub(crate) fn texts() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../manifests");
    let mut texts: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "yaml"))
        .map(|path| {
            (
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    assert!(texts.len() >= 4);
    let odd = "version: 1\naccounts:\n- id: \"no\"\n  name: 'it''s'\n  description: >-\n    folded\n    text\n  \
               audit_info: |\n    two\n    lines\n  labels: {a: no, b: 0123, c: 1e3, d: .5, e: \"\\u00e9\", f: ~x}\n  \
               timezone: \"Europe/London\" # comment\n";
    texts.push(("odd".to_owned(), odd.to_owned()));
    texts
}

#[test]
fn valid_manifests_are_read_as_serde_yaml_reads_them() {
    for (name, text) in texts() {
        let (_, desired, diagnostics) = read_rosters(&text, &[("customers.csv", CUSTOMERS)]);
        // Several instances are no fault of the text.
        let faults: Vec<_> = diagnostics
            .iter()
            .filter(|it| it.code != "which-instance")
            .collect();
        assert!(faults.is_empty(), "{name}: {faults:#?}");
        let other: Value = serde_yaml::from_str(&text).unwrap();
        let none = Vec::new();
        let accounts = other["accounts"].as_array().unwrap_or(&none);
        let rows = match other.get("rosters") {
            Some(_) => 3,
            None => 0,
        };
        assert_eq!(desired.accounts.len(), accounts.len() + rows, "{name}");
        for (ours, theirs) in desired.accounts.iter().zip(accounts) {
            assert_eq!(ours.id.as_str(), theirs["id"].as_str().unwrap(), "{name}");
            let fields = &ours.fields;
            for (key, field) in [
                ("name", &fields.name),
                ("description", &fields.description),
                ("timezone", &fields.timezone),
                ("audit_info", &fields.audit_info),
            ] {
                let ours = field.as_ref().map(|field| field.value.as_str());
                if let Some(theirs) = theirs.get(key).and_then(Value::as_str)
                    && !theirs.contains("{{")
                {
                    assert_eq!(ours, Some(theirs), "{name}: {key}");
                }
            }
            for (key, label) in theirs
                .get("labels")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                if let Some(label) = label.as_str() {
                    assert_eq!(ours.labels[key], label, "{name}: {key}");
                }
            }
        }
    }
}

/// Shapes that the loader accepts or refuses by their text alone; the schema must say the same.
#[test]
fn the_schema_allows_what_the_loader_allows() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for (name, text) in texts() {
        let value: Value = serde_yaml::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|it| it.to_string())
            .collect();
        assert_eq!(errors, Vec::<String>::new(), "{name}");
    }
    let around = |entry: &str| format!("{{ id: a, {entry} }}");
    let connector = |entry: &str| around(&format!("connectors: [{{ connector: X, {entry} }}]"));
    let template = |entry: &str| around(&format!("templates: [{{ template: X, {entry} }}]"));
    for (account, valid) in [
        ("{}".to_owned(), false),
        ("{ id: 7 }".to_owned(), false),
        (around("nmae: x"), false),
        (around("name: 7"), false),
        (around("state: absent"), true),
        (around("state: gone"), false),
        (around("labels: { a: 1, b: true, c: x }"), true),
        (around("labels: { a: [] }"), false),
        (around("step_data_success_retention_hours: null"), true),
        (around("step_data_success_retention_hours: -1"), false),
        (around("step_data_success_retention_hours: 1.5"), false),
        (around("description: null"), false),
        (connector("version: 2"), false),
        (connector("partner: 'true'"), false),
        (connector("auth: oauth2"), true),
        (connector("auth: s3cret"), false),
        (connector("auth: { api_key: x }"), false),
        (connector("auth: { api_key: { env: X } }"), true),
        (connector("auth: { api_key: { env: X, file: y } }"), false),
        (connector("auth: { api_key: {} }"), false),
        (connector("auth: {}"), false),
        (
            connector("auth: { basic: { username: 7, password: { env: X } } }"),
            true,
        ),
        (connector("auth: { basic: { username: u } }"), false),
        (
            connector("auth: { fields: { a: { file: x }, b: 1 } }"),
            true,
        ),
        (connector("properties: { a: 1, b: { env: X } }"), true),
        (connector("properties: { a: [] }"), false),
        (template("run: paused"), true),
        (template("run: often"), false),
        (template("run: { every: 1h }"), true),
        (template("run: { every: 60 }"), false),
        (template("run: {}"), false),
        (template("mappings: { S: { F: { ignore: true } } }"), true),
        (template("mappings: { S: { F: {} } }"), false),
        (template("mappings: { S: [] }"), false),
        (template("variables: { v: 1 }"), true),
        (
            around("templates: [{ template: { tag: x }, name: y }]"),
            true,
        ),
        (
            around("templates: [{ template: { tag: x, id: z }, name: y }]"),
            false,
        ),
        (
            around("connectors: [{ connector: { id: 7 }, name: y }]"),
            true,
        ),
        (
            around("connectors: [{ connector: { id: seven }, name: y }]"),
            false,
        ),
    ] {
        let text = format!("version: 1\naccounts: [{account}]\n");
        let (_, _, diagnostics) = read(&[("m.yaml", &text)]);
        assert_eq!(
            !diagnostics.has_errors(),
            valid,
            "the loader on {account}: {diagnostics:?}"
        );
        let value: Value = serde_yaml::from_str(&text).unwrap();
        assert_eq!(validator.is_valid(&value), valid, "the schema on {account}");
    }
}
