//! What expressions may speak of.

use crate::roster::Row;
use gangplank_model::ByName;
use gangplank_model::suggest::{did_you_mean, listed};
use minijinja::Value;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The account, the instance, and the row that the account is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    account: BTreeMap<&'static str, Value>,
    instance: Value,
    row: Option<Arc<Row>>,
    /// All of it, once an expression needs it.
    all: OnceCell<Value>,
}

impl Scope {
    pub(crate) fn new(account: &str, instance: &Value) -> Self {
        let mut scope = Self {
            instance: instance.clone(),
            ..Self::default()
        };
        scope.id(account);
        scope
    }

    /// The scope of a row whose account has no id yet.
    pub(crate) fn of_row(row: Row, instance: &Value) -> Self {
        Self {
            instance: instance.clone(),
            row: Some(Arc::new(row)),
            ..Self::default()
        }
    }

    pub(crate) fn id(&mut self, id: &str) {
        self.set("id", Value::from(id));
    }

    pub(crate) fn labels(&mut self, labels: &ByName<String>) {
        let pairs = labels
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()));
        self.set("labels", Value::from_pairs(pairs));
    }

    pub(crate) fn name(&mut self, name: &str) {
        self.set("name", Value::from(name));
    }

    fn set(&mut self, key: &'static str, value: Value) {
        self.account.insert(key, value);
        self.all = OnceCell::new();
    }

    pub(crate) fn row(&self) -> Option<&Arc<Row>> {
        self.row.as_ref()
    }

    pub(crate) fn value(&self) -> Value {
        let make = || {
            let account = self.account.iter();
            let account = Value::from_pairs(account.map(|(key, value)| (*key, value.clone())));
            let mut roots = vec![("account", account), ("instance", self.instance.clone())];
            roots.extend(
                self.row
                    .as_ref()
                    .map(|row| ("row", Value::from_dyn_object(row.clone()))),
            );
            Value::from_pairs(roots)
        };
        self.all.get_or_init(make).clone()
    }

    /// Every name that can be used.
    fn names(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for (key, value) in &self.account {
            match value.try_iter() {
                Ok(labels) if *key == "labels" => {
                    names.extend(labels.map(|label| format!("account.{key}.{label}")));
                }
                Ok(_) | Err(_) => {
                    names.insert(format!("account.{key}"));
                }
            }
        }
        let instance = self.instance.try_iter().into_iter().flatten();
        names.extend(instance.map(|key| format!("instance.{key}")));
        let columns = self.row.iter().flat_map(|row| row.columns().names());
        names.extend(columns.map(column_name));
        names
    }

    /// What to write instead of names that are not there.
    pub(crate) fn hint<'a>(&self, used: impl Iterator<Item = &'a str>) -> String {
        let names = self.names();
        let names = || names.iter().map(String::as_str);
        let wrong: Vec<&str> = used
            .filter(|used| !names().any(|name| name.starts_with(used)))
            .collect();
        let nearest = wrong
            .iter()
            .filter_map(|wrong| did_you_mean(wrong, names()));
        if let Some(hint) = nearest.min() {
            return hint;
        }
        let of_row = wrong.iter().any(|wrong| wrong.starts_with("row."));
        match &self.row {
            Some(row) if of_row => {
                let columns = listed(row.columns().names());
                format!("the columns are {columns}")
            }
            Some(_) | None => format!("there are {}", listed(names())),
        }
    }
}

/// How an expression names a column.
pub(crate) fn column_name(column: &str) -> String {
    let start = column
        .chars()
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if start && column.chars().all(plain) {
        format!("row.{column}")
    } else {
        let quoted = column.replace('\\', "\\\\").replace('\'', "\\'");
        format!("row['{quoted}']")
    }
}
