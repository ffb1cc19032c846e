//! What differs, object by object.

pub(crate) mod account;
pub(crate) mod connector;
pub(crate) mod mapping;
pub(crate) mod property;
pub(crate) mod template;

use crate::context::Context;
use crate::library::Library;
use gangplank_model::Problems;
use gangplank_model::{AccountId, FieldChange, LibraryTemplate, Shown, Sourced, TemplateShape};
use std::collections::{BTreeMap, BTreeSet};

/// What every comparison needs.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    pub(crate) context: &'a Context,
    pub(crate) library: Library<'a>,
    /// What the cycles that were read tell of their templates, by the templates' ids in lower case.
    pub(crate) shapes: BTreeMap<String, TemplateShape>,
    pub(crate) problems: Problems,
    /// Credentials that could not be compared, since the secrets were not read.
    pub(crate) uncompared: usize,
    /// Running cycles whose schedule cannot be known.
    pub(crate) unknown_schedules: usize,
    /// The published templates.
    pub(crate) templates: &'a [LibraryTemplate],
    /// Exclusive accounts that are there.
    pub(crate) exclusive: Vec<AccountId>,
    /// Protections that nothing keeps, since marks are off.
    pub(crate) unkept: usize,
    /// The accounts that are to go, in lower case.
    pub(crate) removed: BTreeSet<String>,
}

/// A field whose wanted value is plain text.
pub(crate) fn text_change<T>(
    field: impl Into<String>,
    before: Shown,
    after: &Sourced<T>,
    text: impl Into<String>,
) -> FieldChange {
    FieldChange {
        field: field.into(),
        before,
        after: Shown::Text(text.into()),
        origin: Some(after.origin.clone()),
    }
}

/// A live text as a plan shows it.
pub(crate) fn live_text(text: Option<&str>) -> Shown {
    match text {
        None | Some("") => Shown::Absent,
        Some(text) => Shown::Text(text.to_owned()),
    }
}
