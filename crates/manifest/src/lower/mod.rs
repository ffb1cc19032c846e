//! Entries to desired state: expressions expanded, values normalised and checked.

mod account;
mod connector;
mod instance;
mod moved;
mod normal;
mod secret;
mod secrets;
mod template;

pub(crate) use account::{Head, Watched, account};
pub(crate) use instance::{choose, instance};
pub(crate) use secret::Places;
pub(crate) use secrets::secrets;

use crate::alike::Folds;
use crate::argument::Uses;
use crate::decode::{Decode, Field};
use crate::entry::{ArgumentType, Typed};
use crate::expression::{Expanded, ExpressionError, Expressions, Scope, is_expression};
use crate::node::{Key, Kind, Node, plain};
use crate::read::Read;
use crate::shared::{Item, Part};
use crate::source::SourceMap;
use gangplank_model::code;
use gangplank_model::{ByName, Diagnostic, Origin, Problems, Sourced};
use minijinja::Value;
use minijinja::value::ValueKind;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

/// Whether what was meant is looked for among many names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hints {
    Sought,
    /// So much was told that nobody will read it.
    Omitted,
}

/// One account's way to desired state.
pub(crate) struct Lowering<'a> {
    pub(crate) sources: &'a SourceMap,
    pub(crate) expressions: &'a Expressions,
    pub(crate) scope: Scope,
    /// Whether all that was written has been read; else a key that is missing may only be broken.
    pub(crate) complete: bool,
    /// Whether this is a profile by itself, whose expressions speak of accounts to come.
    pub(crate) rehearsal: bool,
    /// Whether a secret reference is read, so that no cell of it is shown.
    pub(crate) guarded: bool,
    pub(crate) hints: Hints,
    /// How many expressions were met so far.
    pub(crate) computed: usize,
    /// Labels that accounts have in common.
    pub(crate) labels: BTreeSet<Arc<ByName<String>>>,
    /// Set when the places of references are looked for.
    pub(crate) places: Option<&'a mut Places>,
    /// Set when an account is explained.
    pub(crate) watched: Option<&'a mut Watched>,
    /// What names are compared by.
    pub(crate) folds: HashMap<String, Rc<Folds>>,
    /// Where profiles name arguments.
    pub(crate) uses: &'a Uses,
    pub(crate) problems: &'a mut Problems,
}

impl Lowering<'_> {
    /// Expands the expressions of a text that is needed; `None` after telling why not.
    pub(crate) fn text(&mut self, text: &Sourced<String>) -> Option<Sourced<String>> {
        if !is_expression(&text.value) {
            return Some(text.clone());
        }
        self.computed += 1;
        let expanded = self.expressions.expand(&text.value, &self.scope);
        let Expanded { value, read } = self.told(expanded, &text.origin)?;
        let origin = self.place(read, &text.origin);
        if value.is_none() {
            self.empty(read, &text.origin);
        }
        Some(Sourced::new(value?, origin))
    }

    /// The same for a text that may be left out, as one expression that reads an empty cell is.
    pub(crate) fn optional(&mut self, text: &Sourced<String>) -> Option<Sourced<String>> {
        if !is_expression(&text.value) {
            return Some(text.clone());
        }
        self.computed += 1;
        let expanded = self.expressions.expand(&text.value, &self.scope);
        let Expanded { value, read } = self.told(expanded, &text.origin)?;
        Some(Sourced::new(value?, self.place(read, &text.origin)))
    }

    /// The same for a text that may be missing.
    pub(crate) fn maybe(&mut self, text: &Field<String>) -> Option<Sourced<String>> {
        self.optional(text.0.as_ref()?)
    }

    /// A value of a type, computed where it is an expression: what comes out is read as if it were
    /// written there.
    pub(crate) fn typed<T: Decode + Clone>(
        &mut self,
        field: Option<&Sourced<Typed<T>>>,
    ) -> Option<Sourced<T>> {
        let field = field?;
        match &field.value {
            Typed::Given(value) => Some(Sourced::new(value.clone(), field.origin.clone())),
            Typed::Expression(text) => {
                let node = self.node(&Sourced::new(text.clone(), field.origin.clone()))?;
                let origin = node.origin.clone();
                Some(Sourced::new(T::decode(node, self.problems)?, origin))
            }
        }
    }

    /// What becomes of an entry: made once where it is the same for every account that has it.
    fn shared<T: Part>(
        &mut self,
        item: &Item<T>,
        lower: impl FnOnce(&mut Self, &Sourced<T>) -> Option<T::Spec>,
    ) -> Option<Arc<T::Spec>> {
        let slot = item.lowered.as_ref();
        if let Some(known) = slot.and_then(OnceLock::get) {
            return Some(known.clone());
        }
        let before = (self.computed, self.problems.found());
        let spec = Arc::new(lower(self, &item.entry)?);
        match slot {
            Some(slot) if before == (self.computed, self.problems.found()) => {
                Some(slot.get_or_init(|| spec).clone())
            }
            Some(_) | None => Some(spec),
        }
    }

    /// What an expression gives, as if it were written in its place.
    pub(crate) fn node(&mut self, text: &Sourced<String>) -> Option<Node> {
        self.computed += 1;
        let computed = self.expressions.value(&text.value, &self.scope);
        let Expanded { value, read } = self.told(computed, &text.origin)?;
        let value = value?;
        let origin = self.place(read, &text.origin);
        let row = self.scope.row();
        let whole = match read {
            Some(Read::Cell(cell)) => row.and_then(|row| row.node(cell)),
            Some(Read::Argument(_)) | None => None,
        };
        let many = matches!(value.kind(), ValueKind::Seq | ValueKind::Map);
        // A cell's own list knows where each of its items stands.
        if let Some(node) = whole.filter(|_| many && is_column(&text.value)) {
            return Some(node.clone());
        }
        Some(node_of(&value, &origin))
    }

    /// The cell or the argument that a value was read from, or where the value was written.
    pub(crate) fn place(&self, read: Option<Read>, written: &Origin) -> Origin {
        let place = read.and_then(|read| self.scope.origin(read));
        place.unwrap_or_else(|| written.clone())
    }

    fn told<T>(&mut self, result: Result<T, ExpressionError>, written: &Origin) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(_) if self.rehearsal => None,
            Err(error) if self.scope.is_broken(error.read) => None,
            // One in a profile was told of when the manifest was read.
            Err(error) if error.undeclared.is_some() && self.is_told(&error, written) => None,
            Err(error) => {
                let place = self.sources.find(written, "{{", error.nth);
                // A condition has no braces; the next ones belong to another text.
                let end = written.column.saturating_add(written.length);
                let inside =
                    |it: &Origin| it.line > written.line || it.column < end || written.length == 1;
                let place = place.filter(inside);
                let place = place.unwrap_or_else(|| written.clone());
                let problem = if error.undeclared.is_some() {
                    let summary = "an argument that is not declared";
                    Diagnostic::error(code::UNKNOWN_ARGUMENT, summary)
                } else {
                    Diagnostic::error(code::BAD_EXPRESSION, "an expression has no value")
                };
                let problem = match error.read {
                    Some(_) => self
                        .at_cell(problem, &self.place(error.read, written), &error.reason)
                        .at(&place, "read here"),
                    None => problem.at(&place, error.reason),
                };
                self.problems.push(match error.hint {
                    Some(hint) => problem.hint(hint),
                    None => problem,
                });
                None
            }
        }
    }

    /// Whether an argument that is not declared was told of, or its declaration.
    fn is_told(&self, error: &ExpressionError, written: &Origin) -> bool {
        let broken = |name: &String| !self.complete && self.uses.may_declare(name);
        let unknown = !self.complete && self.scope.has_unknown_profile();
        unknown || self.uses.is_told(written) || error.undeclared.as_ref().is_some_and(broken)
    }

    /// Tells of an empty cell, or an argument without a value, where a value is needed.
    fn empty(&mut self, read: Option<Read>, written: &Origin) {
        if self.rehearsal || self.scope.is_broken(read) {
            return;
        }
        let place = self.place(read, written);
        let problem = if let Some(Read::Argument(_)) = read {
            let summary = "an argument without a value, and its value is needed";
            Diagnostic::error(code::MISSING_ARGUMENT, summary)
                .at(&place, "declared here")
                .hint("give the argument a value or a `default`")
        } else {
            let summary = "a cell is empty, and its value is needed";
            let problem = Diagnostic::error(code::EMPTY_CELL, summary);
            self.at_cell(problem, &place, "nothing stands here")
                .hint("fill the cell, or leave the row out with `where:`")
        };
        self.problems.push(problem.at(written, "needed here"));
    }

    fn at_cell(&self, problem: Diagnostic, cell: &Origin, text: &str) -> Diagnostic {
        if self.guarded {
            problem.at_hidden(cell, text)
        } else {
            problem.at(cell, text)
        }
    }

    /// What the expression of an argument's value gives; `None` after telling why not.
    pub(crate) fn computed_argument(
        &mut self,
        text: &Sourced<String>,
        kind: ArgumentType,
    ) -> Option<Expanded<Value>> {
        if kind != ArgumentType::Text {
            let computed = self.expressions.value(&text.value, &self.scope);
            return self.told(computed, &text.origin);
        }
        let expanded = self.expressions.expand(&text.value, &self.scope);
        let Expanded { value, read } = self.told(expanded, &text.origin)?;
        let value = value.map(Value::from);
        Some(Expanded { value, read })
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
        let (reason, hint) = if name.value.is_empty() {
            ("it is empty", "write a name")
        } else if name.value.chars().any(char::is_control) {
            let hint = "take it away; a name is one line of text";
            ("it holds a control character", hint)
        } else if name.value.trim() != name.value {
            ("it starts or ends with a blank", "take the blank away")
        } else {
            return true;
        };
        let summary = format!("{what} that cannot be used");
        self.problems.push(
            Diagnostic::error(code::BAD_NAME, summary)
                .at(&name.origin, reason)
                .hint(hint),
        );
        false
    }
}

/// A computed value as if it were written. Text is read as a plain scalar is, since every cell of a
/// CSV file is text.
fn node_of(value: &Value, origin: &Origin) -> Node {
    let items = || value.try_iter().into_iter().flatten();
    let kind = match value.kind() {
        ValueKind::Bool => Kind::Bool(value.is_true()),
        ValueKind::Number => Kind::Number(value.to_string()),
        ValueKind::String => plain(value.as_str().unwrap_or_default().trim()),
        ValueKind::None | ValueKind::Undefined => Kind::Null,
        ValueKind::Map => {
            let entries = items().map(|key| {
                let value = value.get_item(&key).unwrap_or_default();
                let text = key.to_string();
                let key = Key {
                    origin: origin.clone(),
                    text,
                };
                (key, node_of(&value, origin))
            });
            Kind::Map(entries.collect())
        }
        _ => Kind::List(items().map(|item| node_of(&item, origin)).collect()),
    };
    let origin = origin.clone();
    Node { origin, kind }
}

/// Whether an expression is a column and nothing else.
fn is_column(text: &str) -> bool {
    let inside = text.trim_start_matches('{').trim_end_matches('}').trim();
    inside
        .strip_prefix("row")
        .is_some_and(|column| !column.contains(['|', '+', '~', '(', ',', ' ']))
}
