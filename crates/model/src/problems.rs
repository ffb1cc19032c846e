//! The problems of a pass, each told once, and the lines that must not be shown.

use crate::code;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::origin::Origin;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Collects diagnostics. Ten thousand accounts that share a profile share its mistake, which is
/// told once.
#[derive(Debug, Default)]
pub struct Problems {
    list: Diagnostics,
    told: BTreeSet<(&'static str, Option<Origin>, String)>,
    hidden: BTreeSet<(Arc<str>, u32)>,
    found: usize,
    /// How bad the worst of those is that are not told, with its place.
    untold: Option<(Severity, Option<Origin>)>,
}

/// How many problems are told: nobody reads more, and a file can have one for each of its bytes.
const MOST: usize = 1000;

impl Problems {
    /// Adds one, unless the same was said of the same place.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found += 1;
        let place = diagnostic.labels.first().map(|label| label.origin.clone());
        if self.is_full() {
            if self.knows(&diagnostic) {
                return;
            }
            let severity = diagnostic.severity;
            if self
                .untold
                .as_ref()
                .is_none_or(|(worst, _)| *worst < severity)
            {
                self.untold = Some((severity, place));
            }
            return;
        }
        if self
            .told
            .insert((diagnostic.code, place, diagnostic.summary.clone()))
        {
            self.list.push(diagnostic);
        }
    }

    /// Whether the same was said of the same place.
    pub fn knows(&self, diagnostic: &Diagnostic) -> bool {
        let place = diagnostic.labels.first().map(|label| label.origin.clone());
        let told = (diagnostic.code, place, diagnostic.summary.clone());
        self.told.contains(&told)
    }

    /// Whether nothing more is told, so that nothing has to be found out for a message.
    pub fn is_full(&self) -> bool {
        self.told.len() >= MOST
    }

    /// How many were found, the repeated ones too.
    pub fn found(&self) -> usize {
        self.found
    }

    /// Remembers a line that must not be shown, since a secret stands on it.
    pub fn hide(&mut self, origin: &Origin) {
        self.hidden.insert((origin.file.clone(), origin.line));
    }

    /// The lines that were hidden, by file.
    pub fn hidden(&self) -> &BTreeSet<(Arc<str>, u32)> {
        &self.hidden
    }

    /// The messages in the order of their places. None shows a line that was hidden meanwhile.
    pub fn finish(mut self) -> Diagnostics {
        if let Some((severity, place)) = self.untold {
            let problem = match severity {
                Severity::Error => {
                    Diagnostic::error(code::MORE_PROBLEMS, "more problems than are told")
                }
                Severity::Warning => {
                    Diagnostic::warning(code::MORE_WARNINGS, "more warnings than are told")
                }
            };
            let problem = problem
                .detail(format!("{MOST} are told."))
                .hint("mend these first, and run it again");
            self.list.push(match place {
                Some(place) => problem.at(&place, "the first that is not told"),
                None => problem,
            });
        }
        if !self.hidden.is_empty() {
            let hidden = &self.hidden;
            self.list
                .hide(|origin| hidden.contains(&(origin.file.clone(), origin.line)));
        }
        self.list.sort();
        self.list
    }
}
