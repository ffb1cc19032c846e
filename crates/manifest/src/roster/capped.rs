//! A hundred problems of rosters are told; the rest is counted.

use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin, Problems, Severity};

/// How many problems are told.
const MOST: usize = 100;

/// Counts what was told.
#[derive(Debug, Default)]
pub(crate) struct Capped {
    told: usize,
    more: usize,
    /// The place of the first error that is not told, or else of the first warning.
    place: Option<(Severity, Option<Origin>)>,
}

impl Capped {
    /// Whether nothing more is told.
    pub(crate) fn is_full(&self) -> bool {
        self.told >= MOST
    }

    /// Tells a problem, unless there were too many.
    pub(crate) fn push(&mut self, problem: &Diagnostic, into: &mut Problems) {
        if into.knows(problem) {
            return;
        }
        if !self.is_full() {
            self.told += 1;
            into.push(problem.clone());
            return;
        }
        self.more += 1;
        let worse = self
            .place
            .as_ref()
            .is_none_or(|(severity, _)| *severity < problem.severity);
        if worse {
            let place = problem.labels.first().map(|label| label.origin.clone());
            self.place = Some((problem.severity, place));
        }
    }

    /// Tells all the problems of a row.
    pub(crate) fn merge(&mut self, row: Problems, into: &mut Problems) {
        if row.found() == 0 {
            return;
        }
        for problem in row.finish().iter() {
            self.push(problem, into);
        }
    }

    /// Tells how many were not told.
    pub(crate) fn finish(self, into: &mut Problems) {
        let Some((severity, place)) = self.place else {
            return;
        };
        let s = if self.more == 1 { "" } else { "s" };
        let summary = format!("{} more problem{s} in rosters", self.more);
        let problem = match severity {
            Severity::Error => Diagnostic::error(code::MORE_PROBLEMS, summary),
            Severity::Warning => Diagnostic::warning(code::MORE_WARNINGS, summary),
        };
        let problem = problem.detail(format!("The first {MOST} are told."));
        into.push(match place {
            Some(place) => problem.at(&place, "the first of them"),
            None => problem,
        });
    }
}
