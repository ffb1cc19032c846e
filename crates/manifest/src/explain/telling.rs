//! What is told of one object: its values, and what became of each layer's word.

use super::effective::{Effective, text_of};
use super::explanation::{ArgumentRead, ExplainedObject, ExplainedValue, Given, Standing};
use super::field::FieldPath;
use super::layers::{Layer, Leaf, Leaves};
use super::written::{NOT_SHOWN, may_show, written};
use crate::expression::{Expressions, Scope, is_expression};
use crate::manifest::Manifest;
use crate::node::{Kind, Node};
use crate::roster::{is_empty, reads_row};
use gangplank_model::{Address, ObjectPath, Origin};

/// What is needed to tell of objects.
pub(super) struct Telling<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) layers: &'a [Layer<'a>],
    pub(super) scope: &'a Scope,
    pub(super) expressions: Expressions,
}

impl Telling<'_> {
    pub(super) fn object(
        &self,
        address: Address,
        origin: &Origin,
        leaves: &Leaves<'_>,
        effective: &[Effective],
    ) -> ExplainedObject {
        let mut values = Vec::new();
        for value in effective {
            let leaves = leaves.get(&value.path).map_or(&[][..], Vec::as_slice);
            values.push(self.value((&address, &value.path), leaves, Some(value)));
        }
        for (path, leaves) in leaves {
            if !effective.iter().any(|value| value.path == *path) {
                values.push(self.value((&address, path), leaves, None));
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
        (address, path): (&Address, &[String]),
        leaves: &[Leaf<'_>],
        planned: Option<&Effective>,
    ) -> ExplainedValue {
        let sources = self.manifest.sources();
        let of_account = address.object == ObjectPath::Account;
        let counts = self.counting(leaves, of_account, path);
        let mut given = Vec::with_capacity(leaves.len());
        for (at, leaf) in leaves.iter().enumerate() {
            let standing = if at == counts {
                self.standing(leaf, path, planned)
            } else if at > counts {
                Standing::Overridden
            } else if leaf.declares {
                Standing::Declares
            } else {
                Standing::Empty
            };
            given.push(Given {
                layer: self.layers[leaf.layer].name.clone(),
                written: written(leaf.node, sources),
                origin: leaf.node.origin.clone(),
                standing,
                arguments: self.arguments(leaf.node),
            });
        }
        let counting = leaves.get(counts);
        let own = counting.map(|leaf| leaf.node.origin.clone());
        let read = || self.expanded(counting?)?.1;
        let origin = planned.and_then(|it| it.origin.clone());
        let origin = origin.or_else(read).or(own);
        let hidden = self.is_hidden(origin.as_ref(), counting);
        let value = match (planned, counting) {
            (Some(planned), _) if !hidden => Some(planned.text.clone()),
            (None, None) if path == ["state"] => Some("present".to_owned()),
            (None, None) => None,
            (None, Some(leaf)) if !hidden => {
                let computed = self.expanded(leaf).and_then(|(text, _)| text);
                Some(computed.unwrap_or_else(|| written(leaf.node, sources)))
            }
            (Some(_), _) | (None, Some(_)) => Some(NOT_SHOWN.to_owned()),
        };
        ExplainedValue {
            path: FieldPath(path.to_vec()),
            value,
            column: origin.as_ref().and_then(|origin| self.column(origin)),
            origin,
            given,
        }
    }

    /// What became of the layer that counts.
    fn standing(&self, leaf: &Leaf<'_>, path: &[String], planned: Option<&Effective>) -> Standing {
        if self.is_empty(leaf) {
            return Standing::Empty;
        }
        if holds_expression(leaf.node) {
            return Standing::Computed;
        }
        let scalar = leaf.node.scalar();
        let other = planned.is_some_and(|it| scalar.is_some_and(|text| text != it.text));
        if other && path.last().is_some_and(|key| is_normalised(key)) {
            Standing::Normalised
        } else {
            Standing::Counts
        }
    }

    /// Which of the layers counts, from the top: the first that is not empty. Only a roster's account
    /// leaves out a key whose cell is empty before the layers are put over each other, and only
    /// arguments are looked for further down; anywhere else the empty one has replaced them all.
    fn counting(&self, leaves: &[Leaf<'_>], of_account: bool, path: &[String]) -> usize {
        let argument = of_account && path.first().is_some_and(|key| key == "arguments");
        let mut at = 0;
        while let Some(leaf) = leaves.get(at) {
            let text = leaf.node.scalar().unwrap_or_default();
            let left_out =
                of_account && leaf.layer == 0 && self.scope.row().is_some() && reads_row(text);
            if leaf.declares || (self.is_empty(leaf) && (argument || left_out)) {
                at += 1;
            } else if self.is_empty(leaf) {
                return usize::MAX;
            } else {
                break;
            }
        }
        at
    }

    /// Whether it is one expression without a value.
    fn is_empty(&self, leaf: &Leaf<'_>) -> bool {
        let text = leaf.node.scalar().unwrap_or_default();
        is_expression(text) && is_empty(text, &self.expressions, self.scope)
    }

    /// What becomes of a text with expressions, and where the first that it reads stands.
    fn expanded(&self, leaf: &Leaf<'_>) -> Option<(Option<String>, Option<Origin>)> {
        let text = leaf.node.scalar().filter(|text| is_expression(text))?;
        let expanded = self.expressions.expand(text, self.scope).ok()?;
        let origin = expanded.read.and_then(|read| self.scope.origin(read));
        Some((expanded.value, origin))
    }

    /// The arguments that a value names.
    fn arguments(&self, node: &Node) -> Vec<ArgumentRead> {
        let mut names = Vec::new();
        named(node, &mut |text| {
            for (_, name) in self.expressions.arguments(text) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        });
        let sources = self.manifest.sources();
        let all = self.scope.argument_values();
        let read = |name: String| {
            let found = all.and_then(|all| all.each().find(|(known, ..)| *known == name));
            let origin = found.and_then(|(_, _, origin)| origin.cloned());
            let shown = origin.as_ref().is_some_and(|it| may_show(it, sources));
            let value = found.filter(|(_, value, _)| !value.is_undefined());
            ArgumentRead {
                name,
                value: value.map(|(_, value, _)| {
                    if shown {
                        text_of(value)
                    } else {
                        NOT_SHOWN.to_owned()
                    }
                }),
                origin,
            }
        };
        names.into_iter().map(read).collect()
    }

    /// Whether the line that a value comes from is one that nobody sees. What is computed may come
    /// from any cell of its row.
    fn is_hidden(&self, origin: Option<&Origin>, counting: Option<&Leaf<'_>>) -> bool {
        let sources = self.manifest.sources();
        let computed = counting.is_some_and(|leaf| holds_expression(leaf.node));
        let row = self.scope.row().filter(|_| computed);
        let row = row.map(|row| row.origin());
        let multi =
            counting.is_some_and(|leaf| matches!(leaf.node.kind, Kind::Map(_) | Kind::List(_)));
        let hidden = |origin: &Origin| !may_show(origin, sources);
        // A reference is shown as such, and may go over several lines.
        !multi && (origin.is_some_and(hidden) || row.as_ref().is_some_and(hidden))
    }

    fn column(&self, origin: &Origin) -> Option<String> {
        let row = self.scope.row()?;
        let columns = row.columns().names().len();
        let at = (0..columns).find(|at| row.cell_origin(*at) == *origin)?;
        (row.origin().file == origin.file).then(|| row.name_of(at).to_owned())
    }
}

/// Keys whose values are kept by the instance in another form (cyclr-api.md 2.1).
fn is_normalised(key: &str) -> bool {
    key.ends_with("_retention_hours") || key == "transaction_error_webhook_url"
}

/// Shows every text of a value.
fn named(node: &Node, each: &mut dyn FnMut(&str)) {
    match &node.kind {
        Kind::Text(text) if is_expression(text) => each(text),
        Kind::List(items) => items.iter().for_each(|item| named(item, each)),
        Kind::Map(entries) => entries.iter().for_each(|(_, node)| named(node, each)),
        Kind::Text(_) | Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
    }
}

fn holds_expression(node: &Node) -> bool {
    match &node.kind {
        Kind::Text(text) => is_expression(text),
        Kind::List(items) => items.iter().any(holds_expression),
        Kind::Map(entries) => entries.iter().any(|(_, node)| holds_expression(node)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => false,
    }
}
