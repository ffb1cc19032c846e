//! Every code has its page, and what a page shows is what the program does.

use crate::support::{Ended, gangplank, root};
use gangplank_model::code::{ALL, Area, Known, Level};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Pages whose example needs an instance that the embedded sandbox is not, or a file that no page can
/// show; the tests of their rooms have them.
const ELSEWHERE: [&str; 10] = [
    "ambiguous-authentication",
    "draft-connector",
    "id-in-other-letters",
    "library-unreadable",
    "not-formatted",
    "templates-unreadable",
    "too-large",
    "too-long-to-format",
    "unchecked-connectors",
    "unchecked-names",
];

fn folder() -> PathBuf {
    root().join("docs/problems")
}

fn page(code: &str) -> String {
    fs::read_to_string(folder().join(format!("{code}.md"))).unwrap_or_default()
}

#[expect(
    clippy::disallowed_methods,
    reason = "UPDATE=1 writes what was generated"
)]
fn update() -> bool {
    std::env::var_os("UPDATE").is_some()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let codes: BTreeSet<String> = ALL.iter().map(|known| known.name.to_owned()).collect();
    let pages: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| name != "README")
        .collect();
    let without: Vec<_> = codes.difference(&pages).collect();
    assert!(
        without.is_empty(),
        "write docs/problems/CODE.md: {without:?}"
    );
    let stray: Vec<_> = pages.difference(&codes).collect();
    assert!(stray.is_empty(), "no such code: {stray:?}");
    for known in ALL {
        let printed = run(Path::new("."), &["explain".into(), known.name.into()]).expect(0);
        assert!(printed.stdout.starts_with(known.name), "{}", printed.stdout);
        assert!(printed.stdout.contains("\nRemedy\n"), "{}", printed.stdout);
    }
}

/// What a page says at its top, from the table of codes.
fn top(known: &Known) -> String {
    let Known {
        name,
        summary,
        default,
        ..
    } = known;
    let severity = match default {
        None => "An error. Its severity cannot be changed.".to_owned(),
        Some(Level::Allow) => format!(
            "Not told unless asked for. `-W {name}` makes it a warning, `-E {name}` an error."
        ),
        Some(Level::Warn) => {
            format!("A warning. `-E {name}` makes it an error, `-A {name}` leaves it out.")
        }
        Some(Level::Error) => {
            format!("An error. `-W {name}` makes it a warning, `-A {name}` leaves it out.")
        }
    };
    let (first, rest) = summary.split_at(1);
    format!(
        "# {name}\n\n{}{rest}.\n\n{severity}\n",
        first.to_uppercase()
    )
}

#[test]
fn every_page_is_built_alike() {
    for known in ALL {
        let text = page(known.name);
        let top = top(known);
        assert!(
            text.starts_with(&top),
            "{} starts otherwise than\n{top}",
            known.name
        );
        let headings: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("## "))
            .collect();
        assert_eq!(headings, ["## Example", "## Remedy"], "{}", known.name);
    }
}

/// Files by their names.
type Files = Vec<(String, Vec<u8>)>;

/// The example of a page: its files, its commands, and what the last of them says.
struct Example {
    files: Files,
    commands: Vec<Vec<String>>,
    says: Option<String>,
}

impl Example {
    fn of(page: &str) -> Self {
        let start = page.find("## Example").unwrap_or(page.len());
        let end = page.find("## Remedy").unwrap_or(page.len());
        let mut example = Self {
            files: Vec::new(),
            commands: Vec::new(),
            says: None,
        };
        let mut lines = page[start..end].lines();
        while let Some(line) = lines.next() {
            if let Some(kind) = line.strip_prefix("```") {
                let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
                let block = block.join("\n");
                match kind.split_once(' ') {
                    Some((_, name)) => {
                        example
                            .files
                            .push((name.to_owned(), (block + "\n").into_bytes()));
                    }
                    None => example.says = Some(block),
                }
            } else {
                let quoted = line.split('`').skip(1).step_by(2);
                let commands = quoted.filter_map(|text| text.strip_prefix("gangplank "));
                example.commands.extend(commands.map(words));
            }
        }
        example
    }
}

/// The words of a command; `""` is an empty one.
fn words(command: &str) -> Vec<String> {
    let words = command.split_whitespace();
    words
        .map(|word| word.trim_matches('"').to_owned())
        .collect()
}

fn run(folder: &Path, command: &[String]) -> Ended {
    let variables = BTreeMap::from([("COLUMNS".to_owned(), "100".to_owned())]);
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    gangplank(folder, &variables, &words)
}

/// Runs an example, and gives the message of this code.
#[track_caller]
fn told(known: &Known, example: &Example) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &example.files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let ended: Vec<Ended> = example
        .commands
        .iter()
        .map(|command| run(folder.path(), command))
        .collect();
    let ended = ended.last().expect("a command");
    let severity = match known.default {
        None | Some(Level::Error) => "error",
        Some(Level::Allow | Level::Warn) => "warning",
    };
    let start = format!("{severity}[{}]: ", known.name);
    let message = ended.stderr.split("\n\n").find(|it| it.starts_with(&start));
    let Some(message) = message else {
        panic!("{} is not told: {ended:?}", known.name)
    };
    assert_eq!(ended.code == 0, severity == "warning", "{ended:?}");
    message.trim_end().to_owned()
}

/// Inputs that no page can show, by the code that they give.
fn made() -> Vec<(&'static str, Files)> {
    let manifest = |text: String| vec![("manifest.yaml".to_owned(), text.into_bytes())];
    let bomb: String = (1..8)
        .map(|n| {
            format!(
                "    l{n}: &l{n} [{}]\n",
                vec![format!("*l{}", n - 1); 10].join(", ")
            )
        })
        .collect();
    let roster = |more: &str, csv: String| {
        let text = format!(
            "version: 1\nrosters:\n  - from: c.csv\n    account:\n      id: \"{{{{ row.id }}}}\"\n      \
             name: \"{{{{ row.id }}}}\"\n{more}"
        );
        vec![
            ("manifest.yaml".to_owned(), text.into_bytes()),
            ("c.csv".to_owned(), csv.into_bytes()),
        ]
    };
    let rows = |cell: &str| -> String {
        let rows = (0..150).map(|n| format!("a{n},{cell}{n}\n"));
        format!("id,x\n{}", rows.collect::<String>())
    };
    let names: Vec<String> = (0..1001).map(|n| format!("c{n}")).collect();
    let url = "      transaction_error_webhook_url: \"{{ row.x }}\"\n";
    vec![
        (
            "not-text",
            vec![("manifest.yaml".into(), b"\xFF\xFEv\0".to_vec())],
        ),
        (
            "too-deep",
            manifest(["[".repeat(70), "]".repeat(70)].concat()),
        ),
        (
            "too-many-aliases",
            manifest(format!(
                "version: 1\ndefaults:\n  labels:\n    l0: &l0 [x]\n{bomb}"
            )),
        ),
        ("too-many-columns", roster("", names.join(",") + "\n")),
        (
            "more-problems",
            roster("      timezone: \"{{ row.x }}\"\n", rows("Mars/Base")),
        ),
        ("more-warnings", roster(url, rows("hooks.example/"))),
    ]
}

#[test]
fn what_a_page_shows_is_what_the_program_says() {
    let made: BTreeMap<_, _> = made().into_iter().collect();
    let mut stale = Vec::new();
    for known in ALL {
        let text = page(known.name);
        let mut example = Example::of(&text);
        if let Some(files) = made.get(known.name) {
            assert!(
                example.commands.is_empty(),
                "{} shows an example",
                known.name
            );
            example.files.clone_from(files);
            example.commands.push(words("validate manifest.yaml"));
            told(known, &example);
            continue;
        }
        if ELSEWHERE.contains(&known.name) {
            assert!(
                example.commands.is_empty(),
                "{} shows an example",
                known.name
            );
            continue;
        }
        assert!(
            !example.commands.is_empty(),
            "{} shows no example",
            known.name
        );
        let message = told(known, &example);
        let shown = example.says.unwrap_or_default();
        if shown != message {
            if update() {
                let path = folder().join(format!("{}.md", known.name));
                let block = |text: &str| format!("```text\n{text}\n```");
                fs::write(path, text.replace(&block(&shown), &block(&message))).unwrap();
            }
            stale.push(known.name);
        }
    }
    assert!(
        update() || stale.is_empty(),
        "UPDATE=1 cargo test -p gangplank problems: {stale:?}"
    );
}

#[test]
fn the_index_names_every_page() {
    let mut table = String::new();
    let mut area: Option<Area> = None;
    for known in ALL {
        if area != Some(known.area) {
            area = Some(known.area);
            table.push_str(&["\n### ", known.area.title(), "\n\n"].concat());
        }
        let Known { name, summary, .. } = known;
        let allowed = if known.default == Some(Level::Allow) {
            " (not told by default)"
        } else {
            ""
        };
        table.push_str(&["- [", name, "](", name, ".md): ", summary, allowed, "\n"].concat());
    }
    let path = folder().join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let (head, _) = text.split_once("-->\n").expect("the mark of what is made");
    let fresh = format!("{head}-->\n{table}");
    if update() {
        fs::write(&path, &fresh).unwrap();
    }
    assert!(
        update() || text == fresh,
        "the index is stale: UPDATE=1 cargo test -p gangplank problems"
    );
}
