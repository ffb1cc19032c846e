//! Paging of lists (cyclr-api.md 1.6).

use serde::Serialize;

use crate::reply::Reply;
use crate::request::Query;
use crate::variant::Variants;

/// What a list is to be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// By id, which is the default.
    Id,
    /// By name.
    Name,
}

impl Order {
    pub(crate) fn of(query: &Query<'_>) -> Self {
        match query.get("orderBy") {
            Some(field) if field.eq_ignore_ascii_case("name") => Self::Name,
            _ => Self::Id,
        }
    }
}

/// Cuts the asked page out of sorted rows, and renders its rows alone.
pub(crate) fn page<T, V: Serialize>(
    query: &Query<'_>,
    variants: &Variants,
    mut rows: Vec<T>,
    render: impl Fn(T) -> V,
) -> Reply {
    if query.boolean("sortOrderAsc") == Some(false) {
        rows.reverse();
    }
    let size = variants.page_size(query.number("pageSize").filter(|size| *size > 0));
    let number = query.number("page").unwrap_or(1).max(1);
    let cut = query.paging.cut(rows.len(), size, number);
    if cut.is_reversed {
        rows.reverse();
    }
    let shown = rows.into_iter().skip(cut.skip).take(size);
    let shown: Vec<V> = shown.map(render).collect();
    let mut reply = Reply::json(&shown);
    reply.total_pages = cut.total;
    reply
}
