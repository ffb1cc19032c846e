//! What expressions may speak of.

use crate::argument::Arguments;
use crate::read::{Read, Reads};
use crate::roster::Row;
use crate::secrecy::looks_like_a_key;
use gangplank_model::suggest::{did_you_mean, listed};
use gangplank_model::{ByName, Origin};
use minijinja::Value;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Why nothing can be read of a profile that is not there.
pub(crate) const UNKNOWN_PROFILE: &str = "its profile is not known";

/// The account, its arguments, the instance, and the row that the account is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    account: BTreeMap<&'static str, Value>,
    instance: Value,
    row: Option<Arc<Row>>,
    arguments: Option<Arc<Arguments>>,
    /// Why no argument can be read, where none can be.
    no_arguments: &'static str,
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

    /// From here on, arguments can be read.
    pub(crate) fn arguments(&mut self, arguments: Arguments) {
        self.arguments = Some(Arc::new(arguments));
        self.all = OnceCell::new();
    }

    /// The values of the account's arguments, where it has any.
    pub(crate) fn argument_values(&self) -> Option<&Arguments> {
        self.arguments.as_deref()
    }

    /// Why arguments cannot be read.
    pub(crate) fn without_arguments(&mut self, reason: &'static str) {
        self.no_arguments = reason;
    }

    /// Whether it is not known what is under the account.
    pub(crate) fn has_unknown_profile(&self) -> bool {
        self.arguments.is_none() && self.no_arguments == UNKNOWN_PROFILE
    }

    pub(crate) fn declares(&self, argument: &str) -> bool {
        let arguments = self.arguments.as_ref();
        arguments.is_some_and(|it| it.declarations.find(argument).is_some())
    }

    /// Whether it was told of an argument that it has no value.
    pub(crate) fn is_broken(&self, read: Option<Read>) -> bool {
        let Some(Read::Argument(at)) = read else {
            return false;
        };
        self.arguments.as_ref().is_some_and(|it| it.is_broken(at))
    }

    /// What to write instead of an argument that is not declared.
    pub(super) fn undeclared(&self, name: &str) -> String {
        match &self.arguments {
            Some(arguments) => arguments.declarations.instead_of(name),
            None if self.no_arguments.is_empty() => {
                "arguments are read by what is in an account, and not by its id, its profile or `where`"
                    .to_owned()
            }
            None => self.no_arguments.to_owned(),
        }
    }

    /// Forgets what was read.
    pub(super) fn forget(&self) {
        for reads in self.reads() {
            reads.forget();
        }
    }

    fn reads(&self) -> impl Iterator<Item = &Reads> {
        let row = self.row.iter().map(|row| &row.reads);
        row.chain(self.arguments.iter().map(|arguments| &arguments.reads))
    }

    /// The first cell that was read, or else the first argument.
    pub(super) fn first_read(&self) -> Option<Read> {
        self.noted(Reads::first)
    }

    /// The first empty cell that was read, or else the first argument without a value.
    pub(super) fn empty_read(&self) -> Option<Read> {
        self.noted(Reads::empty)
    }

    fn noted(&self, note: impl Fn(&Reads) -> Option<usize>) -> Option<Read> {
        let cell = self.row.as_ref().and_then(|row| note(&row.reads));
        let argument = || note(&self.arguments.as_ref()?.reads).map(Read::Argument);
        cell.map(Read::Cell).or_else(argument)
    }

    /// How an expression names what was read.
    pub(super) fn name_of(&self, read: Read) -> String {
        match read {
            Read::Cell(at) => column_name(self.row.as_ref().map_or("", |row| row.name_of(at))),
            Read::Argument(at) => {
                let arguments = self.arguments.as_ref();
                let declared = arguments.and_then(|it| it.declarations.list.get(at));
                format!("argument.{}", declared.map_or("", |it| &it.name))
            }
        }
    }

    /// Where what was read stands.
    pub(crate) fn origin(&self, read: Read) -> Option<Origin> {
        match read {
            Read::Cell(at) => Some(self.row.as_ref()?.cell_origin(at)),
            Read::Argument(at) => self.arguments.as_ref()?.origin(at),
        }
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
            let arguments = self.arguments.iter();
            let object = |it: &Arc<Arguments>| ("argument", Value::from_dyn_object(it.clone()));
            roots.extend(arguments.map(object));
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
        let arguments = self.arguments.iter().flat_map(|it| it.declarations.names());
        names.extend(arguments.map(|name| format!("argument.{name}")));
        names
    }

    /// The names, of those that were used, that are not there.
    fn wrong<'a>(&self, used: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let names = self.names();
        // `account.labels` is there where one of the labels is.
        let holds = |name: &str, used: &str| {
            let rest = name.strip_prefix(used);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        used.filter(|used| !names.iter().any(|name| holds(name, used)))
            .collect()
    }

    /// What is not there. A text that is none of the language's names may be a secret.
    pub(crate) fn missing<'a>(&self, used: impl Iterator<Item = &'a str>) -> String {
        let mut wrong = self.wrong(used);
        wrong.sort_unstable();
        match wrong.first() {
            Some(name) if ROOTS.contains(name) => format!("there is no `{name}` here"),
            Some(name) => match name.split_once('.') {
                Some((root, _)) if ROOTS.contains(&root) && !looks_like_a_key(name) => {
                    format!("there is no `{name}`")
                }
                _ => "it names something that is not there".to_owned(),
            },
            None => "it speaks of something that is not there".to_owned(),
        }
    }

    /// What to write instead of names that are not there.
    pub(crate) fn hint<'a>(&self, used: impl Iterator<Item = &'a str>) -> String {
        let names = self.names();
        let wrong = self.wrong(used);
        let names = || names.iter().map(String::as_str);
        let nearest = wrong.iter().filter_map(|wrong| {
            // A name that is right, and has no value here, is no slip.
            let others = NAMES.into_iter().filter(|_| !NAMES.contains(wrong));
            did_you_mean(wrong, names().chain(others))
        });
        if let Some(hint) = nearest.min() {
            return hint;
        }
        let is_of = |root: &str| wrong.iter().any(|wrong| wrong.starts_with(root));
        match &self.row {
            Some(row) if is_of("row") => {
                let columns = listed(row.columns().names());
                format!("the columns are {columns}")
            }
            None if is_of("row") => "`row` is known in the account of a roster only".to_owned(),
            Some(_) | None
                if is_of("instance") && !names().any(|name| name.starts_with("instance.")) =>
            {
                "`instance` is known where the manifest declares one below `instances`".to_owned()
            }
            Some(_) | None => format!(
                "known here: {}; `account.name`, `account.labels`, `instance`, `argument` and `row` are known \
                 where they are given",
                listed(names())
            ),
        }
    }
}

/// Names that are known where they are given.
const NAMES: [&str; 5] = [
    "account.name",
    "account.labels",
    "instance.name",
    "instance.region",
    "instance.service_domain",
];

/// What a name in an expression begins with.
const ROOTS: [&str; 4] = ["account", "argument", "instance", "row"];

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
