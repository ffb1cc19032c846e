//! What mischief does to the pages of a list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What happened to a list between two of its pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageShift {
    /// A row was inserted in front: later pages begin with a row that was seen already.
    Insert,
    /// The first row was deleted: later pages leave a row out.
    Delete,
    /// Later pages are cut from the list in the opposite order.
    Reorder,
    /// Later pages are the page before them once more.
    Repeat,
    /// The last page is filled up with rows of the page before it.
    FullLast,
}

/// What the `Total-Pages` header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TotalPages {
    /// It is left out.
    Absent,
    /// One page more than there are.
    OneMore,
    /// One page fewer than there are.
    OneLess,
    /// A number as it is given.
    Is(usize),
}

/// What mischief does to the pages of one response.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Paging {
    pub(crate) shift: Option<PageShift>,
    pub(crate) total: Option<TotalPages>,
}

/// Where a page is cut from a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageCut {
    pub(crate) skip: usize,
    pub(crate) is_reversed: bool,
    pub(crate) total: Option<usize>,
}

impl Paging {
    /// Where page `number`, from 1, of a list of `rows` begins.
    pub(crate) fn cut(self, rows: usize, size: usize, number: usize) -> PageCut {
        let pages = rows.div_ceil(size);
        let mut cut = PageCut {
            skip: (number - 1).saturating_mul(size),
            is_reversed: false,
            total: Some(pages),
        };
        match self.shift {
            Some(PageShift::FullLast) if number == pages && rows > size => cut.skip = rows - size,
            Some(PageShift::Insert) if number > 1 => {
                cut.skip -= 1;
                cut.total = Some((rows + 1).div_ceil(size));
            }
            Some(PageShift::Delete) if number > 1 => {
                cut.skip = cut.skip.saturating_add(1);
                cut.total = Some(rows.saturating_sub(1).div_ceil(size));
            }
            Some(PageShift::Reorder) if number > 1 => cut.is_reversed = true,
            Some(PageShift::Repeat) if number > 1 => cut.skip = (number - 2).saturating_mul(size),
            _ => {}
        }
        cut.total = match self.total {
            None => cut.total,
            Some(TotalPages::Absent) => None,
            Some(TotalPages::OneMore) => Some(pages + 1),
            Some(TotalPages::OneLess) => Some(pages.saturating_sub(1)),
            Some(TotalPages::Is(pages)) => Some(pages),
        };
        cut
    }
}
