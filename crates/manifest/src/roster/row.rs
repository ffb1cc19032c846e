//! One row of a roster: its cells by column, each with its place in the file.

use crate::node::{Key, Kind, Node};
use crate::read::Reads;
use gangplank_model::Origin;
use minijinja::Value;
use minijinja::value::Object;
use std::collections::HashMap;
use std::sync::Arc;

/// The columns of a file: the header of a CSV file, or every key of the others.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    names: Vec<Box<str>>,
    index: HashMap<Box<str>, usize>,
}

impl Columns {
    /// Adds a column; returns the place of the one that was there before.
    pub(crate) fn add(&mut self, name: &str) -> Option<usize> {
        if let Some(known) = self.find(name) {
            return Some(known);
        }
        self.index.insert(name.into(), self.names.len());
        self.names.push(name.into());
        None
    }

    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    pub(crate) fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter().map(|name| &**name)
    }
}

/// What stands in a column.
#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) length: u32,
    /// Undefined where the cell is empty.
    pub(crate) value: Value,
    /// Lists and maps as they were written, for keys that take a list.
    pub(crate) node: Option<Node>,
}

/// One row. Expressions read it as `row`; it remembers which cells they read.
#[derive(Debug)]
pub(crate) struct Row {
    file: Arc<str>,
    columns: Arc<Columns>,
    cells: Vec<Cell>,
    start: (u32, u32),
    pub(crate) reads: Reads,
}

impl Row {
    pub(crate) fn new(origin: &Origin, columns: Arc<Columns>, cells: Vec<Cell>) -> Self {
        Self {
            file: origin.file.clone(),
            columns,
            cells,
            start: (origin.line, origin.column),
            reads: Reads::default(),
        }
    }

    /// A row of a file whose rows are maps. Keys that are no columns are left out.
    pub(crate) fn of_map(
        origin: &Origin,
        columns: Arc<Columns>,
        entries: Vec<(Key, Node)>,
    ) -> Self {
        let absent = |_| Cell {
            line: origin.line,
            column: origin.column,
            length: 1,
            value: Value::UNDEFINED,
            node: None,
        };
        let mut cells: Vec<Cell> = (0..columns.names.len()).map(absent).collect();
        for (key, node) in entries {
            let Some(cell) = columns.find(&key.text).and_then(|at| cells.get_mut(at)) else {
                continue;
            };
            let value = value_of(&node);
            let many = matches!(node.kind, Kind::List(_) | Kind::Map(_));
            *cell = Cell {
                line: node.origin.line,
                column: node.origin.column,
                length: node.origin.length,
                value,
                node: many.then_some(node),
            };
        }
        Self::new(origin, columns, cells)
    }

    /// Where the row starts.
    pub(crate) fn origin(&self) -> Origin {
        Origin {
            file: self.file.clone(),
            line: self.start.0,
            column: self.start.1,
            length: 1,
        }
    }

    /// Where a cell starts.
    pub(crate) fn cell_origin(&self, at: usize) -> Origin {
        match self.cells.get(at) {
            Some(cell) => Origin {
                file: self.file.clone(),
                line: cell.line,
                column: cell.column,
                length: cell.length.max(1),
            },
            None => self.origin(),
        }
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(crate) fn name_of(&self, at: usize) -> &str {
        self.columns.names.get(at).map_or("", |name| name)
    }

    /// A cell's list or map.
    pub(crate) fn node(&self, at: usize) -> Option<&Node> {
        self.cells.get(at)?.node.as_ref()
    }

    /// A cell's value by its column, noted as read; undefined where it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<Value> {
        let at = self.columns.find(name)?;
        let value = self.cells.get(at)?.value.clone();
        self.reads.note(at, value.is_undefined());
        Some(value)
    }

    /// Whether no cell holds anything.
    pub(crate) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.value.is_undefined())
    }
}

impl Object for Row {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.get(key)
    }
}

/// A value for expressions. A number that would be told differently stays as it was written.
fn value_of(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::UNDEFINED,
        Kind::Bool(flag) => Value::from(*flag),
        Kind::Number(text) => {
            let whole = text.parse::<i64>().ok().map(Value::from);
            let number = whole.or_else(|| text.parse::<f64>().ok().map(Value::from));
            number
                .filter(|number| number.to_string() == *text)
                .unwrap_or_else(|| Value::from(text.as_str()))
        }
        Kind::Text(text) => Value::from(text.as_str()),
        Kind::List(items) => items.iter().map(value_of).collect(),
        Kind::Map(entries) => {
            let pairs = entries
                .iter()
                .map(|(key, node)| (key.text.as_str(), value_of(node)));
            Value::from_pairs(pairs)
        }
    }
}
