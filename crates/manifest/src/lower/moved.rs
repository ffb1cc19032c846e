//! Former names, and what would make them ambiguous.

use super::Lowering;
use crate::entry::MovedEntry;
use gangplank_model::{ConnectorSpec, Diagnostic, Origin, Presence, Sourced, TemplateSpec, code};
use std::collections::BTreeMap;

/// An entry with its present and its former names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'a> {
    name: &'a str,
    origin: &'a Origin,
    presence: Presence,
    from: &'a [Sourced<String>],
}

impl<'a> Named<'a> {
    pub(super) fn connector(spec: &'a ConnectorSpec) -> Self {
        Self {
            name: &spec.name,
            origin: &spec.origin,
            presence: spec.presence,
            from: &spec.moved,
        }
    }

    pub(super) fn template(spec: &'a TemplateSpec) -> Self {
        Self {
            name: &spec.name,
            origin: &spec.origin,
            presence: spec.presence,
            from: &spec.moved,
        }
    }
}

impl Lowering<'_> {
    /// The former names of an entry.
    pub(super) fn moved(&mut self, written: Option<&MovedEntry>) -> Vec<Sourced<String>> {
        let names = written.and_then(|moved| moved.from.get());
        let names = names.into_iter().flat_map(|names| &names.0);
        let names = names.filter_map(|name| self.optional(name));
        let names: Vec<_> = names.collect();
        for name in &names {
            self.check_name("a former name", name);
        }
        names
    }

    /// Every former name leads to one entry, and no other entry stays behind under it.
    pub(super) fn check_moves(&mut self, what: &str, entries: &[Named<'_>]) {
        let mut seen: BTreeMap<&str, &Origin> = BTreeMap::new();
        for entry in entries {
            for from in entry.from {
                if from.value == entry.name {
                    let problem = Diagnostic::error(
                        code::MOVED_FROM_ITSELF,
                        format!("a {what} that is moved from its own name"),
                    );
                    let problem = problem.at(&from.origin, "this is its name now");
                    self.problems
                        .push(problem.hint("write the name that it had before"));
                } else if let Some(first) = seen.insert(&from.value, &from.origin) {
                    let summary = format!("two {what}s are moved from one name");
                    self.problems.push(
                        Diagnostic::error(code::MOVED_TWICE, summary)
                            .at(&from.origin, "again here")
                            .at(first, "first here")
                            .hint("only one of them can be what was installed under it"),
                    );
                } else if let Some(other) = entries.iter().find(|it| it.name == from.value) {
                    self.check_away(what, (entry, &from.origin), other);
                }
            }
        }
    }

    /// A former name that another entry bears: that one has to come from elsewhere.
    fn check_away(&mut self, what: &str, (entry, from): (&Named<'_>, &Origin), other: &Named<'_>) {
        let stays = other.from.is_empty();
        let gone = Presence::Absent;
        if !stays && entry.presence != gone && other.presence != gone {
            return;
        }
        let (summary, hint) = if stays {
            (
                format!("a {what} is moved from the name of another one, which stays"),
                "take one of the two away, or say of the other one where it was moved from",
            )
        } else {
            (
                format!("a {what} changes names with one that is removed"),
                "move first, and remove it once that is applied",
            )
        };
        self.problems.push(
            Diagnostic::error(code::MOVED_AWAY, summary)
                .at(from, "the former name")
                .at(other.origin, "declared here")
                .hint(hint),
        );
    }
}
