//! Loads a manifest from memory.

use gangplank_manifest::{Manifest, MemorySources, load, schema};
use gangplank_model::{Desired, Diagnostics};
use std::sync::LazyLock;

/// Loads files and lowers them for the instance that is chosen by default.
pub(crate) fn read(files: &[(&str, &str)]) -> (Manifest, Desired, Diagnostics) {
    let mut sources = MemorySources::default();
    for (name, text) in files {
        sources = sources.with(name, *text);
    }
    let paths: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    finish(&sources, &paths)
}

/// Loads files, whatever bytes they are; those called `r.` are for rosters.
pub(crate) fn read_files(files: &[(&str, &[u8])]) -> (Manifest, Desired, Diagnostics) {
    let mut sources = MemorySources::default();
    for (name, bytes) in files {
        sources = sources.with(name, *bytes);
    }
    let names = files.iter().map(|(name, _)| (*name).to_owned());
    let paths: Vec<String> = names.filter(|name| !name.starts_with("r.")).collect();
    finish(&sources, &paths)
}

/// Loads `m.yaml` with the files that its rosters read.
pub(crate) fn read_rosters(
    manifest: &str,
    files: &[(&str, &[u8])],
) -> (Manifest, Desired, Diagnostics) {
    let mut sources = MemorySources::default().with("m.yaml", manifest);
    for (name, bytes) in files {
        sources = sources.with(name, *bytes);
    }
    finish(&sources, &["m.yaml".to_owned()])
}

fn finish(sources: &MemorySources, paths: &[String]) -> (Manifest, Desired, Diagnostics) {
    let (manifest, mut diagnostics) = load(sources, paths);
    let (desired, more) = manifest.desired(None);
    diagnostics.extend(more);
    diagnostics.sort();
    (manifest, desired, diagnostics)
}

/// The desired state of a manifest that has no problem.
#[track_caller]
pub(crate) fn desired(text: &str) -> Desired {
    let (_, desired, diagnostics) = read(&[("m.yaml", text)]);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}\n{text}");
    same_verdict(text, &diagnostics);
    desired
}

/// Every diagnostic as `line:column code`, places of later labels after it.
pub(crate) fn told(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let places = diagnostic
                .labels
                .iter()
                .map(|label| format!("{}:{}", label.origin.line, label.origin.column));
            let places: Vec<String> = places.collect();
            format!("{} {}", places.join(" "), diagnostic.code)
        })
        .collect()
}

/// What only the loader can see, and why a schema cannot.
const BEYOND_THE_SCHEMA: [(&str, &str); 30] = [
    ("yaml-syntax", "no value comes out"),
    ("several-documents", "an editor checks each by itself"),
    (
        "duplicate-key",
        "one of the two is gone when a schema sees it",
    ),
    ("unknown-anchor", "aliases are gone when a schema sees it"),
    ("tag", "tags are gone when a schema sees it"),
    ("key-not-text", "keys are text when a schema sees them"),
    ("unknown-profile", "a reference between entries"),
    ("duplicate-account", "a comparison of entries"),
    ("account-case", "a comparison of entries"),
    ("duplicate-name", "a comparison of entries"),
    ("moved-from-itself", "a comparison of keys"),
    ("moved-twice", "a comparison of entries"),
    ("moved-away", "a comparison of entries"),
    (
        "property-twice",
        "a comparison of what profiles and accounts give together",
    ),
    ("webhook-without-url", "a profile may give the URL"),
    ("own-parent", "a reference between entries"),
    (
        "reserved-account",
        "letters do not count, and expressions make ids",
    ),
    ("profile-circle", "references between entries"),
    ("parent-circle", "references between entries"),
    ("which-instance", "depends on the command's arguments"),
    ("two-defaults", "a comparison of entries"),
    (
        "unknown-timezone",
        "six hundred names, and expressions make more",
    ),
    ("unknown-argument", "a reference between entries"),
    ("missing-argument", "a reference between entries"),
    ("argument-default", "a declaration says what it takes"),
    ("argument-form", "keys that contradict each other"),
    ("argument-type", "a declaration says what it takes"),
    ("argument-value", "a declaration says what it takes"),
    (
        "argument-without-profile",
        "the defaults may name a profile",
    ),
    ("bad-expression", "an expression has to be computed"),
];

static VALIDATOR: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::validator_for(&schema()).unwrap());

/// Holds the schema to the loader's verdict: it refuses what the loader refuses, unless all that is
/// wrong is beyond it, and allows what the loader allows.
#[track_caller]
pub(crate) fn same_verdict(text: &str, diagnostics: &Diagnostics) {
    let value: Option<serde_json::Value> = serde_yaml::from_str(text).ok();
    let mut errors = diagnostics
        .iter()
        .filter(|it| it.severity == gangplank_model::Severity::Error)
        .peekable();
    let valid = errors.peek().is_none();
    // A missing `connector` may stand in a profile's entry of the same name; and a pattern cannot tell a
    // key from a name.
    let beyond = |it: &gangplank_model::Diagnostic| {
        BEYOND_THE_SCHEMA.iter().any(|(code, _)| it.code == *code)
            || it.labels.iter().any(|label| {
                label.text.contains("no profile has an entry")
                    || label.text.starts_with("this looks like a key")
            })
    };
    if !valid && errors.all(beyond) {
        return;
    }
    let value = value.unwrap_or_else(|| panic!("no YAML to the other reader:\n{text}"));
    let told: Vec<String> = VALIDATOR
        .iter_errors(&value)
        .map(|it| it.to_string())
        .collect();
    assert_eq!(
        told.is_empty(),
        valid,
        "schema: {told:?}\nloader: {diagnostics:#?}\n{text}"
    );
}
