//! Sentences that several formats share.

use crate::escape;
use gangplank_model::file::problems_v1::{CountsV1, PlaceV1, ProblemV1};

/// What a problem says, line by line: what is wrong, what is said of its places, why, what to do. Fit to
/// be shown.
pub(super) fn lines(problem: &ProblemV1) -> Vec<String> {
    let mut lines = vec![escape::line(&problem.summary)];
    let mut places = problem.places.iter();
    if let Some(main) = places.next().filter(|main| !main.text.is_empty()) {
        lines.push(escape::line(&main.text));
    }
    lines.extend(places.map(|place| {
        let text = if place.text.is_empty() {
            "see also"
        } else {
            &place.text
        };
        escape::line(&format!("{text}: {}", position(place)))
    }));
    if !problem.detail.is_empty() {
        lines.push(escape::line(&problem.detail));
    }
    let hints = problem.hints.iter();
    lines.extend(hints.map(|hint| format!("hint: {}", escape::line(hint))));
    lines
}

/// `acme.yaml:3:9`.
pub(super) fn position(place: &PlaceV1) -> String {
    let PlaceV1 {
        file, line, column, ..
    } = place;
    format!("{file}:{line}:{column}")
}

/// `3 problems and 1 warning in 2 files`; nothing of what there is none of.
pub(super) fn count(counts: &CountsV1) -> String {
    let CountsV1 {
        errors,
        warnings,
        files,
        ..
    } = *counts;
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
    let place = if files == 0 {
        String::new()
    } else {
        format!(" in {}", plural(files, "file"))
    };
    format!("{}{place}", parts.join(" and "))
}
