//! Problems as a `JUnit` report: a suite a file, a failed case an error.

use super::words::lines;
use crate::escape;
use gangplank_model::file::problems_v1::{PlaceV1, ProblemV1, ProblemsV1, SeverityV1};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// The suite of what is about the arguments.
const ARGUMENTS: &str = "arguments";

/// A suite for each file: its errors as failed cases; where it has none, one case that passed and holds
/// the warnings as its output. `files` are all that were read.
pub fn diagnostics_junit<'a>(
    problems: &'a ProblemsV1,
    files: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut report = Report::new("gangplank validate");
    let mut names: Vec<&str> = files.into_iter().collect();
    names.extend(problems.problems.iter().map(home));
    // In the order in which they were read; each once.
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    for name in names {
        let own = || problems.problems.iter().filter(|it| home(it) == name);
        report.add_test_suite(suite(name, own().collect()));
    }
    let text = report.to_string();
    text.expect("names and numbers can be written into a text")
}

/// The file that a problem points at first.
fn home(problem: &ProblemV1) -> &str {
    let first = problem.places.first();
    first.map_or(ARGUMENTS, |place| place.file.as_str())
}

fn suite(name: &str, problems: Vec<&ProblemV1>) -> TestSuite {
    let name = escape::line(name);
    let mut suite = TestSuite::new(name.as_str());
    let (errors, warnings): (Vec<_>, Vec<_>) = problems
        .into_iter()
        .partition(|problem| problem.severity == SeverityV1::Error);
    let mut cases: Vec<TestCase> = errors.into_iter().map(failed).collect();
    if cases.is_empty() {
        cases.push(TestCase::new("valid", TestCaseStatus::success()));
    }
    if !warnings.is_empty() {
        let told = warnings.into_iter().map(|warning| {
            format!(
                "warning[{}]{}\n{}\n",
                warning.code,
                at(warning),
                said(warning)
            )
        });
        suite.set_system_out(told.collect::<Vec<_>>().join("\n"));
    }
    for mut case in cases {
        case.set_classname(name.as_str());
        suite.add_test_case(case);
    }
    suite
}

fn failed(problem: &ProblemV1) -> TestCase {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status
        .set_type(problem.code.as_str())
        .set_message(escape::line(&problem.summary))
        .set_description(said(problem));
    TestCase::new(format!("{}{}", problem.code, at(problem)), status)
}

fn at(problem: &ProblemV1) -> String {
    let place = problem.places.first();
    let told = |PlaceV1 { line, column, .. }: &PlaceV1| format!(" at line {line}, column {column}");
    place.map(told).unwrap_or_default()
}

fn said(problem: &ProblemV1) -> String {
    lines(problem).join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::text::tests::{Nowhere, hostile};

    #[test]
    fn a_file_is_a_suite_and_an_error_a_failed_case() {
        let problems = ProblemsV1::new(&hostile(), &Nowhere, 0);
        let text = diagnostics_junit(&problems, ["good.yaml", "a:b,c%.yaml"]);
        for expected in [
            r#"<testsuites name="gangplank validate" tests="3" skipped="0" failures="1" errors="0">"#,
            r#"<testsuite name="good.yaml" tests="1" skipped="0" errors="0" failures="0">"#,
            r#"<testcase name="valid" classname="good.yaml"/>"#,
            r#"<testcase name="unknown-key at line 3, column 7" classname="a:b,c%.yaml">"#,
            r#"<failure message="unknown key \n::stop-commands::x" type="unknown-key">"#,
            r#"<testsuite name="arguments" tests="1" skipped="0" errors="0" failures="0">"#,
            "warning[url-scheme]",
        ] {
            assert!(text.contains(expected), "no {expected} in\n{text}");
        }
        let is_legal = |c: char| c == '\n' || (!c.is_control() && c < '\u{fffe}');
        assert!(text.chars().all(is_legal), "{text}");
        let read = Report::deserialize_from_str(&text).unwrap();
        assert_eq!((read.tests, read.failures), (3, 1));
    }
}
