//! A secret in the place of a reference, with something broken around it: it is shown by nobody.

use crate::support::read_files;
use gangplank_manifest::Manifest;
use gangplank_model::{Diagnostics, SourceText as _};

/// One that looks like a key, one that looks like words, and one that the syntax stumbles over.
const CANARIES: [&str; 3] = [
    "q7RzKx2mVw9LbT4nYc8HdJ3sGf6PaE5u",
    "correct-horse-battery-staple",
    "pa55:wo{rd}#1!",
];

/// Where connectors stand: lines before, and how far the connector's keys are indented.
const AROUND_CONNECTORS: [(&str, usize); 6] = [
    ("accounts:\n  - id: a\n    connectors:\n      - connector: X\n", 8),
    ("accounts:\n  - id: a\n    connectors:\n      - name: x\n        version: 2\n", 8),
    ("accounts:\n  - id: a\n    connectors: [\n      { connector: X,\n", 8),
    ("profiles:\n  p:\n    connectors:\n      - connector: X\n", 8),
    ("defaults:\n  connectors:\n    - connector: X\n", 6),
    ("rosters:\n  - from: r.csv\n    account:\n      id: \"{{ row.id }}\"\n      connectors:\n        - connector: X\n", 10),
];

/// What a connector says, with the secret's place.
const IN_CONNECTORS: [&str; 19] = [
    "auth: @",
    "auht: @",
    "auth:\n  api_key: @",
    "auth:\n  api_kye: @",
    "auth:\n  basic:\n    username: @",
    "auth:\n  basic:\n    username: u\n    password: @",
    "auth:\n  oauth2:\n    access_token: @",
    "auth:\n  oauth2:\n    access_token: { env: A }\n    refresh_token: @",
    "auth:\n  oauth2_client:\n    client_id: @",
    "auth:\n  oauth2_client:\n    client_id: a\n    client_secret: @",
    "auth:\n  fields:\n    Client Secret: @",
    "auth:\n  fields:\n    Hidden: @",
    "auth: { api_key: @ }",
    "auth: { basic: { username: u, password: @ } }",
    "properties:\n  Password: @",
    "properties:\n  Access Token: @",
    "properties:\n  Hidden: @",
    "properties: { Hidden: @ }",
    "auth:\n  api_key:\n    @",
];

/// The same of instances and of the vault.
const ELSEWHERE: [(&str, usize, &str); 16] = [
    ("instances:\n  x:\n    region: eu\n", 4, "client_id: @"),
    ("instances:\n  x:\n    region: eu\n    client_id: a\n", 4, "client_secret: @"),
    ("instances:\n  x:\n    region: eu\n    client_id: a\n    client_secret: { env: A }\n", 4, "marks_key: @"),
    ("instances:\n", 2, "x: { region: eu, client_id: a, client_secret: @ }"),
    ("instances:\n", 2, "x: @"),
    ("instances:\n  x:\n    region: eu\n    secrets:\n      vault:\n        auth:\n", 10, "token: @"),
    ("secrets:\n  vault:\n    auth:\n", 6, "token: @"),
    ("secrets:\n  vault:\n", 4, "auth: @"),
    ("secrets:\n  vault:\n", 4, "address: https://user:@@vault.test"),
    ("secrets:\n  vault:\n    auth:\n      approle:\n", 8, "role_id: @"),
    ("secrets:\n  vault:\n    auth:\n      approle:\n        role_id: r\n", 8, "secret_id: @"),
    ("secrets:\n  vault:\n    auth:\n      kubernetes:\n        role: r\n", 8, "jwt: @"),
    ("secrets:\n", 2, "vault: { auth: { token: @ } }"),
    ("secrets:\n  command:\n", 4, "env: [@]"),
    ("secrets:\n  command:\n    env:\n", 6, "- @"),
    ("", 0, "secrets: @"),
];

/// How the secret is written where a reference belongs.
const FORMS: [&str; 27] = [
    "S",
    "\"S\"",
    "'S'",
    "\"S",
    "'S",
    "[S]",
    "[S",
    "{ value: S }",
    "{ env: S }",
    "{ env: S, file: x }",
    "{ env: S",
    "{ file: S }",
    "{ vault: S, field: f }",
    "{ vault: kv/a, field: S }",
    "{ vault: kv/a, field: S, engine: S }",
    "{ vault: S }",
    "{ sops: S, key: k }",
    "{ sops: f.yaml, key: S }",
    "{ command: S }",
    "{ command: [S] }",
    "{ command: [echo, S], timeout: 1 }",
    "{ S }",
    "{ S: x }",
    "&S x",
    "*S",
    "!S x",
    "|\n                S",
];

/// What follows on the lines after; `~` stands for the indentation of the secret's line.
const AFTER: [&str; 30] = [
    "",
    "~name: \"oops\n",
    "~name: 'oops\n",
    "~name: [oops\n",
    "~name: {oops\n",
    "~~x: y\n",
    " x: y\n",
    "~ x: y\n",
    "\tname: x\n",
    "~\tname: x\n",
    "~- x\n",
    "- x\n",
    "~name: *nowhere\n",
    "~<<: *nowhere\n",
    "~<<: { a: b }\n",
    "~name: !tag x\n",
    "~? [a]\n~: b\n",
    "~nmae: x\n",
    "~whatever: { token: 1 }\n",
    "whatever: x\n",
    "version: 1\n",
    "instances: []\n",
    "---\nversion: 1\n",
    "...\nx\n",
    "~name: a: b\n",
    "~name: x }\n",
    "~name: \"\\q\"\n",
    "~name: x\u{0}\n",
    "%\n",
    "@\n",
];

/// What follows on the very line.
const BESIDE: [&str; 11] = [
    "", " }", " ]", ": y", ", x: y", " # c", "\t", " *x", " \"", " y: z", ", <<: *x }",
];

/// Everything that may be shown of what was told: words, and the lines at their places.
fn shown(manifest: &Manifest, diagnostics: &Diagnostics) -> String {
    let mut all = format!("{diagnostics:?}\n");
    for label in diagnostics.iter().flat_map(|it| &it.labels) {
        if label.show_line
            && let Some(line) = manifest.sources().line(&label.origin.file, label.origin.line)
        {
            all += line;
            all.push('\n');
        }
    }
    all
}

/// Whether a piece of the secret is in a text; six characters in a row are one.
fn leaks(text: &str, canary: &str) -> bool {
    (0..canary.len() - 6).any(|at| text.contains(&canary[at..at + 6]))
}

/// Reads files, and tells the places that show the secret.
fn check(files: &[(&str, &[u8])], canary: &str, leaked: &mut Vec<String>) {
    let (manifest, _, diagnostics) = read_files(files);
    if leaks(&shown(&manifest, &diagnostics), canary) {
        let texts = files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes));
        let bad = diagnostics.iter().filter(|it| {
            let lines = it.labels.iter().filter(|label| label.show_line);
            let lines = lines.filter_map(|label| {
                manifest.sources().line(&label.origin.file, label.origin.line)
            });
            leaks(&format!("{it:?}{}", lines.collect::<String>()), canary)
        });
        let codes: Vec<&str> = bad.map(|it| it.code).collect();
        leaked.push(format!("{codes:?}\n{}", texts.collect::<Vec<_>>().join("\n===\n")));
    }
}

/// Every place with its secret still to be put in: the lines, and how far the last is indented.
fn places() -> Vec<(String, usize)> {
    let indented = |lines: &str, by: usize| {
        let lines = lines.lines().map(|line| format!("{}{line}", " ".repeat(by)));
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut places = Vec::new();
    for (before, by) in AROUND_CONNECTORS {
        for inside in IN_CONNECTORS {
            let last = inside.lines().last().unwrap();
            let own = last.len() - last.trim_start().len();
            places.push((format!("version: 1\n{before}{}", indented(inside, by)), by + own));
        }
    }
    for (before, by, inside) in ELSEWHERE {
        places.push((format!("version: 1\n{before}{}", indented(inside, by)), by));
    }
    places
}

#[track_caller]
fn none(leaked: &[String], tried: usize) {
    let mut codes = std::collections::BTreeMap::new();
    for text in leaked {
        codes.entry(text.lines().next().unwrap()).or_insert((0, text)).0 += 1;
    }
    let some: Vec<String> = codes.values().map(|(count, text)| format!("{count} times {text}")).collect();
    assert!(leaked.is_empty(), "{} of {tried} leak:\n{}", leaked.len(), some.join("\n----\n"));
}

#[test]
fn in_every_place_and_form_with_every_break_after_it() {
    let mut leaked = Vec::new();
    let mut tried = 0;
    let rows: &[u8] = b"id\na\n";
    for (place, indentation) in places() {
        for (number, form) in FORMS.iter().enumerate() {
            // Each form meets each break, though not at each place with each canary.
            for (turn, after) in AFTER.iter().enumerate() {
                let canary = CANARIES[(number + turn + tried / 7) % CANARIES.len()];
                let beside = BESIDE[(number * 3 + turn + tried / 11) % BESIDE.len()];
                let secret = form.replace('S', canary);
                let text = place.replacen('@', &secret, 1);
                let after = after.replace('~', &" ".repeat(indentation));
                let text = format!("{text}{beside}\n{after}");
                tried += 1;
                check(&[("m.yaml", text.as_bytes()), ("r.csv", rows)], canary, &mut leaked);
            }
        }
    }
    assert!(tried > 100_000, "{tried}");
    none(&leaked, tried);
}
