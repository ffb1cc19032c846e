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
    (
        "accounts:\n  - id: a\n    connectors:\n      - connector: X\n",
        8,
    ),
    (
        "accounts:\n  - id: a\n    connectors:\n      - name: x\n        version: 2\n",
        8,
    ),
    (
        "accounts:\n  - id: a\n    connectors: [\n      { connector: X,\n",
        8,
    ),
    (
        "profiles:\n  p:\n    connectors:\n      - connector: X\n",
        8,
    ),
    ("defaults:\n  connectors:\n    - connector: X\n", 6),
    (
        "rosters:\n  - from: r.csv\n    account:\n      id: \"{{ row.id }}\"\n      connectors:\n        - connector: X\n",
        10,
    ),
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
const ELSEWHERE: [(&str, usize, &str); 20] = [
    (
        "accounts:\n  - id: a\n    connectors:\n",
        6,
        "- { connector: X, auth: { api_key: @ }, nmae: x, version: 7 }",
    ),
    (
        "accounts:\n  - id: a\n    connectors:\n",
        6,
        "- { connector: X, auth: { api_key: {\n      file: x\n      }, basic: { username: @ } }, nmae: x }",
    ),
    (
        "accounts:\n  - id: a\n    connectors:\n",
        6,
        "- { connector: X, properties: { Password: @ }, nmae: x, partner: 7 }",
    ),
    (
        "accounts:\n",
        2,
        "- { id: a, nmae: x, name: 7, connectors: [{ connector: X, auth: { api_key: @ } }], timezone: Mars }",
    ),
    ("instances:\n  x:\n    region: eu\n", 4, "client_id: @"),
    (
        "instances:\n  x:\n    region: eu\n    client_id: a\n",
        4,
        "client_secret: @",
    ),
    (
        "instances:\n  x:\n    region: eu\n    client_id: a\n    client_secret: { env: A }\n",
        4,
        "marks_key: @",
    ),
    (
        "instances:\n",
        2,
        "x: { region: eu, client_id: a, client_secret: @ }",
    ),
    ("instances:\n", 2, "x: @"),
    (
        "instances:\n  x:\n    region: eu\n    secrets:\n      vault:\n        auth:\n",
        10,
        "token: @",
    ),
    ("secrets:\n  vault:\n    auth:\n", 6, "token: @"),
    ("secrets:\n  vault:\n", 4, "auth: @"),
    (
        "secrets:\n  vault:\n",
        4,
        "address: https://user:@@vault.test",
    ),
    (
        "secrets:\n  vault:\n    auth:\n      approle:\n",
        8,
        "role_id: @",
    ),
    (
        "secrets:\n  vault:\n    auth:\n      approle:\n        role_id: r\n",
        8,
        "secret_id: @",
    ),
    (
        "secrets:\n  vault:\n    auth:\n      kubernetes:\n        role: r\n",
        8,
        "jwt: @",
    ),
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
    "",
    " }",
    " ]",
    ": y",
    ", x: y",
    " # c",
    "\t",
    " *x",
    " \"",
    " y: z",
    ", <<: *x }",
];

/// Everything that may be shown of what was told: words, and the lines at their places.
fn shown(manifest: &Manifest, diagnostics: &Diagnostics) -> String {
    let mut all = format!("{diagnostics:?}\n");
    for label in diagnostics.iter().flat_map(|it| &it.labels) {
        if label.show_line
            && let Some(line) = manifest
                .sources()
                .line(&label.origin.file, label.origin.line)
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
        let texts = files
            .iter()
            .map(|(_, bytes)| String::from_utf8_lossy(bytes));
        let bad = diagnostics.iter().filter(|it| {
            let lines = it.labels.iter().filter(|label| label.show_line);
            let lines = lines.filter_map(|label| {
                manifest
                    .sources()
                    .line(&label.origin.file, label.origin.line)
            });
            leaks(&format!("{it:?}{}", lines.collect::<String>()), canary)
        });
        let codes: Vec<&str> = bad.map(|it| it.code).collect();
        leaked.push(format!(
            "{codes:?}\n{}",
            texts.collect::<Vec<_>>().join("\n===\n")
        ));
    }
}

/// Every place with its secret still to be put in: the lines, and how far the last is indented.
fn places() -> Vec<(String, usize)> {
    let indented = |lines: &str, by: usize| {
        let lines = lines
            .lines()
            .map(|line| format!("{}{line}", " ".repeat(by)));
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut places = Vec::new();
    for (before, by) in AROUND_CONNECTORS {
        for inside in IN_CONNECTORS {
            let last = inside.lines().last().unwrap();
            let own = last.len() - last.trim_start().len();
            places.push((
                format!("version: 1\n{before}{}", indented(inside, by)),
                by + own,
            ));
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
        codes
            .entry(text.lines().next().unwrap())
            .or_insert((0, text))
            .0 += 1;
    }
    let some: Vec<String> = codes
        .values()
        .map(|(count, text)| format!("{count} times {text}"))
        .collect();
    assert!(
        leaked.is_empty(),
        "{} of {tried} leak:\n{}",
        leaked.len(),
        some.join("\n----\n")
    );
}

#[test]
fn in_every_place_and_form_with_every_break_after_it() {
    let mut leaked = Vec::new();
    let mut tried = 0;
    let rows: &[u8] = b"id\na\n";
    for (at, (place, indentation)) in places().into_iter().enumerate() {
        for (number, form) in FORMS.iter().enumerate() {
            // Each form meets each break, and each place both, though not all three with each canary.
            for (turn, after) in AFTER.iter().enumerate() {
                if !(at + number + turn).is_multiple_of(8) {
                    continue;
                }
                let canary = CANARIES[(number + turn + tried / 7) % CANARIES.len()];
                let beside = BESIDE[(number * 3 + turn + tried / 11) % BESIDE.len()];
                let secret = form.replace('S', canary);
                let text = place.replacen('@', &secret, 1);
                let after = after.replace('~', &" ".repeat(indentation));
                let text = format!("{text}{beside}\n{after}");
                tried += 1;
                check(
                    &[("m.yaml", text.as_bytes()), ("r.csv", rows)],
                    canary,
                    &mut leaked,
                );
            }
        }
    }
    assert!(tried > 12_000, "{tried}");
    none(&leaked, tried);
}

/// A manifest that is whole, with the secret in one place after the other.
fn whole(secret: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for (place, _) in places() {
        texts.push(format!("{}\n", place.replacen('@', secret, 1)));
    }
    texts
}

#[test]
fn in_a_file_that_ends_anywhere() {
    let mut leaked = Vec::new();
    let mut tried = 0;
    for (number, form) in FORMS.iter().enumerate() {
        let canary = CANARIES[number % CANARIES.len()];
        for (turn, text) in whole(&form.replace('S', canary)).iter().enumerate() {
            if !(number + turn).is_multiple_of(9) {
                continue;
            }
            // The end before the secret is whole, within a quote, within a word of the language.
            let from = text.len().saturating_sub(form.len() + canary.len() + 4);
            for end in from..=text.len() {
                tried += 1;
                check(&[("m.yaml", &text.as_bytes()[..end])], canary, &mut leaked);
            }
        }
    }
    assert!(tried > 10_000, "{tried}");
    none(&leaked, tried);
}

#[test]
fn in_a_file_that_is_no_text() {
    let mut leaked = Vec::new();
    let mut tried = 0;
    for (number, canary) in CANARIES.into_iter().enumerate() {
        for text in whole(&format!("\"{canary}\""))
            .iter()
            .skip(number)
            .step_by(CANARIES.len())
        {
            for bytes in [
                &b"\xff"[..],
                b"\xc3",
                b"\0",
                b"\xed\xa0\x80",
                b"\x1b[2J",
                b"\xc2\x85",
                b"\r",
            ] {
                let at = text.find(canary).unwrap();
                for at in [
                    at,
                    at + 5,
                    at + canary.len(),
                    at + canary.len() + 1,
                    text.len(),
                ] {
                    let mut spoilt = text.clone().into_bytes();
                    spoilt.splice(at..at, bytes.iter().copied());
                    tried += 1;
                    check(&[("m.yaml", &spoilt)], canary, &mut leaked);
                }
            }
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            check(&[("m.yaml", &wide)], canary, &mut leaked);
            check(
                &[("m.yaml", &[b"\xff\xfe", &wide[..]].concat())],
                canary,
                &mut leaked,
            );
        }
    }
    none(&leaked, tried);
}

/// What is given twice is read once: of the other nobody knows what it was to be.
#[test]
fn given_twice() {
    let mut leaked = Vec::new();
    let mut tried = 0;
    for (number, form) in FORMS.iter().enumerate() {
        for (turn, (place, indentation)) in places().iter().enumerate() {
            if !(number + turn).is_multiple_of(4) {
                continue;
            }
            let canary = CANARIES[number % CANARIES.len()];
            let secret = form.replace('S', canary);
            let text = place.replacen('@', &secret, 1);
            let last = text.lines().last().unwrap_or_default().to_owned();
            let harmless = place.replacen('@', "{ env: A }", 1);
            let key = harmless.lines().last().unwrap_or_default().to_owned();
            for text in [
                format!("{text}\n{last}\n"),
                format!("{harmless}\n{last}\n"),
                format!("{text}\n{key}\n"),
                format!(
                    "{text}\n{}x: {secret}\n{}x: {secret}\n",
                    " ".repeat(*indentation),
                    " ".repeat(*indentation)
                ),
            ] {
                tried += 1;
                check(&[("m.yaml", text.as_bytes())], canary, &mut leaked);
            }
            tried += 2;
            let (one, other) = (format!("{text}\n"), format!("{harmless}\n"));
            check(
                &[("1.yaml", one.as_bytes()), ("2.yaml", other.as_bytes())],
                canary,
                &mut leaked,
            );
            check(
                &[("1.yaml", other.as_bytes()), ("2.yaml", one.as_bytes())],
                canary,
                &mut leaked,
            );
        }
    }
    none(&leaked, tried);
}

/// The file of a secret, given as a manifest or as a roster by mistake; and secrets in odd places.
#[test]
fn in_a_file_of_another_kind() {
    const TEXTS: [&str; 20] = [
        "S",
        "S\n",
        "\"S\"",
        "\"S",
        "- S",
        "[S",
        "{S",
        "S: 1",
        "S: S",
        "--- S",
        "---\nS",
        "version: 1\n--- S\n",
        "version: 1\n...\nS\n",
        "version: 1\nS\n",
        "version: 1\nS: 1\n",
        "# S\n",
        "version: 1\n# S\n}",
        "version: 1\n<<: { token: S }\n",
        "version: 1\naccounts:\n  - id: a\n    connectors:\n      - S\n",
        "TOKEN=S\nOTHER=\"S\n",
    ];
    let mut leaked = Vec::new();
    let mut tried = 0;
    for canary in CANARIES {
        for text in TEXTS {
            let text = text.replace('S', canary);
            tried += 1;
            check(&[("m.yaml", text.as_bytes())], canary, &mut leaked);
            for name in ["r.csv", "r.json", "r.jsonl", "r.yaml.txt"] {
                let manifest = format!(
                    "version: 1\nrosters: [{{ from: {name}, format: {}, account: {{ id: \"{{{{ row.id }}}}\" }} }}]\n",
                    if name.ends_with("txt") {
                        "yaml"
                    } else {
                        &name[2..]
                    }
                );
                tried += 1;
                check(
                    &[("m.yaml", manifest.as_bytes()), (name, text.as_bytes())],
                    canary,
                    &mut leaked,
                );
            }
        }
    }
    none(&leaked, tried);
}

/// A roster may hold the secrets themselves: in a column that does not say so, with a row that is
/// broken in another cell, or after it.
#[test]
fn in_a_cell() {
    const USES: [&str; 13] = [
        "auth: \"{{ row.k }}\"",
        "auth: { api_key: \"{{ row.k }}\" }",
        "auth: { api_key: { env: \"{{ row.k }}\" } }",
        "auth: { api_key: { file: \"{{ row.k }}\" } }",
        "auth: { api_key: { vault: \"{{ row.k }}\", field: f } }",
        "auth: { api_key: { vault: kv/a, field: \"{{ row.k }}\" } }",
        "auth: { api_key: { sops: \"{{ row.k }}\", key: f } }",
        "auth: { api_key: { sops: f.yaml, key: \"{{ row.k }}\" } }",
        "auth: { api_key: { command: [\"{{ row.k }}\"] } }",
        "auth: { api_key: { command: [echo, \"{{ row.k }}\"] } }",
        "auth: { basic: { username: u, password: \"{{ row.k }}\" } }",
        "properties: { Password: \"{{ row.k }}\" }",
        "properties: { Password: { env: \"{{ row.k }}\" } }",
    ];
    const CSV: [&str; 14] = [
        "id,k,z\na,S,Europe/London\n",
        "id,k,z\na,S,Mars/Base\n",
        "id,k,z\n,S,Europe/London\n",
        "id,k,z\n a,S,\n",
        "id,k,z\na,S,x,y\n",
        "id,k,z\na,S\n",
        "id,k,z\na,\"S,x\n",
        "id,k,z\na,\"S\"x,x\n",
        "id,k,z\na,x\"S\",x\n",
        "id,k,z\na,S,Europe/London\na,S,Europe/London\n",
        "id;k;z\na;S;x\n",
        "id,S,z\na,k,x\n",
        "id,id,z\na,S,x\n",
        "id,k,z\n..,S,\u{7f}\n",
    ];
    const JSON: [&str; 8] = [
        "[{\"id\": \"a\", \"k\": \"S\", \"z\": \"Mars\"}]",
        "[{\"id\": 7, \"k\": \"S\", \"z\": []}]",
        "[{\"id\": \"\", \"k\": [\"S\"], \"z\": {\"S\": 1}}]",
        "[{\"id\": \"a\", \"k\": \"S\", \"k\": \"S\"}]",
        "[{\"id\": \"a\", \"k\": \"S]",
        "[{\"id\": \"a\", \"k\": \"S\" \"z\": 1}]",
        "[{\"id\": \"a\", \"k\": \"S\"}",
        "{\"id\": \"a\", \"k\": \"S\"}",
    ];
    let mut leaked = Vec::new();
    let mut tried = 0;
    for inside in USES {
        for canary in CANARIES {
            let files = CSV.iter().map(|text| ("r.csv", text));
            let files = files.chain(
                JSON.iter()
                    .flat_map(|text| ["r.json", "r.jsonl", "r.yml"].map(|name| (name, text))),
            );
            for (name, text) in files {
                let manifest = format!(
                    "version: 1\nrosters:\n  - from: {name}\n    account:\n      id: \"{{{{ row.id }}}}\"\n      \
                     timezone: \"{{{{ row.z }}}}\"\n      connectors:\n        - connector: X\n          {inside}\n"
                );
                let text = text.replace('S', canary);
                tried += 1;
                check(
                    &[("m.yaml", manifest.as_bytes()), (name, text.as_bytes())],
                    canary,
                    &mut leaked,
                );
            }
        }
    }
    none(&leaked, tried);
}
