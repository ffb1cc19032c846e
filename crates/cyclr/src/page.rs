//! Paging (cyclr-api.md 1.6).

use crate::{Request, Response};

/// How many rows a page is asked to have.
pub(crate) const SIZE: u32 = 100;

/// A list of more pages than this is no list: a million rows.
pub(crate) const MOST_PAGES: u32 = 10_000;

/// One page of a list, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its number, from 1.
    pub number: u32,
    /// How many rows it is asked to have.
    pub size: u32,
}

impl Page {
    /// The page of this number (from 1) with the usual 100 rows.
    pub fn new(number: u32) -> Self {
        Self { number, size: SIZE }
    }

    /// Adds itself and a stable order to a request.
    pub(crate) fn put(self, request: Request) -> Request {
        request
            .query("page", self.number.to_string())
            .query("pageSize", self.size.to_string())
            .query("orderBy", "Id")
            .query("sortOrderAsc", "true")
    }
}

/// A row that can be told from others.
pub trait Identified {
    /// Its id, as text.
    fn identity(&self) -> String;
}

/// The rows of one page.
#[derive(Clone, Debug)]
pub struct Rows<T> {
    /// The rows.
    pub items: Vec<T>,
    /// How many pages there are, when the instance says so and it can be believed.
    pub total_pages: Option<u32>,
}

impl<T> Rows<T> {
    /// Joins rows with what the answer's headers say.
    pub fn new(items: Vec<T>, response: &Response) -> Self {
        Self {
            items,
            total_pages: response.total_pages.filter(|total| *total <= MOST_PAGES),
        }
    }
}
