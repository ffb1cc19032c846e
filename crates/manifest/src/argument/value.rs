//! The values of one account's arguments.

use super::declared::Declarations;
use crate::entry::{ArgumentType, ArgumentValue};
use crate::node::{Kind, plain};
use crate::read::Reads;
use gangplank_model::Origin;
use minijinja::Value;
use minijinja::value::{Object, ValueKind};
use std::sync::Arc;

/// The value of one argument.
#[derive(Debug, Default)]
pub(super) struct Slot {
    /// Undefined where none was given.
    pub(super) value: Value,
    pub(super) origin: Option<Origin>,
    /// Whether it was told that there is none, so that what follows from it is not.
    pub(super) broken: bool,
}

/// What expressions read as `argument`. It remembers which were read.
#[derive(Debug)]
pub(crate) struct Arguments {
    pub(crate) declarations: Arc<Declarations>,
    /// One for each declaration.
    values: Vec<Slot>,
    pub(crate) reads: Reads,
}

impl Arguments {
    pub(super) fn new(declarations: Arc<Declarations>, values: Vec<Slot>) -> Self {
        Self {
            declarations,
            values,
            reads: Reads::default(),
        }
    }

    /// Where a value was given, or where it was declared.
    pub(crate) fn origin(&self, at: usize) -> Option<Origin> {
        let given = self.values.get(at).and_then(|slot| slot.origin.clone());
        given.or_else(|| Some(self.declarations.list.get(at)?.origin.clone()))
    }

    /// Each argument with its value, undefined where it has none, and where that was given.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, &Value, Option<&Origin>)> {
        let slots = self.declarations.list.iter().zip(&self.values);
        slots.map(|(declared, slot)| (&*declared.name, &slot.value, slot.origin.as_ref()))
    }

    /// Whether it was told that there is no value.
    pub(crate) fn is_broken(&self, at: usize) -> bool {
        self.values.get(at).is_some_and(|slot| slot.broken)
    }

    fn get(&self, name: &str) -> Option<Value> {
        let at = self.declarations.find(name)?;
        let value = &self.values.get(at)?.value;
        self.reads.note(at, value.is_undefined());
        Some(value.clone())
    }
}

impl Object for Arguments {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.get(key)
    }
}

/// A value that was written out, as its type has it; `None` where it is of another type.
pub(super) fn parse(value: &ArgumentValue, kind: ArgumentType) -> Option<Value> {
    match (kind, value) {
        (ArgumentType::Text, ArgumentValue::Text(text)) => Some(Value::from(text.as_str())),
        (ArgumentType::Number, ArgumentValue::Number(text)) => number(text),
        (ArgumentType::Boolean, ArgumentValue::Boolean(flag)) => Some(Value::from(*flag)),
        (ArgumentType::Text | ArgumentType::Number | ArgumentType::Boolean, _) => None,
    }
}

/// A value that an expression gave. All cells of a CSV file are text, so text is read as a plain
/// scalar is; and what a text is made of may be a number in a JSON file.
pub(super) fn computed(value: &Value, kind: ArgumentType) -> Option<Value> {
    let text = value.as_str();
    match (kind, value.kind()) {
        (ArgumentType::Text, ValueKind::String)
        | (ArgumentType::Number, ValueKind::Number)
        | (ArgumentType::Boolean, ValueKind::Bool) => Some(value.clone()),
        (ArgumentType::Text, ValueKind::Number | ValueKind::Bool) => {
            Some(Value::from(value.to_string().to_lowercase()))
        }
        (ArgumentType::Number, ValueKind::String) => number(text?.trim()),
        (ArgumentType::Boolean, ValueKind::String) => match plain(text?.trim()) {
            Kind::Bool(flag) => Some(Value::from(flag)),
            _ => None,
        },
        (ArgumentType::Text | ArgumentType::Number | ArgumentType::Boolean, _) => None,
    }
}

fn number(text: &str) -> Option<Value> {
    if !matches!(plain(text), Kind::Number(_)) {
        return None;
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    let number = text.parse::<f64>().ok()?;
    number.is_finite().then(|| Value::from(number))
}
