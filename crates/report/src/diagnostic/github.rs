//! Problems as workflow commands of GitHub Actions, which become annotations in a pull request.

use super::words::{count, lines};
use crate::escape;
use gangplank_model::file::problems_v1::{ProblemV1, ProblemsV1, SeverityV1};
use std::fmt::Write as _;

/// One command a problem, and a last line that counts them. Nothing in them can begin a command of its
/// own, since no line break gets through.
pub fn diagnostics_github(problems: &ProblemsV1) -> String {
    let mut text: String = problems.problems.iter().map(command).collect();
    if !problems.problems.is_empty() {
        text.push_str(&count(&problems.counts));
        text.push('\n');
    }
    text
}

fn command(problem: &ProblemV1) -> String {
    let name = match problem.severity {
        SeverityV1::Error => "error",
        SeverityV1::Warning => "warning",
    };
    let mut command = format!("::{name} ");
    if let Some(place) = problem.places.first() {
        let (file, line, column) = (property(&place.file), place.line, place.column);
        let end = column.saturating_add(place.length);
        write!(
            command,
            "file={file},line={line},endLine={line},col={column},endColumn={end},"
        )
        .expect("a String takes all");
    }
    let message = data(&lines(problem).join("\n"));
    write!(command, "title={}::{message}", property(&problem.code)).expect("a String takes all");
    command.push('\n');
    command
}

/// Escapes a message, as the runner reads it.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// Escapes the value of a property, in which the signs that end it are escaped too.
fn property(text: &str) -> String {
    data(&escape::line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::text::tests::{Nowhere, hostile};

    #[test]
    fn every_line_is_one_command_of_ours() {
        let problems = ProblemsV1::new(&hostile(), &Nowhere, 0);
        let text = diagnostics_github(&problems);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert_eq!(
            lines[0],
            "::error file=a%3Ab%2Cc%25.yaml,line=3,endLine=3,col=7,endColumn=8,title=unknown-key::\
             unknown key \\n::stop-commands::x%0A100%25 \\r\\n::add-mask::x%0A\
             first here: b.yaml:1:2%0ATwo %25lines\\n##[error]no.%0Ahint: \\u{1b}[2J"
        );
        assert!(lines[1].starts_with("::warning title=url-scheme::"));
        assert_eq!(lines[2], "1 problem and 1 warning in 1 file");
    }

    #[test]
    fn nothing_is_said_of_nothing() {
        let none = gangplank_model::Diagnostics::default();
        assert_eq!(diagnostics_github(&ProblemsV1::new(&none, &Nowhere, 3)), "");
    }
}
