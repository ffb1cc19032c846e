//! Entries to desired state: expressions expanded, values normalised and checked.

mod account;
mod connector;
mod instance;
mod normal;
mod secret;
mod template;

pub(crate) use account::account;
pub(crate) use instance::{choose, instance};

use crate::expression::{Expressions, Scope, is_expression};
use crate::node::Key;
use crate::source::SourceMap;
use gangplank_model::{Diagnostic, Origin, Problems, Sourced};

/// One account's way to desired state.
pub(crate) struct Lowering<'a> {
    pub(crate) sources: &'a SourceMap,
    pub(crate) expressions: &'a Expressions,
    pub(crate) scope: Scope,
    /// Whether all that was written has been read; else a key that is missing may only be broken.
    pub(crate) complete: bool,
    /// Whether this is a profile by itself, whose expressions speak of accounts to come.
    pub(crate) rehearsal: bool,
    pub(crate) problems: &'a mut Problems,
}

impl Lowering<'_> {
    /// Expands the expressions of a text; `None` after telling why not.
    fn text(&mut self, text: &Sourced<String>) -> Option<Sourced<String>> {
        if !is_expression(&text.value) {
            return Some(text.clone());
        }
        match self.expressions.expand(&text.value, &self.scope) {
            Ok(value) => Some(Sourced::new(value, text.origin.clone())),
            Err(_) if self.rehearsal => None,
            Err(error) => {
                let place = self.sources.find(&text.origin, "{{", error.nth);
                let problem = Diagnostic::error("bad-expression", "an expression has no value").at(
                    &place.unwrap_or_else(|| text.origin.clone()),
                    error.reason.clone(),
                );
                self.problems.push(match error.hint {
                    Some(hint) => problem.hint(hint),
                    None => problem,
                });
                None
            }
        }
    }

    /// The same for a text that may be missing.
    fn maybe(&mut self, text: &crate::decode::Field<String>) -> Option<Sourced<String>> {
        self.text(text.0.as_ref()?)
    }

    /// Where an entry of a map stands: key and value, when they are on one line.
    fn entry_origin(key: &Key, value: &Origin) -> Origin {
        let mut origin = key.origin.clone();
        if value.line == origin.line && value.column > origin.column {
            origin.length = value.column - origin.column + value.length;
        }
        origin
    }

    /// A name: not empty, no control characters, no blanks around it.
    fn check_name(&mut self, what: &str, name: &Sourced<String>) -> bool {
        let reason = if name.value.is_empty() {
            "it is empty"
        } else if name.value.chars().any(char::is_control) {
            "it holds a control character"
        } else if name.value.trim() != name.value {
            "it starts or ends with a blank"
        } else {
            return true;
        };
        let summary = format!("{what} that cannot be used");
        self.problems
            .push(Diagnostic::error("bad-name", summary).at(&name.origin, reason));
        false
    }
}
