//! Problems as SARIF 2.1.0, for code scanning.
//!
//! `[section]` names what the specification says there.

use super::words::lines;
use crate::escape;
use crate::json::pretty;
use gangplank_model::code::{self, Known, Level};
use gangplank_model::file::problems_v1::{PlaceV1, ProblemV1, ProblemsV1, SeverityV1};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt;

/// What stands raw in the path of a URI.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// The program that found the problems.
#[derive(Clone, Copy)]
pub struct Tool<'a> {
    /// Its version.
    pub version: &'a str,
    /// The page of a code, in Markdown.
    pub page: &'a dyn Fn(&str) -> Option<&'a str>,
}

impl fmt::Debug for Tool<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tool")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// One run with its rules and results. What is about the arguments, and so has no place, is a
/// notification about the tool's configuration [3.20.20]: a result without a place is refused by those
/// who show results beside code.
pub fn diagnostics_sarif(problems: &ProblemsV1, tool: Tool<'_>) -> String {
    let (placed, others): (Vec<&ProblemV1>, Vec<&ProblemV1>) = problems
        .problems
        .iter()
        .partition(|problem| !problem.places.is_empty());
    let rules = codes(&placed);
    let kinds = codes(&others);
    let mut times = BTreeMap::new();
    let results = placed.iter().map(|problem| {
        let nth = times.entry(identity(problem)).or_insert(0_usize);
        *nth += 1;
        result(problem, rules[problem.code.as_str()], *nth)
    });
    let results: Vec<Value> = results.collect();
    let told: Vec<Value> = others
        .iter()
        .map(|problem| {
            json!({
                "descriptor": { "id": problem.code, "index": kinds[problem.code.as_str()] },
                "level": level(problem.severity),
                "message": { "text": message(problem) },
            })
        })
        .collect();
    let failed = others.iter().any(|it| it.severity == SeverityV1::Error);
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "gangplank",
                "version": tool.version,
                "semanticVersion": tool.version,
                "rules": rules.keys().map(|code| rule(code, tool)).collect::<Vec<_>>(),
                "notifications": kinds.keys().map(|code| rule(code, tool)).collect::<Vec<_>>(),
            } },
            "invocations": [{
                "executionSuccessful": !failed,
                "toolConfigurationNotifications": told,
            }],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "%SRCROOT%": {
                "description": { "text": "The folder in which gangplank ran." },
            } },
            "results": results,
        }],
    }))
}

/// The codes that occur, each with its index.
fn codes<'a>(problems: &[&'a ProblemV1]) -> BTreeMap<&'a str, usize> {
    let mut codes: BTreeMap<&str, usize> =
        problems.iter().map(|it| (it.code.as_str(), 0)).collect();
    for (index, place) in codes.values_mut().enumerate() {
        *place = index;
    }
    codes
}

fn level(severity: SeverityV1) -> &'static str {
    match severity {
        SeverityV1::Error => "error",
        SeverityV1::Warning => "warning",
    }
}

fn rule(code: &str, tool: Tool<'_>) -> Value {
    let known = code::find(code);
    let default = match known.and_then(|known| known.default) {
        None | Some(Level::Error) => json!({ "level": "error" }),
        Some(Level::Warn) => json!({ "level": "warning" }),
        Some(Level::Allow) => json!({ "level": "warning", "enabled": false }),
    };
    let mut rule = json!({
        "id": code,
        "defaultConfiguration": default,
        // No `helpUri`: it is an absolute URI [3.49.12], and the pages come with the program.
        "properties": { "page": format!("docs/problems/{code}.md") },
    });
    if let Some(Known { summary, .. }) = known {
        rule["shortDescription"] = json!({ "text": sentence(summary) });
    }
    if let Some(page) = (tool.page)(code) {
        rule["help"] = json!({ "text": page, "markdown": page });
    }
    rule
}

/// With a capital and a full stop, as descriptions are.
fn sentence(summary: &str) -> String {
    let mut letters = summary.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

fn result(problem: &ProblemV1, index: usize, nth: usize) -> Value {
    let mut places = problem.places.iter();
    let main: Vec<Value> = places.by_ref().take(1).map(location).collect();
    let related: Vec<Value> = places
        .enumerate()
        .map(|(index, place)| {
            let mut location = location(place);
            location["id"] = json!(index);
            location
        })
        .collect();
    let mut result = json!({
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": level(problem.severity),
        "message": { "text": message(problem) },
        "locations": main,
        "partialFingerprints": { "gangplankProblem/v1": fingerprint(problem, nth) },
    });
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    result
}

fn location(place: &PlaceV1) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": artifact(&place.file),
            "region": {
                "startLine": place.line,
                "startColumn": place.column,
                "endColumn": place.column.saturating_add(place.length),
            },
        },
    });
    if !place.text.is_empty() {
        location["message"] = json!({ "text": plain(&escape::line(&place.text)) });
    }
    location
}

/// Where a file is: below the folder in which the command ran, or anywhere.
fn artifact(file: &str) -> Value {
    let mut path = file;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    let path = utf8_percent_encode(path, PATH).to_string();
    if path.starts_with('/') {
        json!({ "uri": format!("file://{path}") })
    } else {
        json!({ "uri": path, "uriBaseId": "%SRCROOT%" })
    }
}

fn message(problem: &ProblemV1) -> String {
    plain(&lines(problem).join("\n"))
}

/// A `[text](target)` in a message is a link [3.11.6], which foreign text must not make.
fn plain(text: &str) -> String {
    if text.contains("](") {
        text.replace('\\', "\\\\")
            .replace('[', "\\[")
            .replace(']', "\\]")
    } else {
        text.to_owned()
    }
}

/// What stays of a problem while lines above it come and go.
fn identity(problem: &ProblemV1) -> (&str, &str, &str, &str) {
    let file = problem.places.first().map_or("", |place| &place.file);
    (&problem.code, file, &problem.summary, &problem.detail)
}

fn fingerprint(problem: &ProblemV1, nth: usize) -> String {
    let digest = Sha256::digest(format!("{:?} {nth}", identity(problem)));
    digest
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
