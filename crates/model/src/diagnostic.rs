//! Diagnostics: every message to a person about input.

use crate::code::{Code, Lint};
use crate::origin::Origin;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing stops.
    Warning,
    /// Nothing is done.
    Error,
}

/// A place that a diagnostic points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub origin: Origin,
    /// What is to be said of it; may be empty.
    pub text: String,
    /// Whether the line may be shown. Never where a secret may stand on it.
    pub show_line: bool,
}

/// One message: what is wrong, why, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// A stable code of [`crate::code`]: `unknown-key`.
    pub code: &'static str,
    /// Lower case, no final dot.
    pub summary: String,
    /// What was expected and what to do, in sentences; may be empty.
    pub detail: String,
    /// The places, the main one first.
    pub labels: Vec<Label>,
    /// Printed last, each as `hint: ...`.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// Starts an error.
    pub fn error(code: Code, summary: impl Into<String>) -> Self {
        Self::new(Severity::Error, code.name(), summary)
    }

    /// Starts a warning, which can be made an error or left out by those who run the command.
    pub fn warning(code: Lint, summary: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code.name(), summary)
    }

    fn new(severity: Severity, code: &'static str, summary: impl Into<String>) -> Self {
        Self {
            severity,
            code,
            summary: summary.into(),
            detail: String::new(),
            labels: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Adds the sentences.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Points at a place whose line may be shown.
    #[must_use]
    pub fn at(mut self, origin: &Origin, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            origin: origin.clone(),
            text: text.into(),
            show_line: true,
        });
        self
    }

    /// Points at a place whose line must not be shown, since a secret may stand on it.
    #[must_use]
    pub fn at_hidden(mut self, origin: &Origin, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            origin: origin.clone(),
            text: text.into(),
            show_line: false,
        });
        self
    }

    /// Adds a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// All the messages of a pass, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of another pass.
    pub fn extend(&mut self, others: Self) {
        self.list.extend(others.list);
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Lets no message show a line of these places.
    pub(crate) fn hide(&mut self, is_hidden: impl Fn(&Origin) -> bool) {
        let labels = self.list.iter_mut().flat_map(|it| &mut it.labels);
        for label in labels.filter(|label| is_hidden(&label.origin)) {
            label.show_line = false;
        }
    }

    /// Sorts by the first place, errors and warnings together; those without a place come last.
    pub fn sort(&mut self) {
        self.list.sort_by(|a, b| {
            let place = |d: &Diagnostic| d.labels.first().map(|label| label.origin.clone());
            let (a, b) = (place(a), place(b));
            a.is_none().cmp(&b.is_none()).then(a.cmp(&b))
        });
    }

    /// Goes through them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}
