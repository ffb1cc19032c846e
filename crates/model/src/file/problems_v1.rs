//! Version 1 of the problems of manifests as JSON.
//!
//! Tools may rely on it: keys are only added within version 1, and readers ignore those that they do
//! not know. It shows no line of a manifest, so that none with a secret can be among them.

use crate::code;
use crate::diagnostic::{Diagnostic, Diagnostics, Label, Severity};
use crate::origin::{Origin, SourceText};
use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The version that [`ProblemsV1`] writes.
pub const FORMAT_VERSION: &str = "1.0";

/// What is wrong with manifests: all errors and warnings, in the order of their places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemsV1 {
    /// The format's version; the number before the dot changes only when readers would break.
    pub format_version: String,
    /// How many there are.
    pub counts: CountsV1,
    /// Errors and warnings.
    pub problems: Vec<ProblemV1>,
}

/// How many there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CountsV1 {
    /// Errors: where there is one, nothing is done.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Files that an error or warning points at first.
    pub files: usize,
    /// Accounts that were checked, rows of rosters among them.
    pub accounts: usize,
}

/// One error or warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProblemV1 {
    /// A stable code, such as `unknown-key`; `gangplank explain CODE` says more.
    pub code: String,
    /// Whether it stops.
    pub severity: SeverityV1,
    /// Whether the severity can be changed with `-W`, `-E` and `-A`.
    pub lint: bool,
    /// What is wrong: a few words, the same for each of its kind or nearly so.
    pub summary: String,
    /// What was expected and what to do, in sentences; may be empty.
    pub detail: String,
    /// What may be meant, or what to write.
    pub hints: Vec<String>,
    /// The places, the main one first; empty where it is about an argument.
    pub places: Vec<PlaceV1>,
}

/// Whether a problem stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SeverityV1 {
    /// Nothing is done.
    Error,
    /// Worth knowing; nothing stops.
    Warning,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlaceV1 {
    /// The file as it was named; `-` for standard input.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters (Unicode code points), from 1.
    pub column: u32,
    /// How many characters of that line are meant, at least 1; always 1 where a secret may stand.
    pub length: u32,
    /// What is to be said of the place; may be empty.
    pub text: String,
}

impl ProblemsV1 {
    /// Reads them off the diagnostics of a check of so many accounts.
    pub fn new(list: &Diagnostics, sources: &dyn SourceText, accounts: usize) -> Self {
        let problems: Vec<ProblemV1> = list.iter().map(|it| problem(it, sources)).collect();
        let of = |severity| problems.iter().filter(|it| it.severity == severity).count();
        let files: BTreeSet<&str> = problems
            .iter()
            .filter_map(|problem| Some(problem.places.first()?.file.as_str()))
            .collect();
        Self {
            format_version: FORMAT_VERSION.into(),
            counts: CountsV1 {
                errors: of(SeverityV1::Error),
                warnings: of(SeverityV1::Warning),
                files: files.len(),
                accounts,
            },
            problems,
        }
    }
}

fn problem(diagnostic: &Diagnostic, sources: &dyn SourceText) -> ProblemV1 {
    let places = diagnostic.labels.iter().map(|label| place(label, sources));
    ProblemV1 {
        code: diagnostic.code.into(),
        severity: match diagnostic.severity {
            Severity::Error => SeverityV1::Error,
            Severity::Warning => SeverityV1::Warning,
        },
        lint: code::find(diagnostic.code).is_some_and(|known| known.default.is_some()),
        summary: diagnostic.summary.clone(),
        detail: diagnostic.detail.clone(),
        hints: diagnostic.hints.clone(),
        places: places.collect(),
    }
}

/// What is meant ends with its line. Of a line that may hold a secret no more is told than where it
/// begins: how long a secret is, is a part of it.
fn place(label: &Label, sources: &dyn SourceText) -> PlaceV1 {
    let Origin {
        file,
        line,
        column,
        length,
    } = &label.origin;
    let shown = label
        .show_line
        .then(|| sources.part(file, *line, *column, *length));
    let length = shown.flatten().map_or(1, |text| text.chars().count());
    PlaceV1 {
        file: file.to_string(),
        line: *line,
        column: *column,
        length: u32::try_from(length).unwrap_or(u32::MAX).max(1),
        text: label.text.clone(),
    }
}

/// The JSON Schema of [`ProblemsV1`].
pub fn schema() -> serde_json::Value {
    schema_for!(ProblemsV1).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Line(Option<&'static str>);

    impl SourceText for Line {
        fn line(&self, _: &str, _: u32) -> Option<&str> {
            self.0
        }
    }

    #[test]
    fn how_long_a_secret_is_stays_untold() {
        let origin = Origin {
            file: "a.yaml".into(),
            line: 1,
            column: 6,
            length: 32,
        };
        for (line, show_line, length) in [
            (Some("key: visible"), true, 7),
            (Some("key: visible"), false, 1),
            (None, true, 1),
        ] {
            let text = String::new();
            let label = Label {
                origin: origin.clone(),
                text,
                show_line,
            };
            assert_eq!(place(&label, &Line(line)).length, length);
        }
    }
}
