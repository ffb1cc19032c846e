//! docs/reference.md is made of the schema and of the expressions as they are computed, and is fresh.

use crate::support::root;
use gangplank_manifest::{MemorySources, load, schema};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

const HEAD: &str = "# Reference of the manifest language

Every key, made of the types that read it (`UPDATE=1 cargo test -p gangplank reference`). The [guide](guide.md) builds a manifest step by
step; `gangplank schema manifest` prints the same for editors, and shows keys, words and mistakes as you type.

Where the type says *expression*, `\"{{ ... }}\"` may stand for the value; in text, expressions may stand anywhere.
";

const EXPRESSIONS: &str = "
## Expressions

`{{ ... }}` speaks of `account.id`, `account.name` and `account.labels`, of the columns of a roster's `row`, of `argument` (what a
profile declares, see [profiles](profiles.md)), and of `instance.name`, `instance.region` and `instance.service_domain`; never of
secrets. The `name` of a reference may hold one. These were computed for an account with the id `acme-001` and the name `Acme Ltd`:

| expression | gives |
| --- | --- |
";

/// What is shown of expressions: each filter, and each way to choose and to join.
const SHOWN: [&str; 22] = [
    "account.id",
    "account.id | upper",
    "account.name | lower",
    "account.name | title",
    "account.name | capitalize",
    "account.name | replace(' ', '-')",
    "account.id | replace('-', '_') | upper",
    "(account.name | split(' ') | list)[0]",
    "account.name | split(' ') | first",
    "account.name | split(' ') | last",
    "account.name | split(' ') | join('+')",
    "account.name | length",
    "account.id[:4]",
    "account.id[-3:] | int + 1",
    "'  x ' | trim",
    "'' | default('none', true)",
    "7 | string",
    "(2.5 | round) | int",
    "'gold' if account.id == 'acme-001' else 'silver'",
    "account.id ~ '.example'",
    "account.id in ['acme-001', 'bolt-002']",
    "account.name is startingwith('Acme')",
];

/// What an expression gives, by the loader itself.
fn computed(expression: &str) -> String {
    let text = format!(
        "version: 1\naccounts:\n  - id: acme-001\n    name: Acme Ltd\n    description: {}\n",
        serde_json::to_string(&format!("{{{{ {expression} }}}}")).unwrap()
    );
    let (manifest, problems) = load(
        &MemorySources::default().with("m.yaml", text),
        &["m.yaml".to_owned()],
    );
    let (desired, more) = manifest.desired(None);
    assert!(
        problems.is_empty() && more.is_empty(),
        "{expression}: {more:?}"
    );
    desired.accounts[0]
        .fields
        .description
        .as_ref()
        .unwrap()
        .value
        .clone()
}

/// The type in a few words, with links to other maps.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default();
        return format!("[{name}](#{name})");
    }
    let all = |list: &Vec<Value>| {
        let mut kinds: Vec<String> = list.iter().map(kind).collect();
        kinds.dedup();
        kinds.join(" or ")
    };
    if let Some(any) = schema["anyOf"].as_array() {
        return all(any);
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words
            .iter()
            .map(|word| format!("`{}`", flow(word)))
            .collect();
        return words.join(", ");
    }
    if !schema["const"].is_null() {
        return format!("`{}`", flow(&schema["const"]));
    }
    match &schema["type"] {
        Value::Array(kinds) => kinds
            .iter()
            .map(|it| plain(it.as_str().unwrap()))
            .collect::<Vec<_>>()
            .join(", "),
        Value::String(kind) => match kind.as_str() {
            "array" => format!("list of {}", self::kind(&schema["items"])),
            "object" => format!("map of {}", self::kind(&schema["additionalProperties"])),
            "string"
                if schema["pattern"]
                    .as_str()
                    .is_some_and(|it| it.starts_with("^\\{\\{")) =>
            {
                "expression".to_owned()
            }
            kind => plain(kind).to_owned(),
        },
        _ => "anything".to_owned(),
    }
}

fn plain(kind: &str) -> &str {
    match kind {
        "string" => "text",
        "integer" => "whole number",
        "boolean" => "`true` or `false`",
        other => other,
    }
}

/// Whether a text without quotes would be read as a number, a flag or nothing. JSON knows the same words,
/// and its numbers are those that examples have.
fn is_of_another_type(text: &str) -> bool {
    text.is_empty()
        || text == "~"
        || serde_json::from_str::<Value>(&text.to_lowercase())
            .is_ok_and(|it| matches!(it, Value::Number(_) | Value::Bool(_) | Value::Null))
}

/// A value as it would be written on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::String(text)
            if text.contains("{{")
                || text.contains(": ")
                || text.contains('\'')
                || is_of_another_type(text) =>
        {
            format!("\"{text}\"")
        }
        Value::String(text) => text.clone(),
        Value::Array(items) => format!(
            "[{}]",
            items.iter().map(flow).collect::<Vec<_>>().join(", ")
        ),
        Value::Object(map) => {
            let entries: Vec<String> = map
                .iter()
                .map(|(key, value)| format!("{key}: {}", flow(value)))
                .collect();
            format!("{{ {} }}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

/// The table of a map's keys.
fn table(map: &Map<String, Value>) -> String {
    let mut text =
        "\n| key | type | default | what it says | example |\n| --- | --- | --- | --- | --- |\n"
            .to_owned();
    let required: BTreeSet<&str> = map
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    for (key, value) in map["properties"].as_object().into_iter().flatten() {
        let default = match (required.contains(key.as_str()), value.get("x-default")) {
            (true, _) => "**required**".to_owned(),
            (false, Some(default)) => format!("`{}`", flow(default)),
            (false, None) => String::new(),
        };
        let forms = value["anyOf"].as_array().into_iter().flatten();
        let example = std::iter::once(value)
            .chain(forms)
            .find_map(|it| it["examples"].get(0));
        let example = example.map_or(String::new(), |it| format!("`{key}: {}`", flow(it)));
        let said = value["description"].as_str().unwrap_or_default();
        let cells = [
            format!("`{key}`"),
            kind(value),
            default,
            said.to_owned(),
            example,
        ];
        let cells = cells.map(|cell| cell.replace('|', "\\|").replace('\n', " "));
        writeln!(text, "| {} |", cells.join(" | ")).unwrap();
    }
    text
}

fn reference() -> String {
    let schema = schema();
    let mut text = HEAD.to_owned();
    let mut section = |title: &str, map: &Value| {
        let map = map.as_object().unwrap();
        let said = map
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        write!(text, "\n## {title}\n\n{said}\n{}", table(map)).unwrap();
    };
    section("manifest", &schema);
    for (name, map) in schema["$defs"].as_object().unwrap() {
        section(name, map);
    }
    text.push_str(EXPRESSIONS);
    for expression in SHOWN {
        writeln!(
            text,
            "| `{{{{ {} }}}}` | `{}` |",
            expression.replace('|', "\\|"),
            computed(expression)
        )
        .unwrap();
    }
    text
}

#[test]
fn the_reference_is_fresh() {
    #[expect(
        clippy::disallowed_methods,
        reason = "UPDATE=1 writes what was generated"
    )]
    let update = std::env::var_os("UPDATE").is_some();
    let path = root().join("docs/reference.md");
    let made = reference();
    if update {
        fs::write(&path, &made).unwrap();
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == made,
        "docs/reference.md is stale: UPDATE=1 cargo test -p gangplank reference"
    );
}

/// Every link leads to a map, and every map has a table with a row for each of its keys.
#[test]
fn the_reference_is_whole() {
    let text = reference();
    let titles: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .collect();
    for link in text.split("](#").skip(1) {
        let target = link.split(')').next().unwrap();
        assert!(titles.contains(target), "no section {target}");
    }
    let schema = schema();
    for (name, map) in schema["$defs"].as_object().unwrap() {
        assert!(titles.contains(name.as_str()), "{name}");
        for key in map["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(key, _)| key)
        {
            assert!(text.contains(&format!("\n| `{key}` | ")), "{name}.{key}");
        }
    }
    assert!(!text.contains("| anything |"), "a type without words");
}

/// An example can be copied as it stands.
#[test]
fn texts_that_look_like_something_else_are_quoted() {
    for (text, written) in [
        ("2.1", "\"2.1\""),
        ("True", "\"True\""),
        ("null", "\"null\""),
        ("", "\"\""),
        ("acme-001", "acme-001"),
        ("{{ row.id }}", "\"{{ row.id }}\""),
    ] {
        assert_eq!(flow(&Value::from(text)), written);
    }
    assert!(reference().contains("| `version: \"2.1\"` |"));
}
