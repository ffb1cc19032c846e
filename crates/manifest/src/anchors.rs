//! Anchored values and what aliases may make of them.

use crate::node::{Kind, Node};
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin};
use std::collections::HashMap;

/// Levels of lists and maps inside each other; the language needs nine. Every walk over a tree may
/// recurse, since no tree is deeper than this.
pub(crate) const MOST_LEVELS: usize = 64;
/// What anchors and aliases may copy in one file, so that a few lines cannot become gigabytes: a
/// value counts as one, and as one more for each 64 bytes of text.
const MOST_COPIED: usize = 1_000_000;

/// The anchored values of one file.
#[derive(Debug, Default)]
pub(crate) struct Anchors {
    kept: HashMap<usize, Anchored>,
    copied: usize,
}

#[derive(Debug)]
struct Anchored {
    node: Node,
    /// Levels of lists and maps in it, itself included.
    levels: usize,
    weight: usize,
}

impl Anchors {
    /// Keeps a copy of an anchored value.
    pub(crate) fn keep(&mut self, anchor: usize, node: &Node) -> Result<(), Diagnostic> {
        let (levels, weight) = measure(node);
        self.copy(weight, &node.origin)?;
        let anchored = Anchored {
            node: node.clone(),
            levels,
            weight,
        };
        self.kept.insert(anchor, anchored);
        Ok(())
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
                .detail("A value that holds itself has no end."));
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
        self.copied = self.copied.saturating_add(weight);
        if self.copied <= MOST_COPIED {
            return Ok(());
        }
        Err(
            Diagnostic::error(code::TOO_MANY_ALIASES, "aliases repeat too much")
                .at(origin, "here it becomes too much")
                .detail(format!(
                    "A file may repeat {MOST_COPIED} values by anchors and aliases."
                ))
                .hint("say it once in a profile, and name the profile"),
        )
    }
}

/// Too many lists and maps inside each other.
pub(crate) fn too_deep(origin: &Origin, how: &str) -> Diagnostic {
    let summary = "too many lists and maps inside each other";
    Diagnostic::error(code::TOO_DEEP, summary)
        .at(origin, how)
        .detail(format!(
            "At most {MOST_LEVELS} levels are read; the language needs nine."
        ))
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
