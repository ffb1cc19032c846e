//! Account ids: each once, and none that a person would take for another.

use crate::alike::{looks, told};
use gangplank_model::code;
use gangplank_model::{Diagnostic, Origin, Sourced};
use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::BuildHasher as _;

/// The ids that were given so far, by what they are without case and blanks.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    seen: HashMap<Box<str>, Seen>,
    /// Those that differed from an earlier one in blanks only, without case.
    spaced: HashMap<String, Seen>,
    /// Where they stand, by a hash of what they look like: there may be very many.
    looks: HashMap<u64, Origin>,
    hasher: RandomState,
}

#[derive(Debug)]
struct Seen {
    /// As it was written, where that is something else.
    written: Option<Box<str>>,
    origin: Origin,
}

impl Seen {
    fn written<'a>(&'a self, folded: &'a str) -> &'a str {
        self.written.as_deref().unwrap_or(folded)
    }
}

impl Ids {
    /// Adds an id, or tells of the one that it is, or may be taken for.
    pub(crate) fn add(&mut self, id: &Sourced<String>) -> Option<Diagnostic> {
        let folded = folded(&id.value);
        let Some(first) = self.seen.get(&*folded) else {
            let written = (*folded != *id.value).then(|| id.value.as_str().into());
            let origin = id.origin.clone();
            self.seen.insert(folded, Seen { written, origin });
            return self.look_alike(id);
        };
        let lower = id.value.to_lowercase();
        let earlier = if first.written(&folded).to_lowercase() == lower {
            Some(first)
        } else {
            self.spaced.get(&lower)
        };
        let Some(first) = earlier else {
            let problem = Diagnostic::warning(
                code::ACCOUNT_BLANKS,
                "two account ids differ in blanks only",
            )
            .at(&id.origin, "again here")
            .at(&first.origin, "first here")
            .detail("Both are planned, as two customers.")
            .hint("if they are one customer, take one of the two away");
            let written = Some(id.value.as_str().into());
            let origin = id.origin.clone();
            self.spaced.insert(lower, Seen { written, origin });
            return Some(problem);
        };
        let problem = if first.written(&folded) == id.value {
            let detail = format!(
                "The account \"{}\" is given twice; ids are unique.",
                id.value
            );
            Diagnostic::error(code::DUPLICATE_ACCOUNT, "an account is given twice")
                .detail(detail)
                .hint(if first.origin == id.origin {
                    "a roster whose every row makes it needs an expression, such as `{{ row.id }}`; an account that \
                     an alias (`*`) repeats is written out, with an id of its own"
                } else {
                    "take one of the two away, or give it another id"
                })
        } else {
            // Whether the vendor minds case is unknown (cyclr-api.md 7, U23).
            Diagnostic::error(code::ACCOUNT_CASE, "two account ids differ in case only")
                .detail("The instance may not tell them apart.")
                .hint("write it in the same letters if it is one customer; else choose another id")
        };
        Some(
            problem
                .at(&id.origin, "again here")
                .at(&first.origin, "first here"),
        )
    }

    /// Tells of an id that only looks like another one: `acme-O1` and `acme-01`.
    fn look_alike(&mut self, id: &Sourced<String>) -> Option<Diagnostic> {
        let looks = self.hasher.hash_one(looks(&id.value));
        match self.looks.entry(looks) {
            Entry::Occupied(first) => Some(told("account ids", &id.origin, first.get())),
            Entry::Vacant(place) => {
                place.insert(id.origin.clone());
                None
            }
        }
    }
}

/// An id without case and blanks.
fn folded(id: &str) -> Box<str> {
    if id
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_uppercase())
    {
        return id.into();
    }
    let letters = id.chars().filter(|c| !c.is_whitespace());
    letters
        .flat_map(char::to_lowercase)
        .collect::<String>()
        .into()
}
