//! The problems of manifests in the forms that tools read: they say the same, and nothing that a file holds
//! gets more out of them than text.

use crate::support::{Ended, gangplank, root};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

const CANARY: &str = "Qz7LkW2mXv9RtY4bNc8Ds1Hg";
const NAME: &str = "a b,%ü.yaml";
const FORMATS: [&str; 5] = ["text", "json", "sarif", "github", "junit"];

/// A manifest with an error behind wide characters, names that try to be commands and markup, a secret
/// that is written out, and a warning.
fn broken() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "version: 1\n\
         profiles:\n  p: {{ labels: {{ a: \"Ü🚢\" }}, nmae: x }}\n\
         accounts:\n\
         \x20 - id: acme\n    name: Acme\n    \"\\n::error::x\\u0007<b>]]>&\": 1\n    profile: \"\\n::stop-commands::%0A\"\n\
         \x20   connectors:\n      - connector: Pipedrive\n        auth: {{ api_key: {CANARY} }}\n\
         \x20   transaction_error_webhook_url: hooks.example/x\n"
    );
    fs::write(folder.path().join(NAME), text).unwrap();
    fs::write(folder.path().join("good.yaml"), "version: 1\n").unwrap();
    folder
}

fn validate(folder: &TempDir, format: &str, paths: &[&str]) -> Ended {
    let args = [&["validate", "--format", format], paths].concat();
    gangplank(folder.path(), &BTreeMap::new(), &args)
}

#[test]
fn the_exit_code_does_not_depend_on_the_format() {
    let folder = broken();
    for format in FORMATS {
        let ended = validate(&folder, format, &[NAME, "good.yaml"]).expect(5);
        assert!(!ended.stdout.contains(CANARY) && !ended.stderr.contains(CANARY));
        // For people the problems are messages; for tools they are the result.
        assert_eq!(ended.stdout.is_empty(), format == "text", "{format}");
        assert_eq!(ended.stderr.is_empty(), format != "text", "{format}");
        let good = validate(&folder, format, &["good.yaml"]).expect(0);
        assert_eq!(good.stderr, "", "{format}");
    }
}

fn problems(folder: &TempDir) -> Value {
    validate(folder, "json", &[NAME, "good.yaml"]).json()
}

#[test]
fn json_conforms_to_its_schema_and_counts_right() {
    let folder = broken();
    let schema = gangplank(&root(), &BTreeMap::new(), &["schema", "problems"]).json();
    let json = problems(&folder);
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&json)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(json["format_version"], "1.0");
    let list = json["problems"].as_array().unwrap();
    let of = |severity: &str| list.iter().filter(|it| it["severity"] == severity).count();
    assert_eq!(json["counts"]["errors"], of("error"));
    assert_eq!(json["counts"]["warnings"], of("warning"));
    assert_eq!(json["counts"]["files"], 1);
    let key = list.iter().find(|it| it["code"] == "unknown-key").unwrap();
    let place = &key["places"][0];
    // `  p: { labels: { a: "Ü🚢" }, nmae: x }`: characters, neither bytes nor UTF-16.
    assert_eq!(
        (&place["line"], &place["column"], &place["length"]),
        (&3.into(), &29.into(), &4.into())
    );
    assert_eq!(place["file"], NAME);
    assert_eq!(key["lint"], false);
}

#[test]
fn sarif_conforms_to_the_schema_of_oasis() {
    let folder = broken();
    let schema = fs::read_to_string(root().join("tests/support/sarif-schema-2.1.0.json")).unwrap();
    // Its one pattern that is no regular expression has a bracket too much; we name no language.
    let schema = schema.replace("{2}]?$\"", "{2}$\"");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for paths in [
        &[NAME, "good.yaml"][..],
        &["good.yaml"],
        &[NAME, NAME, "nowhere.yaml"],
    ] {
        let sarif = validate(&folder, "sarif", paths).json();
        let errors = validator.iter_errors(&sarif).map(|error| error.to_string());
        assert_eq!(errors.collect::<Vec<_>>(), Vec::<String>::new());
    }
    let sarif = validate(&folder, "sarif", &[NAME, NAME]).json();
    let run = &sarif["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let results = run["results"].as_array().unwrap();
    let json = problems(&folder);
    assert_eq!(results.len(), json["problems"].as_array().unwrap().len());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let mut fingerprints = Vec::new();
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let help = rules[index]["help"]["markdown"].as_str().unwrap();
        assert!(help.contains("## Remedy"), "{help}");
        let location = &result["locations"][0]["physicalLocation"];
        assert_eq!(
            location["artifactLocation"]["uri"],
            "a%20b%2C%25%C3%BC.yaml"
        );
        fingerprints.push(result["partialFingerprints"]["gangplankProblem/v1"].clone());
    }
    let key = results
        .iter()
        .find(|it| it["ruleId"] == "unknown-key")
        .unwrap();
    let region = &key["locations"][0]["physicalLocation"]["region"];
    assert_eq!(
        (&region["startColumn"], &region["endColumn"]),
        (&29.into(), &33.into())
    );
    // What is about the arguments has no place, and is a notification.
    let told = &run["invocations"][0]["toolConfigurationNotifications"][0];
    assert_eq!(told["descriptor"]["id"], "file-twice");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);

    // Lines above come and go; the problem is the same one.
    let path = folder.path().join(NAME);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("# a comment\n\n{text}")).unwrap();
    let moved = validate(&folder, "sarif", &[NAME]).json();
    let moved = moved["runs"][0]["results"].as_array().unwrap();
    let moved = moved
        .iter()
        .map(|it| it["partialFingerprints"]["gangplankProblem/v1"].clone());
    assert_eq!(moved.collect::<Vec<_>>(), fingerprints);
}

#[test]
fn github_gets_one_command_a_problem() {
    let folder = broken();
    let text = validate(&folder, "github", &[NAME]).stdout;
    let count = problems(&folder)["problems"].as_array().unwrap().len();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), count + 1, "{text}");
    for line in &lines[..count] {
        assert!(
            line.starts_with("::error file=a b%2C%25ü.yaml,line=")
                || line.starts_with("::warning file=a b%2C%25ü.yaml,line="),
            "{line}"
        );
        let (properties, _) = line[2..].split_once("::").unwrap();
        assert_eq!(properties.matches('=').count(), 6, "{line}");
    }
    assert!(lines[count].ends_with(" in 1 file"), "{text}");
}

#[test]
fn junit_has_a_suite_for_every_file() {
    let folder = broken();
    let text = validate(&folder, "junit", &[NAME, "good.yaml"]).stdout;
    let report = quick_junit::Report::deserialize_from_str(&text).unwrap();
    let suites: Vec<(&str, usize, usize)> = report
        .test_suites
        .iter()
        .map(|suite| (suite.name.as_str(), suite.tests, suite.failures))
        .collect();
    let json = problems(&folder);
    let errors = usize::try_from(json["counts"]["errors"].as_u64().unwrap()).unwrap();
    assert_eq!(suites, [(NAME, errors, errors), ("good.yaml", 1, 0)]);
    let is_legal = |c: char| matches!(c, '\n' | '\t') || !(c.is_control() || c > '\u{fffd}');
    assert!(text.chars().all(is_legal), "{text}");
}
