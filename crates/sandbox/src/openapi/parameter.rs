//! `Parameter`: a placeholder of a path, or a part of a query.

use serde_json::{Value, json};

/// What a parameter may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Any text.
    Text,
    /// A whole number.
    Number,
    /// A GUID.
    Guid,
    /// `true` or `false`.
    Switch,
    /// Text, for which some values mean something.
    Choice(&'static [&'static str]),
}

/// A placeholder of a path, or a part of a query.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) description: &'static str,
}

impl Parameter {
    const fn new(name: &'static str, kind: Kind, description: &'static str) -> Self {
        Self {
            name,
            kind,
            description,
        }
    }

    pub(crate) const fn text(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Kind::Text, description)
    }

    pub(crate) const fn number(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Kind::Number, description)
    }

    pub(crate) const fn guid(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Kind::Guid, description)
    }

    pub(crate) const fn switch(name: &'static str, description: &'static str) -> Self {
        Self::new(name, Kind::Switch, description)
    }

    pub(crate) const fn choice(
        name: &'static str,
        values: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        Self::new(name, Kind::Choice(values), description)
    }

    /// Whether something else than it may hold is a 400 when it stands in a path (cyclr-api.md 1.5).
    pub(crate) fn is_checked(&self) -> bool {
        matches!(self.kind, Kind::Number | Kind::Guid)
    }

    /// Its schema in a path, where wrong types are refused.
    pub(crate) fn in_path(&self) -> Value {
        match self.kind {
            Kind::Number => json!({ "type": "integer", "format": "int64", "minimum": 0 }),
            Kind::Guid => json!({ "type": "string", "format": "uuid" }),
            _ => json!({ "type": "string", "minLength": 1 }),
        }
    }

    /// Its schema in a query, where a wrong type counts as absent.
    pub(crate) fn in_query(&self) -> Value {
        match self.kind {
            Kind::Number => json!({ "type": ["integer", "string"] }),
            Kind::Switch => json!({ "type": ["boolean", "string"] }),
            Kind::Choice(values) => json!({ "type": "string", "examples": values }),
            Kind::Text | Kind::Guid => json!({ "type": "string" }),
        }
    }
}

/// The query of every list that has pages (cyclr-api.md 1.6).
pub(crate) const PAGED: &[Parameter] = &[
    Parameter::number(
        "page",
        "Which page, from 1. Past the last one the list is empty.",
    ),
    Parameter::number("pageSize", "How many rows a page has (switch U13)."),
];

/// The query of every list that can be ordered (cyclr-api.md 1.6).
pub(crate) const ORDERED: &[Parameter] = &[
    Parameter::choice(
        "orderBy",
        &["Id", "Name"],
        "What to order by; the id, unless it is `Name`.",
    ),
    Parameter::switch("sortOrderAsc", "`false` reverses the order."),
];
