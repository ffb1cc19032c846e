//! One account, value by value, with the layers that speak of each.

use super::effective;
use super::field::FieldPath;
use super::layers::{Layer, Trees, of_account, of_list, text_at};
use super::telling::Telling;
use crate::expression::{Expanded, Expressions, Scope, is_expression};
use crate::manifest::Manifest;
use crate::node::{Key, Kind, Node};
use crate::parse::Reader;
use crate::roster::{Roster, Row, braced, rows};
use gangplank_model::{AccountId, AccountSpec, Address, Diagnostics, Origin, Problems};
use minijinja::Value;

/// What was found of an account.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The account, then its connectors and its templates.
    pub objects: Vec<ExplainedObject>,
    /// The layers, the upper ones first: `account`, `profile standard`, `defaults`.
    pub layers: Vec<String>,
}

/// An account, a connector or a template.
#[derive(Clone, Debug)]
pub struct ExplainedObject {
    /// Its address.
    pub address: Address,
    /// Where its entry stands.
    pub origin: Origin,
    /// Its values in the order of their names.
    pub values: Vec<ExplainedValue>,
}

/// A value with all that was said of it.
#[derive(Clone, Debug)]
pub struct ExplainedValue {
    /// Its name in the object.
    pub path: FieldPath,
    /// As it is planned; references to secrets are never followed. None where nothing is set.
    pub value: Option<String>,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// The column, where it comes from a row.
    pub column: Option<String>,
    /// What the layers say, the upper ones first.
    pub given: Vec<Given>,
}

/// What one layer says.
#[derive(Clone, Debug)]
pub struct Given {
    /// The layer.
    pub layer: String,
    /// What is written there, on one line.
    pub written: String,
    /// Where.
    pub origin: Origin,
    /// What became of it.
    pub standing: Standing,
    /// The arguments that it reads.
    pub arguments: Vec<ArgumentRead>,
}

/// An argument that an expression reads.
#[derive(Clone, Debug)]
pub struct ArgumentRead {
    /// Its name.
    pub name: String,
    /// Its value; none where none was given.
    pub value: Option<String>,
    /// Where that was given.
    pub origin: Option<Origin>,
}

/// What became of what a layer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It counts, as it is written.
    Counts,
    /// It counts, and an expression in it was computed.
    Computed,
    /// It counts, in the form in which the instance would keep it.
    Normalised,
    /// Something above it counts.
    Overridden,
    /// It reads an empty cell or an argument without a value. What is below it counts, where it is an
    /// account that says so of a key or an argument; else nothing does.
    Empty,
    /// It declares an argument, and gives it no value.
    Declares,
}

impl Manifest {
    /// Explains an account for an instance. `Err` has the ids that there are, when it is not among them.
    pub fn explain(
        &self,
        instance: Option<&str>,
        account: &AccountId,
    ) -> (Result<Explained, Vec<String>>, Diagnostics) {
        let mut found = None;
        let mut ids = Vec::new();
        let (scope, diagnostics) = self.accounts(instance, account, &mut |spec| {
            ids.push(spec.id.as_str().to_owned());
            if spec.id == *account {
                found = Some(spec);
            }
        });
        let scope = scope.unwrap_or_default();
        let explained = found.map(|spec| self.explained(&spec, &scope));
        (explained.ok_or(ids), diagnostics)
    }

    fn explained(&self, spec: &AccountSpec, scope: &Scope) -> Explained {
        let mut trees = Trees::default();
        let mut problems = Problems::default();
        for file in self.manifest_files() {
            let tree = Reader::new(file).tree(&mut problems);
            if let Ok(Some(tree)) = tree {
                trees.add(tree);
            }
        }
        let layers = layers(&trees, spec, (self.roster_of(spec), scope));
        let names: Vec<String> = layers.iter().map(|layer| layer.name.clone()).collect();
        let telling = Telling {
            manifest: self,
            layers: &layers,
            scope,
            expressions: Expressions::new(),
        };
        let address = spec.address();
        let mut objects = vec![telling.object(
            address,
            &spec.origin,
            &of_account(&layers, scope),
            &effective::account(spec, scope),
        )];
        let connectors = of_list(&layers, "connectors", "connector");
        for found in &spec.connectors {
            let entry = connectors
                .iter()
                .find(|entry| *entry.origin == found.origin);
            let address = Address::connector(&spec.id, &found.name);
            let leaves = entry.map(|entry| entry.leaves.clone()).unwrap_or_default();
            objects.push(telling.object(
                address,
                &found.origin,
                &leaves,
                &effective::connector(found),
            ));
        }
        let templates = of_list(&layers, "templates", "template");
        for found in &spec.templates {
            let entry = templates.iter().find(|entry| *entry.origin == found.origin);
            let address = Address::template(&spec.id, &found.name);
            let leaves = entry.map(|entry| entry.leaves.clone()).unwrap_or_default();
            objects.push(telling.object(
                address,
                &found.origin,
                &leaves,
                &effective::template(found),
            ));
        }
        Explained {
            objects,
            layers: names,
        }
    }

    /// Which of the rosters an account belongs to.
    fn roster_of(&self, spec: &AccountSpec) -> Option<usize> {
        let mut found = None;
        self.rows(&mut |roster, row| {
            if found.is_none() && row.origin() == spec.origin {
                found = Some(roster.entry);
            }
        });
        found
    }

    /// The row that would be this account, if its roster's `where` did not drop it.
    pub fn dropped(&self, account: &AccountId) -> Option<Origin> {
        let expressions = Expressions::new();
        let mut found = None;
        self.rows(&mut |roster, row| {
            let entry = self.roster_entry(roster);
            let id = entry.account.get().and_then(|it| it.id.get());
            if let Some(id) = id
                && found.is_none()
            {
                let origin = row.origin();
                let scope = Scope::of_row(row, &Value::default());
                let id = expressions.expand(id, &scope).ok().and_then(|it| it.value);
                let condition = entry.r#where.get().map(|it| braced(it));
                let kept = condition.map(|it| expressions.expand(&it, &scope));
                let drops = |kept: Result<Expanded<String>, _>| {
                    kept.is_ok_and(|it| it.value.is_none_or(|it| it == "false"))
                };
                if id.is_some_and(|id| id == account.as_str()) && kept.is_some_and(drops) {
                    found = Some(origin);
                }
            }
        });
        found
    }

    fn rows(&self, each: &mut dyn FnMut(&Roster, Row)) {
        for roster in self.rosters() {
            for file in &roster.files {
                let source = &self.sources().files()[file.file];
                rows(source, file.format, &file.columns, &mut |row| {
                    each(roster, row);
                });
            }
        }
    }
}

/// The layers of an account, the upper ones first.
fn layers<'a>(
    trees: &'a Trees,
    spec: &AccountSpec,
    (roster, scope): (Option<usize>, &Scope),
) -> Vec<Layer<'a>> {
    let mut layers = Vec::new();
    let own_is_roster = roster.is_some();
    let own: Option<&'a [(Key, Node)]> = if let Some(roster) = roster {
        let roster = trees.rosters.get(roster).and_then(entries_of);
        let account = |(key, _): &&(Key, Node)| key.text == "account";
        let account = roster.and_then(|roster| roster.iter().find(account));
        account.and_then(|(_, account)| entries_of(account))
    } else {
        let account = trees.accounts.iter().find(|it| it.origin == spec.origin);
        account.and_then(entries_of)
    };
    let name = if own_is_roster { "roster" } else { "account" };
    layers.extend(own.map(|entries| Layer {
        name: name.to_owned(),
        entries,
    }));
    let named = own.and_then(|own| text_at(own, "profile"));
    let computed = named.map(|text| computed(text, scope));
    let defaults = text_at(&trees.defaults, "profile").map(str::to_owned);
    let mut next = computed.flatten().or(defaults);
    while let Some((key, profile)) = next.and_then(|name| trees.profiles.get(&name)) {
        let Some(entries) = entries_of(profile) else {
            break;
        };
        layers.push(Layer {
            name: format!("profile {}", key.text),
            entries,
        });
        // A circle has been refused when the manifest was read.
        next = text_at(entries, "extends").map(str::to_owned);
        if layers.len() > trees.profiles.len() + 1 {
            break;
        }
    }
    layers.push(Layer {
        name: "defaults".to_owned(),
        entries: &trees.defaults,
    });
    layers
}

fn entries_of(node: &Node) -> Option<&[(Key, Node)]> {
    match &node.kind {
        Kind::Map(entries) => Some(entries),
        _ => None,
    }
}

/// The profile's name, where it is read from the row.
fn computed(text: &str, scope: &Scope) -> Option<String> {
    if !is_expression(text) {
        return Some(text.to_owned());
    }
    Expressions::new().expand(text, scope).ok()?.value
}
