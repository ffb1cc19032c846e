//! What an expression takes as a condition and what it compares: text is neither by chance.
//!
//! A cell of a CSV file is text, and to the engine any text but the empty one is true, `false` too; and
//! things of different kinds compare, by their kinds. Both would choose the wrong customers in silence.

use super::scope::Scope;
use minijinja::machinery::ast::{BinOpKind, CallArg, CompareOpKind, Expr, UnaryOpKind};
use minijinja::machinery::parse_expr;
use minijinja::value::ValueKind;
use minijinja::{Environment, Expression};

/// Filters whose result is text, and those whose result is a number.
const TEXT: [&str; 7] = [
    "upper",
    "lower",
    "title",
    "capitalize",
    "trim",
    "replace",
    "join",
];
const NUMBER: [&str; 5] = ["int", "float", "length", "round", "abs"];

/// One place of an expression at which the kind of a value matters.
#[derive(Debug)]
pub(super) enum Use {
    /// It decides.
    Condition(Side),
    /// They are compared with each other.
    Compared(Side, Side),
}

/// One value.
#[derive(Debug)]
pub(super) enum Side {
    /// What a name stands for, and the name.
    Named(String, Box<Expression<'static, 'static>>),
    /// A value whose kind is known, in the words of the expression.
    Known(ValueKind, String),
}

/// A use that goes wrong: why, and what to write instead.
pub(super) type Misuse = (String, String);

/// Finds every such place of an expression that can be read.
pub(super) fn uses(source: &str, environment: &'static Environment<'static>) -> Vec<Use> {
    let mut search = Search {
        environment,
        found: Vec::new(),
    };
    if let Ok(expression) = parse_expr(source) {
        search.walk(&expression);
    }
    search.found
}

/// The first use that goes wrong for these values.
pub(super) fn misuse(uses: &[Use], scope: &Scope) -> Option<Misuse> {
    uses.iter().find_map(|one| {
        scope.forget();
        match one {
            Use::Condition(side) => {
                let (ValueKind::String, words) = side.kind(scope)? else {
                    return None;
                };
                let reason = format!("{words} is text, and text is no condition");
                Some((reason, format!("compare it: {words} == 'true'")))
            }
            Use::Compared(left, right) => {
                let (left, right) = (left.kind(scope)?, right.kind(scope)?);
                different(&left, &right)
            }
        }
    })
}

/// Why two values do not compare.
fn different(left: &(ValueKind, &str), right: &(ValueKind, &str)) -> Option<Misuse> {
    let (first, second) = (plain(left.0)?, plain(right.0)?);
    if first == second {
        return None;
    }
    let reason = format!(
        "{} is {first} and {} is {second}: they do not compare",
        left.1, right.1
    );
    let (text, other) = if left.0 == ValueKind::String {
        (left, right)
    } else {
        (right, left)
    };
    let hint = match (text.0, other.0) {
        (ValueKind::String, ValueKind::Number) => format!("make a number of it: {} | int", text.1),
        (ValueKind::String, _) => format!("compare with text: {} == 'true'", text.1),
        _ => "compare what is of one kind".to_owned(),
    };
    Some((reason, hint))
}

fn plain(kind: ValueKind) -> Option<&'static str> {
    match kind {
        ValueKind::String => Some("text"),
        ValueKind::Number => Some("a number"),
        ValueKind::Bool => Some("true or false"),
        _ => None,
    }
}

impl Side {
    /// The kind of the value, if there is one, and its words.
    fn kind(&self, scope: &Scope) -> Option<(ValueKind, &str)> {
        match self {
            Self::Known(kind, words) => Some((*kind, words)),
            Self::Named(name, expression) => {
                let value = expression.eval(scope.value()).ok()?;
                Some((value.kind(), name))
            }
        }
    }
}

struct Search {
    environment: &'static Environment<'static>,
    found: Vec<Use>,
}

impl Search {
    fn walk(&mut self, expression: &Expr<'_>) {
        match expression {
            Expr::Var(_) | Expr::Const(_) => {}
            Expr::IfExpr(one) => {
                self.condition(&one.test_expr);
                self.walk(&one.test_expr);
                self.walk(&one.true_expr);
                one.false_expr.iter().for_each(|it| self.walk(it));
            }
            Expr::UnaryOp(one) => {
                if let UnaryOpKind::Not = one.op {
                    self.condition(&one.expr);
                }
                self.walk(&one.expr);
            }
            Expr::BinOp(one) => {
                match one.op {
                    BinOpKind::ScAnd | BinOpKind::ScOr => {
                        self.condition(&one.left);
                        self.condition(&one.right);
                    }
                    BinOpKind::Eq
                    | BinOpKind::Ne
                    | BinOpKind::Lt
                    | BinOpKind::Lte
                    | BinOpKind::Gt
                    | BinOpKind::Gte => self.compared(&one.left, &one.right),
                    _ => {}
                }
                self.walk(&one.left);
                self.walk(&one.right);
            }
            Expr::Compare(one) => {
                let mut left = &one.expr;
                self.walk(left);
                for next in &one.ops {
                    if !matches!(next.op, CompareOpKind::In | CompareOpKind::NotIn) {
                        self.compared(left, &next.expr);
                    }
                    left = &next.expr;
                    self.walk(left);
                }
            }
            Expr::Filter(one) => {
                one.expr.iter().for_each(|it| self.walk(it));
                self.arguments(&one.args);
            }
            Expr::Test(one) => {
                self.walk(&one.expr);
                self.arguments(&one.args);
            }
            Expr::Call(one) => {
                self.walk(&one.expr);
                self.arguments(&one.args);
            }
            Expr::GetAttr(one) => self.walk(&one.expr),
            Expr::GetItem(one) => {
                self.walk(&one.expr);
                self.walk(&one.subscript_expr);
            }
            Expr::Slice(one) => self.walk(&one.expr),
            Expr::List(one) => one.items.iter().for_each(|it| self.walk(it)),
            Expr::Tuple(one) => one.items.iter().for_each(|it| self.walk(it)),
            Expr::Map(one) => one.values.iter().for_each(|it| self.walk(it)),
        }
    }

    fn arguments(&mut self, arguments: &[CallArg<'_>]) {
        for argument in arguments {
            match argument {
                CallArg::Pos(it)
                | CallArg::Kwarg(_, it)
                | CallArg::PosSplat(it)
                | CallArg::KwargSplat(it) => self.walk(it),
            }
        }
    }

    fn condition(&mut self, expression: &Expr<'_>) {
        if let Expr::IfExpr(one) = expression {
            self.condition(&one.true_expr);
            one.false_expr.iter().for_each(|it| self.condition(it));
        } else if let Some(side) = self.side(expression) {
            self.found.push(Use::Condition(side));
        }
    }

    fn compared(&mut self, left: &Expr<'_>, right: &Expr<'_>) {
        if let (Some(left), Some(right)) = (self.side(left), self.side(right)) {
            self.found.push(Use::Compared(left, right));
        }
    }

    /// A name, a constant, or what a filter makes; nothing else has a kind that can be foreseen.
    fn side(&self, expression: &Expr<'_>) -> Option<Side> {
        match expression {
            Expr::Const(one) => Some(Side::Known(one.value.kind(), words(&one.value))),
            Expr::Filter(one) => {
                let words = || format!("what `{}` makes", one.name);
                if TEXT.contains(&one.name) {
                    Some(Side::Known(ValueKind::String, words()))
                } else if NUMBER.contains(&one.name) {
                    Some(Side::Known(ValueKind::Number, words()))
                } else if one.name == "default" {
                    self.side(one.expr.as_ref()?)
                } else {
                    None
                }
            }
            Expr::BinOp(one) if matches!(one.op, BinOpKind::Concat) => {
                Some(Side::Known(ValueKind::String, "what `~` joins".to_owned()))
            }
            Expr::Var(_) | Expr::GetAttr(_) | Expr::GetItem(_) => {
                let name = path(expression)?;
                let compiled = self.environment.compile_expression_owned(name.clone());
                Some(Side::Named(name, Box::new(compiled.ok()?)))
            }
            _ => None,
        }
    }
}

/// A constant as it is written.
fn words(value: &minijinja::Value) -> String {
    match value.as_str() {
        Some(text) => format!("{text:?}"),
        None => value.to_string(),
    }
}

/// A name with its parts, such as `row['Live since']`.
fn path(expression: &Expr<'_>) -> Option<String> {
    match expression {
        Expr::Var(one) => Some(one.id.to_owned()),
        Expr::GetAttr(one) => Some(format!("{}.{}", path(&one.expr)?, one.name)),
        Expr::GetItem(one) => {
            let Expr::Const(key) = &one.subscript_expr else {
                return None;
            };
            let key = match key.value.as_str() {
                Some(text) => format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
                None => key.value.to_string(),
            };
            Some(format!("{}[{key}]", path(&one.expr)?))
        }
        _ => None,
    }
}
