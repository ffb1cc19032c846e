//! Anchored values and what aliases may make of them.

use crate::node::{Kind, Node};
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin};
use std::collections::HashMap;

/// Levels of lists and maps inside each other; the language needs nine. Every walk over a tree may
/// recurse, since no tree is deeper than this.
pub(crate) const MOST_LEVELS: usize = 64;
/// What anchors and aliases may copy in a file of no length, so that a few lines cannot become
/// gigabytes: a value counts as one, and as one more for each 64 bytes of text.
const FEW_COPIED: usize = 100_000;
/// What anchors may keep until the file ends.
const MOST_KEPT: usize = 1_000_000;
/// What they may copy besides for each byte of the file: an account of 60 bytes names a profile's
/// worth of connectors and templates.
const COPIED_A_BYTE: usize = 1;

/// The anchored values of one file.
#[derive(Debug)]
pub(crate) struct Anchors {
    kept: HashMap<usize, Anchored>,
    /// The weight of what is kept.
    kept_weight: usize,
    /// What may still be copied, and what could be in all.
    left: usize,
    most: usize,
}

#[derive(Debug)]
struct Anchored {
    node: Node,
    /// Levels of lists and maps in it, itself included.
    levels: usize,
    weight: usize,
}

impl Anchors {
    /// Those of a file with so many bytes.
    pub(crate) fn of(bytes: usize) -> Self {
        let most = FEW_COPIED.saturating_add(bytes.saturating_mul(COPIED_A_BYTE));
        Self {
            kept: HashMap::new(),
            kept_weight: 0,
            left: most,
            most,
        }
    }

    /// Keeps a copy of an anchored value.
    pub(crate) fn keep(&mut self, anchor: usize, node: &Node) -> Result<(), Diagnostic> {
        let (levels, weight) = measure(node);
        self.kept_weight = self.kept_weight.saturating_add(weight);
        if self.kept_weight > MOST_KEPT {
            return Err(too_much(MOST_KEPT, &node.origin));
        }
        let anchored = Anchored {
            node: node.clone(),
            levels,
            weight,
        };
        self.kept.insert(anchor, anchored);
        Ok(())
    }

    /// What a copy of the anchored value weighs.
    pub(crate) fn weight_of(&self, anchor: usize) -> usize {
        self.kept.get(&anchor).map_or(1, |anchored| anchored.weight)
    }

    /// A copy of the anchored value for an alias that stands at a level, with the places of the
    /// original.
    pub(crate) fn copy_of(
        &mut self,
        anchor: usize,
        level: usize,
        origin: &Origin,
    ) -> Result<Node, Diagnostic> {
        let Some(anchored) = self.kept.get(&anchor) else {
            let summary = "an alias inside the value that it names";
            return Err(Diagnostic::error(code::UNKNOWN_ANCHOR, summary)
                .at(origin, "")
                .detail("A value that holds itself has no end.")
                .hint("name a value that is complete above, or write it out"));
        };
        // The value's own first level is the one at which the alias stands.
        if level + anchored.levels > MOST_LEVELS + 1 {
            return Err(too_deep(origin, "with the levels that the alias repeats"));
        }
        let weight = anchored.weight;
        self.copy(weight, origin)?;
        let anchored = self.kept.get(&anchor).map(|anchored| anchored.node.clone());
        Ok(anchored.expect("it was there, and nothing is taken out"))
    }

    fn copy(&mut self, weight: usize, origin: &Origin) -> Result<(), Diagnostic> {
        if let Some(left) = self.left.checked_sub(weight) {
            self.left = left;
            return Ok(());
        }
        Err(too_much(self.most, origin))
    }
}

/// Aliases that repeat too much, or anchors that keep too much.
pub(crate) fn too_much(most: usize, origin: &Origin) -> Diagnostic {
    let most = gangplank_model::plan::grouped(most);
    Diagnostic::error(code::TOO_MANY_ALIASES, "aliases repeat too much")
        .at(origin, "here it becomes too much")
        .detail(format!(
            "Anchors and aliases may repeat {most} values here."
        ))
        .hint("say it once in a profile, and name the profile")
}

/// Too many lists and maps inside each other.
pub(crate) fn too_deep(origin: &Origin, how: &str) -> Diagnostic {
    let summary = "too many lists and maps inside each other";
    Diagnostic::error(code::TOO_DEEP, summary)
        .at(origin, how)
        .detail(format!(
            "At most {MOST_LEVELS} levels are read; the language needs nine."
        ))
        .hint("look for a bracket or an indentation that repeats by mistake")
}

/// The levels of a value and its weight. It recurses as deep as the levels that were let in.
fn measure(node: &Node) -> (usize, usize) {
    let inside = |values: &mut dyn Iterator<Item = &Node>| {
        values.map(measure).fold((1, 1), |(levels, weight), it| {
            (levels.max(it.0 + 1), weight + it.1)
        })
    };
    let of_text = |text: &str| 1 + text.len() / 64;
    match &node.kind {
        Kind::List(items) => inside(&mut items.iter()),
        Kind::Map(entries) => {
            let (levels, weight) = inside(&mut entries.iter().map(|(_, value)| value));
            let keys: usize = entries.iter().map(|(key, _)| of_text(&key.text)).sum();
            (levels, weight + keys)
        }
        Kind::Number(text) | Kind::Text(text) => (1, of_text(text)),
        Kind::Null | Kind::Bool(_) => (1, 1),
    }
}
