//! Lints: what has a meaning, and is likely not what was meant.
//!
//! They look at the entries as they were written, before profiles and rows are expanded, so that they cost
//! the same for ten customers and for ten thousand of a roster. One file a subject.

mod account;
mod connector;
mod credential;
mod layer;
mod profile;
mod template;

use crate::merge::Merged;
use gangplank_model::code::{self, Level, Lint};
use gangplank_model::{Diagnostic, Diagnostics, Levels, Origin, Problems};
use layer::Layers;
use std::collections::BTreeMap;

/// How often one lint is told.
const MOST: usize = 100;

/// Goes over all that was written.
pub(crate) fn lints(merged: &Merged, levels: &Levels) -> Diagnostics {
    let layers = Layers::new(merged);
    let mut found = Found::new(levels);
    profile::lint(merged, &layers, &mut found);
    account::lint(merged, &layers, &mut found);
    credential::lint(&layers, &mut found);
    connector::lint(&layers, &mut found);
    template::lint(&layers, &mut found);
    found.finish()
}

/// What was found, of each lint no more than is read.
struct Found<'a> {
    levels: &'a Levels,
    problems: Problems,
    told: BTreeMap<&'static str, usize>,
    more: usize,
    place: Option<Origin>,
}

impl<'a> Found<'a> {
    fn new(levels: &'a Levels) -> Self {
        Self {
            levels,
            problems: Problems::default(),
            told: BTreeMap::new(),
            more: 0,
            place: None,
        }
    }

    /// Whether anybody wants to hear of it.
    fn wants(&self, lint: Lint) -> bool {
        let known = code::find(lint.name());
        known.is_none_or(|known| self.levels.of(known) > Level::Allow)
    }

    fn push(&mut self, problem: Diagnostic) {
        if self.problems.knows(&problem) {
            return;
        }
        let told = self.told.entry(problem.code).or_default();
        if *told < MOST {
            *told += 1;
            self.problems.push(problem);
            return;
        }
        self.more += 1;
        if self.place.is_none() {
            self.place = problem.labels.first().map(|label| label.origin.clone());
        }
    }

    fn finish(mut self) -> Diagnostics {
        if let Some(place) = &self.place {
            let s = if self.more == 1 { "" } else { "s" };
            let summary = format!("{} more warning{s} of the same kinds", self.more);
            self.problems.push(
                Diagnostic::warning(code::MORE_WARNINGS, summary)
                    .at(place, "the first of them")
                    .detail(format!("The first {MOST} of each are told.")),
            );
        }
        self.problems.finish()
    }
}
