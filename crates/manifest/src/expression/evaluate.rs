//! Texts with expressions: compiled once, evaluated for each account.

use super::scope::{Scope, column_name};
use super::text::{end_of, parts};
use minijinja::value::ValueKind;
use minijinja::{Environment, ErrorKind, Expression, UndefinedBehavior, Value};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;

/// Steps of one expression; an honest one takes tens.
const FUEL: u64 = 20_000;
/// The longest text that an expression may make, in bytes.
const LONGEST: usize = 64 * 1024;

/// Words and signs in one expression; an honest one has twenty. The parser below recurses for each
/// of `((`, `--` and `not not`, so this bounds how deep it goes.
const MOST_PARTS: usize = 256;

/// Texts that are kept compiled: those of profiles and rosters, which every account asks for.
const MOST_KEPT: usize = 4096;

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment
});

/// Evaluates expressions; each text is compiled once.
#[derive(Debug, Default)]
pub(crate) struct Expressions {
    kept: RefCell<HashMap<String, Rc<Compiled>>>,
}

/// A text with expressions, ready to be evaluated as often as there are rows.
#[derive(Debug)]
struct Compiled {
    parts: Vec<Part>,
    /// What is wrong with the text after these parts.
    fault: Option<ExpressionError>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    /// `row.column`, which needs no evaluation.
    Column(String),
    Expression(Expression<'static, 'static>),
}

/// What became of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expanded<T> {
    /// `None` where the text is one expression that reads an empty cell.
    pub(crate) value: Option<T>,
    /// The first cell of the row that was read.
    pub(crate) cell: Option<usize>,
}

/// What is wrong with an expression, and with which of the text's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExpressionError {
    /// From 0.
    pub(crate) nth: usize,
    pub(crate) reason: String,
    pub(crate) hint: Option<String>,
    /// The cell of the row without which it would be right.
    pub(crate) cell: Option<usize>,
}

impl ExpressionError {
    fn new(nth: usize, reason: impl Into<String>) -> Self {
        Self {
            nth,
            reason: reason.into(),
            hint: None,
            cell: None,
        }
    }

    fn hint(self, hint: impl Into<String>) -> Self {
        Self {
            hint: Some(hint.into()),
            ..self
        }
    }
}

impl Expressions {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Replaces every expression of a text by its value.
    pub(crate) fn expand(
        &self,
        text: &str,
        scope: &Scope,
    ) -> Result<Expanded<String>, ExpressionError> {
        let compiled = self.compiled(text);
        let mut expanded = String::with_capacity(text.len());
        let mut first = None;
        let mut nth = 0;
        let only = compiled.parts.len() == 1 && compiled.fault.is_none();
        for part in &compiled.parts {
            if let Part::Text(text) = part {
                expanded.push_str(text);
                continue;
            }
            let Expanded { value, cell } = evaluate(part, nth, scope)?;
            first = first.or(cell);
            match value {
                Some(value) => push(&mut expanded, &value).map_err(|reason| ExpressionError {
                    cell,
                    ..ExpressionError::new(nth, reason)
                })?,
                None if only => {
                    return Ok(Expanded {
                        value: None,
                        cell: first,
                    });
                }
                None => return Err(empty_inside(nth, scope)),
            }
            if expanded.len() > LONGEST {
                let reason = format!("the text grows beyond {LONGEST} bytes");
                return Err(ExpressionError::new(nth, reason));
            }
            nth += 1;
        }
        match &compiled.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(Expanded {
                value: Some(expanded),
                cell: first,
            }),
        }
    }

    /// The value of a text that is one expression.
    pub(crate) fn value(
        &self,
        text: &str,
        scope: &Scope,
    ) -> Result<Expanded<Value>, ExpressionError> {
        let compiled = self.compiled(text);
        if let Some(fault) = &compiled.fault {
            return Err(fault.clone());
        }
        match compiled.parts.as_slice() {
            [only @ (Part::Column(_) | Part::Expression(_))] => evaluate(only, 0, scope),
            _ => Err(ExpressionError::new(0, "one expression is expected here")
                .hint("write one `{{ ... }}` and nothing around it")),
        }
    }

    fn compiled(&self, text: &str) -> Rc<Compiled> {
        if let Some(known) = self.kept.borrow().get(text) {
            return known.clone();
        }
        let compiled = Rc::new(compile(text));
        let mut kept = self.kept.borrow_mut();
        if kept.len() < MOST_KEPT {
            kept.insert(text.to_owned(), compiled.clone());
        }
        compiled
    }
}

fn compile(text: &str) -> Compiled {
    let mut parts = Vec::new();
    let mut fault = None;
    let mut rest = text;
    if text.len() > LONGEST {
        let reason = format!("a text with expressions has at most {LONGEST} bytes");
        fault = Some(ExpressionError::new(0, reason));
        rest = "";
    }
    for nth in 0.. {
        let Some(start) = rest.find("{{") else {
            break;
        };
        if start > 0 {
            parts.push(Part::Text(rest[..start].to_owned()));
        }
        let inside = &rest[start + 2..];
        match compile_one(inside, nth) {
            Ok((part, length)) => {
                parts.push(part);
                rest = &inside[length..];
            }
            Err(error) => {
                fault = Some(error);
                rest = "";
            }
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Compiled { parts, fault }
}

/// Compiles what follows `{{`, and says where the text goes on.
fn compile_one(inside: &str, nth: usize) -> Result<(Part, usize), ExpressionError> {
    let Some(end) = end_of(inside) else {
        return Err(ExpressionError::new(nth, "`{{` has no `}}`"));
    };
    let source = inside[..end].trim();
    if source.is_empty() {
        return Err(ExpressionError::new(nth, "the expression is empty")
            .hint("write what it stands for, such as {{ account.id }}"));
    }
    if parts(source) > MOST_PARTS {
        let reason = format!("an expression has at most {MOST_PARTS} words and signs");
        return Err(ExpressionError::new(nth, reason)
            .hint("compute it before, and write down what comes out"));
    }
    if let Some(column) = source.strip_prefix("row.")
        && column_name(column) == source
    {
        return Ok((Part::Column(column.to_owned()), end + 2));
    }
    match ENVIRONMENT.compile_expression_owned(source.to_owned()) {
        Ok(expression) => Ok((Part::Expression(expression), end + 2)),
        Err(error) => Err(ExpressionError::new(nth, told(&error))),
    }
}

fn told(error: &minijinja::Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

fn evaluate(part: &Part, nth: usize, scope: &Scope) -> Result<Expanded<Value>, ExpressionError> {
    let row = scope.row();
    if let Some(row) = row {
        row.forget();
    }
    let value = match part {
        Part::Text(text) => Ok(Value::from(text.as_str())),
        Part::Column(column) => {
            let value = row.and_then(|row| row.get(column));
            Ok(value.unwrap_or(Value::UNDEFINED))
        }
        Part::Expression(expression) => expression.eval(scope.value()),
    };
    let cell = row.and_then(|row| row.read());
    let undefined = match &value {
        Ok(value) => value.is_undefined(),
        Err(error) => error.kind() == ErrorKind::UndefinedError,
    };
    if undefined {
        if let Some(empty) = row.and_then(|row| row.empty()) {
            return Ok(Expanded {
                value: None,
                cell: Some(empty),
            });
        }
        let used = match part {
            Part::Column(column) => vec![format!("row.{column}")],
            Part::Expression(expression) => {
                expression.undeclared_variables(true).into_iter().collect()
            }
            Part::Text(_) => Vec::new(),
        };
        return Err(
            ExpressionError::new(nth, "it speaks of something that is not there")
                .hint(scope.hint(used.iter().map(String::as_str))),
        );
    }
    match value {
        Ok(value) => Ok(Expanded {
            value: Some(value),
            cell,
        }),
        Err(error) => Err(ExpressionError {
            cell,
            ..ExpressionError::new(nth, told(&error))
        }),
    }
}

/// An empty cell in the middle of a text, which cannot be left out.
fn empty_inside(nth: usize, scope: &Scope) -> ExpressionError {
    let row = scope.row();
    let cell = row.and_then(|row| row.empty());
    let name = cell.and_then(|cell| Some(column_name(row?.name_of(cell))));
    let name = name.unwrap_or_else(|| "row".to_owned());
    ExpressionError {
        cell,
        ..ExpressionError::new(nth, "the cell is empty, and there is text around it").hint(format!(
            "write `{{{{ {name} | default('') }}}}` where nothing will do"
        ))
    }
}

/// Puts a value behind a text.
fn push(text: &mut String, value: &Value) -> Result<(), String> {
    if let Some(value) = value.as_str() {
        text.push_str(value);
        return Ok(());
    }
    if value.is_none() || value.try_iter().is_ok() {
        return Err(format!("its value is {}, not text", value.kind()));
    }
    // YAML's words, not Python's.
    match bool::try_from(value.clone()) {
        Ok(flag) if value.kind() == ValueKind::Bool => {
            text.push_str(if flag { "true" } else { "false" });
        }
        Ok(_) | Err(_) => text.push_str(&value.to_string()),
    }
    Ok(())
}
