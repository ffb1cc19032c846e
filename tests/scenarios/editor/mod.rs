//! What an editor makes of the schema: the YAML language server that editors of all makers use.

mod client;

use crate::support::root;
use client::Editor;
use serde_json::{Value, json};
use std::fs;

const CONNECTOR: &str =
    "version: 1\naccounts:\n  - id: a\n    connectors:\n      - connector: X\n        ";
const TEMPLATE: &str =
    "version: 1\naccounts:\n  - id: a\n    templates:\n      - template: X\n        ";

/// The labels of what is offered, with the text that is put in and what is said of it.
fn offered(editor: &mut Editor, text: &str) -> Vec<(String, String, String)> {
    let answer = editor.at("completion", text);
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => map["value"].as_str().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let item = |it: &Value| {
        (
            text(&it["label"]),
            text(&it["insertText"]),
            text(&it["documentation"]),
        )
    };
    items.iter().map(item).collect()
}

#[test]
fn keys_and_words_are_offered() {
    let Some(mut editor) = Editor::start() else {
        return;
    };
    for (text, expected) in [
        (
            "version: 1\n¦\n".to_owned(),
            &[
                "instances",
                "secrets",
                "defaults",
                "profiles",
                "accounts",
                "rosters",
            ][..],
        ),
        (
            "version: 1\naccounts:\n  - id: a\n    ¦\n".to_owned(),
            &["name", "profile", "labels", "connectors", "templates"],
        ),
        (
            "version: 1\ninstances:\n  x:\n    ¦\n".to_owned(),
            &["region", "client_id", "client_secret"],
        ),
        (
            "version: 1\ninstances:\n  x:\n    client_secret:\n      ¦\n".to_owned(),
            &["env", "file", "vault", "sops", "command"],
        ),
        (
            "version: 1\ninstances:\n  x:\n    region: ¦\n".to_owned(),
            &["us", "us2", "uk", "eu", "apac"],
        ),
        (
            "version: 1\naccounts:\n  - id: a\n    state: ¦\n".to_owned(),
            &["present", "absent"],
        ),
        (
            format!("{CONNECTOR}¦\n"),
            &["version", "partner", "auth", "properties"],
        ),
        (
            format!("{CONNECTOR}auth: ¦\n"),
            &["oauth2", "oauth1", "none", "api_key: ...", "basic: ..."],
        ),
        (
            format!("{CONNECTOR}auth:\n          a¦\n"),
            &["api_key", "basic", "oauth2_client"],
        ),
        (
            format!("{CONNECTOR}auth:\n          basic:\n            ¦\n"),
            &["username", "password"],
        ),
        (format!("{TEMPLATE}run: ¦\n"), &["paused"]),
        (
            format!("{TEMPLATE}run:\n          every: ¦\n"),
            &["15m", "1h", "1d"],
        ),
        (
            "version: 1\nrosters:\n  - from: a.csv\n    format: ¦\n".to_owned(),
            &["csv", "jsonl"],
        ),
    ] {
        let offered = offered(&mut editor, &text);
        for label in expected {
            assert!(
                offered.iter().any(|(it, ..)| it == label),
                "{label} is not among {offered:?} at\n{text}"
            );
        }
    }
    // With what they mean, and with places to fill in.
    let keys = offered(&mut editor, "version: 1\naccounts:\n  - id: a\n    ¦\n");
    assert!(keys.iter().all(|(_, _, said)| !said.is_empty()), "{keys:?}");
    let forms = offered(&mut editor, &format!("{CONNECTOR}auth: ¦\n"));
    let basic = forms
        .iter()
        .find(|(label, ..)| label == "basic: ...")
        .unwrap();
    assert!(
        basic.1.contains("password") && basic.1.contains("${2:PASSWORD}"),
        "{basic:?}"
    );
    let accounts = offered(&mut editor, "version: 1\nr¦\n");
    let rosters = accounts
        .iter()
        .find(|(label, ..)| label == "rosters")
        .unwrap();
    assert!(rosters.1.contains("- from:"), "{rosters:?}");
}

#[test]
fn keys_are_explained_where_the_pointer_is() {
    let Some(mut editor) = Editor::start() else {
        return;
    };
    for (text, expected) in [
        (
            "ver¦sion: 1\n".to_owned(),
            "The version of the manifest language",
        ),
        (
            "version: 1\naccounts:\n  - i¦d: a\n".to_owned(),
            "the natural key",
        ),
        (
            "version: 1\naccounts:\n  - id: a\n    time¦zone: UTC\n".to_owned(),
            "Europe/London",
        ),
        (
            "version: 1\naccounts:\n  - id: a\n    sta¦te: absent\n".to_owned(),
            "`absent` deletes the account",
        ),
        (
            format!("{CONNECTOR}au¦th: oauth2\n"),
            "How the connector authenticates: `oauth2`",
        ),
        (
            format!("{CONNECTOR}auth: {{ api_key: {{ e¦nv: X }} }}\n"),
            "The environment variable",
        ),
        (
            format!("{CONNECTOR}auth: {{ basic: {{ userna¦me: x, password: {{ env: X }} }} }}\n"),
            "The user name: text or a secret reference",
        ),
        (
            format!("{TEMPLATE}run: {{ eve¦ry: 1h }}\n"),
            "The interval between two runs",
        ),
        (
            format!("{TEMPLATE}mappings: {{ S: {{ F: {{ ign¦ore: true }} }} }}\n"),
            "to map the field to nothing",
        ),
    ] {
        let hover = editor.at("hover", &text);
        let said = hover["contents"]["value"].as_str().unwrap_or_default();
        assert!(
            said.contains(expected),
            "{expected:?} is not in {said:?} at\n{text}"
        );
    }
}

#[test]
fn mistakes_are_underlined_and_nothing_else() {
    let Some(mut editor) = Editor::start() else {
        return;
    };
    for (text, line, columns, expected) in [
        ("version: 1\naccounts:\n  - id: a\n    nmae: X\n".to_owned(), 3, 4..8, "nmae is not allowed"),
        ("version: 1\naccounts:\n  - id: a\n    state: gone\n".to_owned(), 3, 11..15, "\"present\", \"absent\""),
        ("version: 2\n".to_owned(), 0, 9..10, "1"),
        (format!("{CONNECTOR}auth: {{ api_key: {{ envv: X }} }}\n"), 5, 27..31, "envv is not allowed"),
        ("version: 1\ninstances: { x: { region: mars, client_id: a, client_secret: { env: X } } }\n".to_owned(), 1, 26..30, "eu"),
    ] {
        let (_, diagnostics) = editor.open(&text);
        let range = json!({
            "start": { "line": line, "character": columns.start },
            "end": { "line": line, "character": columns.end },
        });
        let found = diagnostics.as_array().unwrap().iter().any(|it| {
            it["range"] == range && it["message"].as_str().is_some_and(|said| said.contains(expected))
        });
        assert!(found, "{expected:?} at {range} is not among {diagnostics}");
    }
    for entry in fs::read_dir(root().join("manifests")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "yaml") {
            let (_, diagnostics) = editor.open(&fs::read_to_string(&path).unwrap());
            assert_eq!(diagnostics, json!([]), "{}", path.display());
        }
    }
}
