//! Diagnostics for people: the place, the line, what was expected, and what to do.

use crate::escape;
use crate::options::TextOptions;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
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
    text.push_str(&count(list));
    text.push('\n');
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

/// `3 problems in 2 files`; warnings are counted apart.
fn count(list: &Diagnostics) -> String {
    let of = |severity| {
        list.iter()
            .filter(move |diagnostic| diagnostic.severity == severity)
    };
    let (errors, warnings) = (of(Severity::Error).count(), of(Severity::Warning).count());
    let files: BTreeSet<&str> = list
        .iter()
        .filter_map(|diagnostic| diagnostic.labels.first())
        .map(|label| &*label.origin.file)
        .collect();
    let plural = |number: usize, word: &str| {
        format!("{number} {word}{}", if number == 1 { "" } else { "s" })
    };
    let mut parts = Vec::new();
    if errors > 0 {
        parts.push(plural(errors, "problem"));
    }
    if warnings > 0 {
        parts.push(plural(warnings, "warning"));
    }
    let place = if files.is_empty() {
        String::new()
    } else {
        format!(" in {}", plural(files.len(), "file"))
    };
    let end = if errors > 0 {
        "; nothing was written"
    } else {
        ""
    };
    format!("{}{place}{end}", parts.join(" and "))
}
