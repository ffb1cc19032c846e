//! Texts with expressions: compiled once, evaluated for each account.

use super::kinds::{Use, misuse, uses};
use super::scope::{Scope, column_name};
use super::text::{end_of, parts};
use crate::read::Read;
use gangplank_model::suggest::{did_you_mean, listed};
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
    /// The arguments that it names, each with which of the text's expressions names it.
    arguments: Vec<(usize, String)>,
    /// What is wrong with the text after these parts.
    fault: Option<ExpressionError>,
}

#[derive(Debug)]
enum Part {
    Text(String),
    /// `row.column`, which needs no evaluation.
    Column(String),
    Expression(Expression<'static, 'static>, Vec<Use>),
}

/// What became of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expanded<T> {
    /// `None` where the text is one expression that reads an empty cell, or an argument without a
    /// value.
    pub(crate) value: Option<T>,
    /// The first cell or argument that was read.
    pub(crate) read: Option<Read>,
}

/// What is wrong with an expression, and with which of the text's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExpressionError {
    /// From 0.
    pub(crate) nth: usize,
    pub(crate) reason: String,
    pub(crate) hint: Option<String>,
    /// The cell or the argument without which it would be right.
    pub(crate) read: Option<Read>,
    /// The argument that it names and that is not declared.
    pub(crate) undeclared: Option<String>,
}

impl ExpressionError {
    fn new(nth: usize, reason: impl Into<String>) -> Self {
        Self {
            nth,
            reason: reason.into(),
            hint: None,
            read: None,
            undeclared: None,
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
        check_arguments(&compiled, scope)?;
        let mut expanded = String::with_capacity(text.len());
        let mut first = None;
        let mut nth = 0;
        let only = compiled.parts.len() == 1 && compiled.fault.is_none();
        for part in &compiled.parts {
            if let Part::Text(text) = part {
                expanded.push_str(text);
                continue;
            }
            let Expanded { value, read } = evaluate(part, nth, scope)?;
            first = first.or(read);
            match value {
                Some(value) => {
                    push(&mut expanded, &value).map_err(|(reason, hint)| ExpressionError {
                        read,
                        ..ExpressionError::new(nth, reason).hint(hint)
                    })?;
                }
                None if only => {
                    return Ok(Expanded {
                        value: None,
                        read: first,
                    });
                }
                None => return Err(empty_inside(nth, scope)),
            }
            if expanded.len() > LONGEST {
                let reason = format!("the text grows beyond {LONGEST} bytes");
                return Err(
                    ExpressionError::new(nth, reason).hint("write less, or compute it before")
                );
            }
            nth += 1;
        }
        match &compiled.fault {
            Some(fault) => Err(fault.clone()),
            None => Ok(Expanded {
                value: Some(expanded),
                read: first,
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
        check_arguments(&compiled, scope)?;
        match compiled.parts.as_slice() {
            [only @ (Part::Column(_) | Part::Expression(..))] => evaluate(only, 0, scope),
            _ => Err(ExpressionError::new(0, "one expression is expected here")
                .hint("write one `{{ ... }}` and nothing around it")),
        }
    }

    /// The arguments that a text names, each with which of its expressions names it.
    pub(crate) fn arguments(&self, text: &str) -> Vec<(usize, String)> {
        self.compiled(text).arguments.clone()
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
    let arguments = named_arguments(&parts);
    Compiled {
        parts,
        arguments,
        fault,
    }
}

fn named_arguments(parts: &[Part]) -> Vec<(usize, String)> {
    let expressions = parts.iter().filter(|part| !matches!(part, Part::Text(_)));
    let mut arguments = Vec::new();
    for (nth, part) in expressions.enumerate() {
        let Part::Expression(expression, _) = part else {
            continue;
        };
        let mut names: Vec<String> = expression
            .undeclared_variables(true)
            .iter()
            .filter_map(|name| name.strip_prefix("argument."))
            .map(|name| name.split('.').next().unwrap_or_default().to_owned())
            .collect();
        names.sort();
        arguments.extend(names.into_iter().map(|name| (nth, name)));
    }
    arguments
}

/// An argument that is not declared, even where `default` would hide that.
fn check_arguments(compiled: &Compiled, scope: &Scope) -> Result<(), ExpressionError> {
    let mut named = compiled.arguments.iter();
    match named.find(|(_, name)| !scope.declares(name)) {
        None => Ok(()),
        Some((nth, name)) => Err(undeclared(*nth, name, &scope.undeclared(name))),
    }
}

/// What is said of an argument that is not declared.
fn undeclared(nth: usize, name: &str, hint: &str) -> ExpressionError {
    let error = ExpressionError::new(nth, "no argument of this name").hint(hint);
    ExpressionError {
        undeclared: Some(name.to_owned()),
        ..error
    }
}

/// Compiles what follows `{{`, and says where the text goes on.
fn compile_one(inside: &str, nth: usize) -> Result<(Part, usize), ExpressionError> {
    let Some(end) = end_of(inside) else {
        return Err(ExpressionError::new(nth, "`{{` has no `}}`")
            .hint("close it; a quote inside of it is closed first"));
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
        Ok(expression) => {
            let uses = uses(source, &ENVIRONMENT);
            Ok((Part::Expression(expression, uses), end + 2))
        }
        Err(error) => {
            let (reason, hint) = told(&error);
            let fault = ExpressionError::new(nth, reason);
            Err(if source.contains(" = ") {
                fault.hint("`==` compares: row.status == 'live'")
            } else {
                fault.hint(hint)
            })
        }
    }
}

/// What the engine says, in the words of the language, and what to do.
fn told(error: &minijinja::Error) -> (String, String) {
    let detail = error.detail().unwrap_or_default();
    let named = detail
        .split_whitespace()
        .find(|word| !matches!(*word, "filter" | "test" | "function"));
    let named = named.unwrap_or("this");
    match error.kind() {
        ErrorKind::UnknownFilter => {
            let hint = did_you_mean(named, FILTERS);
            let hint = hint.unwrap_or_else(|| format!("there are {}", listed(FILTERS)));
            (format!("there is no filter `{named}`"), hint)
        }
        ErrorKind::UnknownFunction => {
            let hint = "an expression reads `account`, `row` and `instance`; it cannot read files or the environment";
            (format!("there is no function `{named}`"), hint.to_owned())
        }
        ErrorKind::UnknownTest => (
            format!("there is no test `{named}`"),
            "compare with `==` instead".to_owned(),
        ),
        ErrorKind::OutOfFuel => (
            "it takes too many steps".to_owned(),
            format!(
                "an expression has {FUEL} steps; compute it before, and write down what comes out"
            ),
        ),
        ErrorKind::SyntaxError => {
            let detail = detail.replace("end of variable block", "`}}`");
            (format!("it cannot be read: {detail}"), SYNTAX.to_owned())
        }
        kind => {
            let reason = if detail.is_empty() {
                kind.to_string()
            } else {
                detail.to_owned()
            };
            (reason, "look at the kinds of its values: text is joined with `~`, numbers are counted with".to_owned())
        }
    }
}

const SYNTAX: &str = "write a name such as `account.id`, perhaps with a filter: `account.id | upper`; a comparison has two `=`";

/// The filters that are of use on text and numbers, to choose from.
const FILTERS: [&str; 14] = [
    "upper",
    "lower",
    "title",
    "capitalize",
    "trim",
    "replace",
    "default",
    "join",
    "split",
    "first",
    "last",
    "length",
    "int",
    "round",
];

fn evaluate(part: &Part, nth: usize, scope: &Scope) -> Result<Expanded<Value>, ExpressionError> {
    let row = scope.row();
    if let Part::Expression(_, uses) = part
        && let Some((reason, hint)) = misuse(uses, scope)
    {
        return Err(ExpressionError {
            read: scope.first_read(),
            ..ExpressionError::new(nth, reason).hint(hint)
        });
    }
    scope.forget();
    let value = match part {
        Part::Text(text) => Ok(Value::from(text.as_str())),
        Part::Column(column) => {
            let value = row.and_then(|row| row.get(column));
            Ok(value.unwrap_or(Value::UNDEFINED))
        }
        Part::Expression(expression, _) => expression.eval(scope.value()),
    };
    let read = scope.first_read();
    let undefined = match &value {
        Ok(value) => value.is_undefined(),
        Err(error) => error.kind() == ErrorKind::UndefinedError,
    };
    if undefined {
        if let Some(empty) = scope.empty_read() {
            return Ok(Expanded {
                value: None,
                read: Some(empty),
            });
        }
        let used = match part {
            Part::Column(column) => vec![format!("row.{column}")],
            Part::Expression(expression, _) => {
                expression.undeclared_variables(true).into_iter().collect()
            }
            Part::Text(_) => Vec::new(),
        };
        let used = || used.iter().map(String::as_str);
        return Err(ExpressionError::new(nth, scope.missing(used())).hint(scope.hint(used())));
    }
    match value {
        Ok(value) => Ok(Expanded {
            value: Some(value),
            read,
        }),
        Err(error) => {
            let (reason, hint) = told(&error);
            Err(ExpressionError {
                read,
                ..ExpressionError::new(nth, reason).hint(hint)
            })
        }
    }
}

/// An empty cell, or an argument without a value, in the middle of a text: it cannot be left out.
fn empty_inside(nth: usize, scope: &Scope) -> ExpressionError {
    let read = scope.empty_read();
    let name = read.map_or_else(|| "row".to_owned(), |read| scope.name_of(read));
    let reason = match read {
        Some(Read::Argument(_)) => "the argument has no value, and there is text around it",
        Some(Read::Cell(_)) | None => "the cell is empty, and there is text around it",
    };
    ExpressionError {
        read,
        ..ExpressionError::new(nth, reason).hint(format!(
            "write `{{{{ {name} | default('') }}}}` where nothing will do"
        ))
    }
}

/// Puts a value behind a text.
fn push(text: &mut String, value: &Value) -> Result<(), (String, &'static str)> {
    if let Some(value) = value.as_str() {
        text.push_str(value);
        return Ok(());
    }
    if value.is_none() || value.try_iter().is_ok() {
        let (found, hint) = match value.kind() {
            ValueKind::Map => ("a map", "name one of its keys, such as `account.id`"),
            ValueKind::None => (
                "nothing",
                "write what is to stand there, or leave the key out",
            ),
            _ => ("a list", "join it: `{{ row.tags | join(', ') }}`"),
        };
        return Err((format!("its value is {found}, not text"), hint));
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
