//! `{{ ... }}`: expressions over an account, its arguments, its row and its instance, never over secrets.

mod evaluate;
mod kinds;
mod scope;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use evaluate::{Expanded, ExpressionError, Expressions};
pub(crate) use scope::{Scope, UNKNOWN_PROFILE};
pub(crate) use text::{is_expression, outside_expressions};
