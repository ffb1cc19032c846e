//! One account, value by value, with the layers that speak of each.

use super::effective::{self, Effective};
use super::field::FieldPath;
use super::layers::{Layer, Leaf, Leaves, Trees, of_account, of_list, text_at};
use super::written::{NOT_SHOWN, may_show, written};
use crate::expression::{Expressions, Scope, is_expression};
use crate::manifest::Manifest;
use crate::node::{Key, Kind, Node};
use crate::parse::Reader;
use crate::roster::{Row, rows};
use gangplank_model::{AccountId, AccountSpec, Address, Diagnostics, Origin, Problems};
use minijinja::Value;
use std::sync::Arc;

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
    /// As it is planned; references to secrets are never followed.
    pub value: String,
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
    /// It reads an empty cell, so that what is below it counts.
    Empty,
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
        let diagnostics = self.accounts(instance, &mut |spec| {
            ids.push(spec.id.as_str().to_owned());
            if spec.id == *account {
                found = Some(spec);
            }
        });
        let explained = found.map(|spec| self.explained(&spec));
        (explained.ok_or(ids), diagnostics)
    }

    fn explained(&self, spec: &AccountSpec) -> Explained {
        let mut trees = Trees::default();
        let mut problems = Problems::default();
        for file in self.manifest_files() {
            let tree = Reader::new(file).tree(&mut problems);
            if let Ok(Some(tree)) = tree {
                trees.add(tree);
            }
        }
        let row = self.row_of(spec);
        let layers = layers(&trees, spec, row.as_ref());
        let names: Vec<String> = layers.iter().map(|layer| layer.name.clone()).collect();
        let telling = Telling {
            manifest: self,
            layers: &layers,
            row: row
                .as_ref()
                .and_then(|(_, scope)| scope.row())
                .map(Arc::as_ref),
        };
        let address = spec.address();
        let mut objects = vec![telling.object(
            address,
            &spec.origin,
            &of_account(&layers),
            &effective::account(spec),
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

    /// The row that an account is made of, and which of the rosters it belongs to.
    fn row_of(&self, spec: &AccountSpec) -> Option<(usize, Scope)> {
        for roster in self.rosters() {
            for file in &roster.files {
                let source = &self.sources().files()[file.file];
                if source.name != spec.origin.file {
                    continue;
                }
                let mut found = None;
                rows(source, file.format, &file.columns, &mut |row| {
                    if row.origin() == spec.origin {
                        found = Some(row);
                    }
                });
                if let Some(row) = found {
                    return Some((roster.entry, Scope::of_row(row, &Value::default())));
                }
            }
        }
        None
    }
}

/// The layers of an account, the upper ones first.
fn layers<'a>(
    trees: &'a Trees,
    spec: &AccountSpec,
    row: Option<&(usize, Scope)>,
) -> Vec<Layer<'a>> {
    let mut layers = Vec::new();
    let own: Option<&'a [(Key, Node)]> = if let Some((roster, _)) = row {
        let roster = trees.rosters.get(*roster).and_then(entries_of);
        let account = |(key, _): &&(Key, Node)| key.text == "account";
        let account = roster.and_then(|roster| roster.iter().find(account));
        account.and_then(|(_, account)| entries_of(account))
    } else {
        let account = trees.accounts.iter().find(|it| it.origin == spec.origin);
        account.and_then(entries_of)
    };
    let name = if row.is_some() { "roster" } else { "account" };
    layers.extend(own.map(|entries| Layer {
        name: name.to_owned(),
        entries,
    }));
    let named = own.and_then(|own| text_at(own, "profile"));
    let computed = named.map(|text| computed(text, row));
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
fn computed(text: &str, row: Option<&(usize, Scope)>) -> Option<String> {
    if !is_expression(text) {
        return Some(text.to_owned());
    }
    Expressions::new().expand(text, &row?.1).ok()?.value
}

/// What is needed to tell of objects.
struct Telling<'a> {
    manifest: &'a Manifest,
    layers: &'a [Layer<'a>],
    row: Option<&'a Row>,
}

impl Telling<'_> {
    fn object(
        &self,
        address: Address,
        origin: &Origin,
        leaves: &Leaves<'_>,
        effective: &[Effective],
    ) -> ExplainedObject {
        let mut values = Vec::new();
        for value in effective {
            let leaves = leaves.get(&value.path).map_or(&[][..], Vec::as_slice);
            values.push(self.value(&value.path, leaves, Some(value)));
        }
        for (path, leaves) in leaves {
            if !effective.iter().any(|value| value.path == *path) {
                values.push(self.value(path, leaves, None));
            }
        }
        values.sort_by(|one, other| one.path.cmp(&other.path));
        ExplainedObject {
            address,
            origin: origin.clone(),
            values,
        }
    }

    fn value(
        &self,
        path: &[String],
        leaves: &[Leaf<'_>],
        planned: Option<&Effective>,
    ) -> ExplainedValue {
        let sources = self.manifest.sources();
        let counts = self.counting(leaves, planned);
        let mut given = Vec::with_capacity(leaves.len());
        for (at, leaf) in leaves.iter().enumerate() {
            let text = written(leaf.node, sources);
            let standing = match at.cmp(&counts) {
                std::cmp::Ordering::Less => Standing::Empty,
                std::cmp::Ordering::Greater => Standing::Overridden,
                std::cmp::Ordering::Equal if holds_expression(leaf.node) => Standing::Computed,
                std::cmp::Ordering::Equal => {
                    let scalar = leaf.node.scalar();
                    let other =
                        planned.is_some_and(|it| scalar.is_some_and(|text| text != it.text));
                    if other && path.last().is_some_and(|key| is_normalised(key)) {
                        Standing::Normalised
                    } else {
                        Standing::Counts
                    }
                }
            };
            given.push(Given {
                layer: self.layers[leaf.layer].name.clone(),
                written: text,
                origin: leaf.node.origin.clone(),
                standing,
            });
        }
        let counting = leaves.get(counts);
        let own = counting.map(|leaf| leaf.node.origin.clone());
        let origin = planned.and_then(|it| it.origin.clone()).or(own);
        let hidden = self.is_hidden(origin.as_ref(), counting);
        let value = match (planned, counting) {
            (Some(planned), _) if !hidden => planned.text.clone(),
            (None, Some(leaf)) if !hidden => written(leaf.node, sources),
            _ => NOT_SHOWN.to_owned(),
        };
        ExplainedValue {
            path: FieldPath(path.to_vec()),
            value,
            column: origin.as_ref().and_then(|origin| self.column(origin)),
            origin,
            given,
        }
    }

    /// Which of the layers counts: the uppermost, unless its expression read an empty cell; then the
    /// planned value comes from a lower one.
    fn counting(&self, leaves: &[Leaf<'_>], planned: Option<&Effective>) -> usize {
        let origin = planned.and_then(|it| it.origin.as_ref());
        // A property's place is that of its key.
        let line = |origin: &Origin| (origin.file.clone(), origin.line);
        let from = |leaf: &Leaf<'_>| Some(line(&leaf.node.origin)) == origin.map(line);
        let computed = leaves
            .first()
            .is_some_and(|leaf| holds_expression(leaf.node));
        if self.row.is_some() && computed {
            leaves.iter().position(from).unwrap_or(0)
        } else {
            0
        }
    }

    /// Whether the line that a value comes from is one that nobody sees. What is computed may come
    /// from any cell of its row.
    fn is_hidden(&self, origin: Option<&Origin>, counting: Option<&Leaf<'_>>) -> bool {
        let sources = self.manifest.sources();
        let computed = counting.is_some_and(|leaf| holds_expression(leaf.node));
        let row = self.row.filter(|_| computed).map(Row::origin);
        let multi =
            counting.is_some_and(|leaf| matches!(leaf.node.kind, Kind::Map(_) | Kind::List(_)));
        let hidden = |origin: &Origin| !may_show(origin, sources);
        // A reference is shown as such, and may go over several lines.
        !multi && (origin.is_some_and(hidden) || row.as_ref().is_some_and(hidden))
    }

    fn column(&self, origin: &Origin) -> Option<String> {
        let row = self.row?;
        let columns = row.columns().names().len();
        let at = (0..columns).find(|at| row.cell_origin(*at) == *origin)?;
        (row.origin().file == origin.file).then(|| row.name_of(at).to_owned())
    }
}

/// Keys whose values are kept by the instance in another form (cyclr-api.md 2.1).
fn is_normalised(key: &str) -> bool {
    key.ends_with("_retention_hours") || key == "transaction_error_webhook_url"
}

fn holds_expression(node: &Node) -> bool {
    match &node.kind {
        Kind::Text(text) => is_expression(text),
        Kind::List(items) => items.iter().any(holds_expression),
        Kind::Map(entries) => entries.iter().any(|(_, node)| holds_expression(node)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => false,
    }
}
