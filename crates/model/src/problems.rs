//! The problems of a pass, each told once, and the lines that must not be shown.

use crate::diagnostic::{Diagnostic, Diagnostics};
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
}

impl Problems {
    /// Adds one, unless the same was said of the same place.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found += 1;
        let place = diagnostic.labels.first().map(|label| label.origin.clone());
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
        if !self.hidden.is_empty() {
            let hidden = &self.hidden;
            self.list
                .hide(|origin| hidden.contains(&(origin.file.clone(), origin.line)));
        }
        self.list.sort();
        self.list
    }
}
