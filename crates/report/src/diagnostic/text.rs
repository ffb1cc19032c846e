//! Diagnostics for people: the place, the line, what was expected, and what to do.

use super::words;
use crate::escape;
use crate::options::TextOptions;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use gangplank_model::file::problems_v1::ProblemsV1;
use gangplank_model::{Diagnostic, Diagnostics, Label, Severity, SourceText};
use std::collections::BTreeSet;

/// Draws all diagnostics, and a last line that counts them.
pub fn diagnostics(list: &Diagnostics, sources: &dyn SourceText, options: &TextOptions) -> String {
    let renderer = if options.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer.term_width(options.width);
    let mut text = String::new();
    for diagnostic in list.iter() {
        text.push_str(&renderer.render(&[group(diagnostic, sources)]));
        text.push_str("\n\n");
    }
    text.push_str(&end(list, sources));
    text
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &dyn SourceText) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level
        .primary_title(escape::line(&diagnostic.summary))
        .id(diagnostic.code);
    let mut group = Group::with_title(title);
    for (index, label) in diagnostic.labels.iter().enumerate() {
        group = place(group, label, index == 0, sources);
    }
    if let Some(note) = kept_back(diagnostic, sources) {
        group = group.element(Level::NOTE.no_name().message(note));
    }
    if !diagnostic.detail.is_empty() {
        group = group.element(
            Level::NOTE
                .no_name()
                .message(escape::line(&diagnostic.detail)),
        );
    }
    for hint in &diagnostic.hints {
        group = group.element(Level::HELP.with_name("hint").message(escape::line(hint)));
    }
    group
}

/// Why lines are not shown, said once for all of them.
fn kept_back(diagnostic: &Diagnostic, sources: &dyn SourceText) -> Option<&'static str> {
    let lines: BTreeSet<(&str, u32)> = diagnostic
        .labels
        .iter()
        .filter(|label| {
            let Label { origin, .. } = label;
            !label.show_line || sources.keeps_back(&origin.file, origin.line)
        })
        .map(|label| (&*label.origin.file, label.origin.line))
        .collect();
    match lines.len() {
        0 => None,
        1 if diagnostic.labels.len() == 1 => Some("the line is not shown: it may hold a secret"),
        1 => Some("a line is not shown: it may hold a secret"),
        _ => Some("lines are not shown: they may hold a secret"),
    }
}

/// Shows one line, or no more than where it is.
fn place<'a>(group: Group<'a>, label: &Label, main: bool, sources: &dyn SourceText) -> Group<'a> {
    let origin = &label.origin;
    let file = escape::line(&origin.file);
    let line = if label.show_line {
        sources.line(&origin.file, origin.line)
    } else {
        None
    };
    let Some(line) = line else {
        let place = Origin::path(file)
            .line(origin.line as usize)
            .char_column(origin.column as usize);
        let group = group.element(place);
        return if label.text.is_empty() {
            group
        } else {
            group.element(Level::NOTE.no_name().message(escape::line(&label.text)))
        };
    };
    let line = escape::source(line);
    let kind = if main {
        AnnotationKind::Primary
    } else {
        AnnotationKind::Context
    };
    let start = byte_of(&line, origin.column.saturating_sub(1));
    let end = byte_of(
        &line,
        origin
            .column
            .saturating_sub(1)
            .saturating_add(origin.length.max(1)),
    );
    let mut annotation = kind.span(start..end);
    if !label.text.is_empty() {
        annotation = annotation.label(escape::line(&label.text));
    }
    group.element(
        Snippet::source(line)
            .line_start(origin.line as usize)
            .path(file)
            .annotation(annotation),
    )
}

/// Where a character begins, or the end of the line.
fn byte_of(line: &str, character: u32) -> usize {
    line.char_indices()
        .nth(character as usize)
        .map_or(line.len(), |(index, _)| index)
}

/// What they are in all, and how to read more of one of the worst.
fn end(list: &Diagnostics, sources: &dyn SourceText) -> String {
    let counts = ProblemsV1::new(list, sources, 0).counts;
    let nothing = if counts.errors > 0 {
        "; nothing was written"
    } else {
        ""
    };
    let worst = list
        .iter()
        .max_by_key(|it| (it.severity, std::cmp::Reverse(it.code)));
    let first = worst.map_or("--list", |diagnostic| diagnostic.code);
    let others = if list.iter().any(|diagnostic| diagnostic.code != first) {
        ", or any other code in brackets"
    } else {
        ""
    };
    format!(
        "{}{nothing}\nhelp: gangplank explain {first}{others}\n",
        words::count(&counts)
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use gangplank_model::{Origin, code};

    /// No file at all.
    pub(in crate::diagnostic) struct Nowhere;

    impl SourceText for Nowhere {
        fn line(&self, _: &str, _: u32) -> Option<&str> {
            None
        }
    }

    fn origin(file: &str, line: u32, column: u32, length: u32) -> Origin {
        Origin {
            file: file.into(),
            line,
            column,
            length,
        }
    }

    /// An error and a warning that try to be more than text.
    pub(in crate::diagnostic) fn hostile() -> Diagnostics {
        let mut list = Diagnostics::default();
        list.push(
            Diagnostic::error(code::UNKNOWN_KEY, "unknown key \n::stop-commands::x")
                .at(&origin("a:b,c%.yaml", 3, 7, 4), "100% \r\n::add-mask::x")
                .at(&origin("b.yaml", 1, 2, 1), "first here")
                .detail("Two %lines\n##[error]no.")
                .hint("\u{1b}[2J"),
        );
        list.push(Diagnostic::warning(
            code::URL_SCHEME,
            "a [link](https://x.test)",
        ));
        list
    }

    /// One file of one line, and that is kept back.
    struct Kept;

    impl SourceText for Kept {
        fn line(&self, _: &str, _: u32) -> Option<&str> {
            None
        }

        fn keeps_back(&self, file: &str, line: u32) -> bool {
            (file, line) == ("m.yaml", 1)
        }
    }

    #[test]
    fn a_problem_says_once_why_lines_are_not_shown() {
        let error = || Diagnostic::error(code::UNKNOWN_KEY, "unknown key");
        let at = |line| origin("m.yaml", line, 1, 1);
        for (problem, expected) in [
            (error().at(&at(2), ""), None),
            (error().at_hidden(&at(2), ""), Some("the line is not shown")),
            (error().at(&at(1), ""), Some("the line is not shown")),
            (
                error().at(&at(2), "").at(&at(1), ""),
                Some("a line is not shown"),
            ),
            (
                error().at_hidden(&at(2), "").at(&at(1), ""),
                Some("lines are not shown"),
            ),
        ] {
            let mut list = Diagnostics::default();
            list.push(problem);
            let text = diagnostics(&list, &Kept, &TextOptions::default());
            let told = text.matches("not shown").count();
            assert_eq!(told, usize::from(expected.is_some()), "{text}");
            assert!(text.contains(expected.unwrap_or_default()), "{text}");
        }
    }

    #[test]
    fn the_last_line_says_where_there_is_more() {
        for (list, expected) in [
            (
                hostile(),
                "1 problem and 1 warning in 1 file; nothing was written\n\
                 help: gangplank explain unknown-key, or any other code in brackets\n",
            ),
            (
                hostile().into_iter().skip(1).fold(
                    Diagnostics::default(),
                    |mut list, diagnostic| {
                        list.push(diagnostic);
                        list
                    },
                ),
                "1 warning\nhelp: gangplank explain url-scheme\n",
            ),
        ] {
            let text = diagnostics(&list, &Nowhere, &TextOptions::default());
            assert!(text.ends_with(expected), "{text}");
        }
    }
}
