//! Broken input of every kind, and what the binary says of it.
//!
//! `tests/corpus/TOPIC/NAME.yaml`, or a folder `NAME/`, is the input; `NAME.txt` is what is said. Its first line is
//! the command, run in the topic's folder. `UPDATE=1 cargo test -p gangplank corpus` writes the texts anew.

use crate::support::{gangplank, root};
use gangplank_model::code::{self, Area};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What must stand in no message: words of Rust and of what we build on, and the secrets of the inputs.
const NEVER: [&str; 28] = [
    "Option",
    "String",
    "u32",
    "u64",
    "i64",
    "f64",
    "usize",
    "serde",
    "Vec<",
    "minijinja",
    "saphyr",
    "enum",
    "struct",
    "unwrap",
    "panicked",
    "EOF while",
    "Error {",
    "Some(",
    "None",
    "os error",
    "sequence",
    "scalar",
    "flow mapping",
    "block collection",
    "variant",
    "correct-horse",
    "q7RzKx2m",
    "invalid operation",
];

/// Problems that have no place in a file.
const WITHOUT_A_PLACE: [&str; 4] = ["file-twice", "no-path", "unknown-instance", "unreadable"];

/// Codes that are not told of a text by itself, with where they are tested.
const ELSEWHERE: [(&str, &str); 7] = [
    ("not-formatted", "`fmt` alone tells it: format.rs"),
    ("too-long-to-format", "`fmt` alone tells it: format.rs"),
    (
        "command-not-allowed",
        "references are followed by plan and apply",
    ),
    (
        "missing-secret",
        "references are followed by plan and apply",
    ),
    ("more-problems", "its input is generated: limits.rs"),
    ("more-warnings", "its input would be as long"),
    ("too-large", "its input is generated: limits.rs"),
];

/// One input and what is said of it.
struct Case {
    folder: PathBuf,
    name: String,
    expected: PathBuf,
}

impl Case {
    fn told(&self) -> String {
        fs::read_to_string(&self.expected).unwrap_or_default()
    }

    fn input(&self) -> PathBuf {
        let folder = self.folder.join(&self.name);
        if folder.is_dir() {
            folder
        } else {
            self.folder.join(format!("{}.yaml", self.name))
        }
    }

    /// The command that the expected text names, or the usual one.
    fn command(&self) -> String {
        let told = self.told();
        let first = told.lines().next();
        if let Some(command) = first.and_then(|line| line.strip_prefix("$ gangplank ")) {
            return command.to_owned();
        }
        match self.input() {
            file if file.is_file() => format!("validate {}.yaml", self.name),
            folder if folder.join("m.yaml").is_file() => format!("validate {}/m.yaml", self.name),
            _ => format!("validate {}", self.name),
        }
    }

    /// Runs the command: what it says, with its exit code.
    fn run(&self) -> String {
        let command = self.command();
        let args: Vec<&str> = command.split(' ').collect();
        let variables = BTreeMap::from([("COLUMNS".to_owned(), "100".to_owned())]);
        let ended = gangplank(&self.folder, &variables, &args);
        let said = ended.stderr.lines().chain(ended.stdout.lines());
        let said: Vec<&str> = said.map(str::trim_end).collect();
        let code = ended.code;
        format!(
            "$ gangplank {command}\n{}\nexit code {code}\n",
            said.join("\n")
        )
    }
}

fn entries(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn cases() -> Vec<Case> {
    let topics = entries(&root().join("tests/corpus"));
    let topics = topics.into_iter().filter(|topic| topic.is_dir());
    let cases = topics.flat_map(|folder| {
        let inputs = entries(&folder).into_iter();
        let inputs =
            inputs.filter(|it| it.is_dir() || it.extension().is_some_and(|it| it == "yaml"));
        let cases: Vec<Case> = inputs
            .map(|input| Case {
                folder: folder.clone(),
                name: input.file_stem().unwrap().to_str().unwrap().to_owned(),
                expected: input.with_extension("txt"),
            })
            .collect();
        cases
    });
    cases.collect()
}

/// One message of a text.
struct Message<'a> {
    code: &'a str,
    summary: &'a str,
    text: &'a str,
}

impl<'a> Message<'a> {
    fn all(told: &'a str) -> Vec<Self> {
        let mut starts: Vec<usize> = Vec::new();
        for word in ["\nerror[", "\nwarning["] {
            starts.extend(told.match_indices(word).map(|(at, _)| at + 1));
        }
        starts.sort_unstable();
        let ends = starts.iter().skip(1).copied().chain([told.len()]);
        let parts = starts
            .iter()
            .zip(ends)
            .map(|(start, end)| &told[*start..end]);
        let read = parts.map(|text| {
            let (head, rest) = text.split_once("]: ").unwrap();
            let code = head.split_once('[').unwrap().1;
            let summary = rest.lines().next().unwrap();
            Message {
                code,
                summary,
                text,
            }
        });
        read.collect()
    }

    /// Its places: file, line and column.
    fn places(&self) -> Vec<(&'a str, usize, usize)> {
        let lines = self.text.lines().map(str::trim_start);
        let places =
            lines.filter_map(|line| line.strip_prefix("--> ").or(line.strip_prefix("::: ")));
        let places = places.map(|place| {
            let mut parts = place.rsplitn(3, ':');
            let mut number = || parts.next().unwrap().parse().unwrap();
            let (column, line) = (number(), number());
            (parts.next().unwrap(), line, column)
        });
        places.collect()
    }

    /// What is wrong with it.
    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !WITHOUT_A_PLACE.contains(&self.code) && self.places().is_empty() {
            faults.push("it has no place".to_owned());
        }
        if !self.text.contains("= hint: ") {
            faults.push("it does not say what to do".to_owned());
        }
        if self.summary.split(' ').count() < 3 {
            faults.push("its summary says nothing".to_owned());
        }
        // What the input says is shown behind a bar; the rest is ours.
        let ours = self
            .text
            .lines()
            .filter(|line| !line.contains(" | ") || line.contains('^'));
        let ours: Vec<&str> = ours.collect();
        let ours = ours.join("\n");
        let never = NEVER.iter().filter(|word| ours.contains(**word));
        faults.extend(never.map(|word| format!("it says {word:?}")));
        faults
    }
}

#[test]
fn every_broken_input_of_the_corpus_is_told_as_expected() {
    #[expect(
        clippy::disallowed_methods,
        reason = "set by whoever writes the texts anew"
    )]
    let update = std::env::var("UPDATE").is_ok_and(|it| it == "1");
    let cases = cases();
    assert!(cases.len() >= 150, "{} inputs", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let (told, expected) = (case.run(), case.told());
        if told != expected {
            if update {
                fs::write(&case.expected, &told).unwrap();
            } else {
                wrong.push(format!("--- expected\n{expected}\n--- told\n{told}"));
            }
        }
        assert!(
            !told.contains("correct-horse") && !told.contains("q7RzKx2m"),
            "{told}"
        );
    }
    assert!(
        wrong.is_empty(),
        "{} of them: {}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_message_of_the_corpus_has_a_place_and_a_remedy() {
    let mut wrong = Vec::new();
    for case in cases() {
        let told = case.told();
        let messages = Message::all(&told);
        if messages.is_empty() {
            wrong.push(format!("{}: nothing is told", case.input().display()));
        }
        for message in messages {
            for fault in message.faults() {
                wrong.push(format!(
                    "{}: {fault}\n{}",
                    case.input().display(),
                    message.text
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} faults:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_corpus_has_every_code() {
    let told: Vec<String> = cases().iter().map(Case::told).collect();
    let codes: BTreeSet<&str> = told
        .iter()
        .flat_map(|told| Message::all(told))
        .map(|message| message.code)
        .collect();
    let ours = code::ALL.iter().filter(|known| {
        matches!(
            known.area,
            Area::Files | Area::Yaml | Area::Manifest | Area::Rosters | Area::Secrets
        )
    });
    let missing: Vec<&str> = ours
        .map(|known| known.name)
        .filter(|name| !codes.contains(name) && ELSEWHERE.iter().all(|(it, _)| it != name))
        .collect();
    assert!(missing.is_empty(), "no input is told {missing:?}");
}

/// A place in the corpus stands on the line of each key of the language.
#[test]
fn the_corpus_points_at_every_key() {
    let schema = fs::read_to_string(root().join("schemas/manifest.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let mut keys = BTreeSet::new();
    properties(&schema, &mut keys);
    assert!(keys.len() > 50, "{keys:?}");
    let mut lines = BTreeSet::new();
    for case in cases() {
        let told = case.told();
        for (file, line, _) in Message::all(&told).iter().flat_map(Message::places) {
            let bytes = fs::read(case.folder.join(file)).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            lines.extend(text.lines().nth(line - 1).map(str::to_owned));
        }
    }
    let pointed = |key: &str| {
        let sign = format!("{key}:");
        lines.iter().any(|line| {
            let found = line.match_indices(&sign);
            let mut starts = found.map(|(at, _)| &line[..at]);
            starts.any(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        })
    };
    let missing: Vec<&String> = keys.iter().filter(|key| !pointed(key)).collect();
    assert!(missing.is_empty(), "no message points at {missing:?}");
}

/// Every key that a schema describes.
fn properties(schema: &serde_json::Value, into: &mut BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(map) => {
            for (key, value) in map {
                if let ("properties", Some(described)) = (key.as_str(), value.as_object()) {
                    into.extend(described.keys().cloned());
                    described.values().for_each(|it| properties(it, into));
                } else {
                    properties(value, into);
                }
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|it| properties(it, into)),
        _ => {}
    }
}
