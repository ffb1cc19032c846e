//! Whole lists: the one rule of paging (cyclr-api.md 1.6).

use crate::page::{Identified, MOST_PAGES, Page, Rows};
use crate::request::Call;
use crate::{Client, Error};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// How many pages are read ahead at once.
const AHEAD: usize = 32;

/// Decides which page of a list is its last.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    seen: BTreeSet<String>,
    number: u32,
}

impl Pager {
    /// Begins before the first page.
    pub fn new() -> Self {
        Self::default()
    }

    /// The page to ask for next.
    pub fn next(&self) -> Page {
        Page::new(self.number.saturating_add(1))
    }

    /// Takes the next page, keeps of its rows those that are new, and says whether it was the last:
    /// that with the number of `Total-Pages`, or one without rows. Without such a header, or with one
    /// that cannot be believed, it is the first that brings nothing new: a page that is not full may
    /// have been cut shorter than what was asked for (cyclr-api.md 4, U13), and the instance may not
    /// know `page`.
    pub fn take<T>(
        &mut self,
        rows: &mut Rows<T>,
        identity: impl Fn(&T) -> String,
    ) -> Result<bool, String> {
        self.number = self.number.saturating_add(1);
        let length = rows.items.len();
        rows.items.retain(|row| self.seen.insert(identity(row)));
        let is_last = match rows.total_pages {
            Some(total) => self.number >= total || length == 0,
            None => rows.items.is_empty(),
        };
        if !is_last && self.number >= MOST_PAGES {
            return Err(format!("the list has more than {MOST_PAGES} pages"));
        }
        Ok(is_last)
    }
}

impl Client {
    /// Reads a whole list. A row that appears twice is taken once; when the number of pages changes on
    /// the way, the list is read again from the start.
    pub async fn pages<T>(&self, list: impl Fn(Page) -> Call<Vec<T>>) -> Result<Vec<T>, Error>
    where
        T: DeserializeOwned + Identified + Send + 'static,
    {
        const SCANS: usize = 3;
        let mut rows = Vec::new();
        for _ in 0..SCANS {
            rows.clear();
            let first = self.page(list(Page::new(1))).await?;
            let steady = self
                .follow(&list, first, |page| {
                    rows.extend(page);
                    true
                })
                .await?;
            if steady {
                break;
            }
        }
        Ok(rows)
    }

    /// Gives the rows of a list page by page, its first one being read already, until nobody wants
    /// more: all at once where the instance says how many pages there are, else one after the other.
    /// Says whether the number of pages stayed the same.
    pub async fn follow<T>(
        &self,
        list: impl Fn(Page) -> Call<Vec<T>>,
        first: Rows<T>,
        mut take: impl FnMut(Vec<T>) -> bool,
    ) -> Result<bool, Error>
    where
        T: DeserializeOwned + Identified + Send + 'static,
    {
        let total = first.total_pages;
        let mut pager = Pager::new();
        let mut page = first;
        let mut steady = true;
        let mut ahead = JoinSet::new();
        let mut asked = 1;
        let mut read = BTreeMap::new();
        loop {
            steady &= page.total_pages == total;
            let ended = pager.take(&mut page, T::identity).map_err(|problem| {
                Error::unreadable(list(pager.next()).request(), 200, &problem)
            })?;
            if !take(page.items) || ended {
                return Ok(steady);
            }
            let next = pager.next();
            page = loop {
                while asked < total.unwrap_or(next.number).max(next.number) && ahead.len() < AHEAD {
                    asked += 1;
                    let (client, number) = (self.clone(), asked);
                    let call = list(Page::new(number));
                    ahead.spawn(async move { (number, client.page(call).await) });
                }
                if let Some(page) = read.remove(&next.number) {
                    break page;
                }
                match ahead.join_next().await {
                    Some(Ok((number, page))) => {
                        read.insert(number, page?);
                    }
                    Some(Err(panicked)) => std::panic::resume_unwind(panicked.into_panic()),
                    // Nothing is under way any more: this page is asked for on its own.
                    None => break self.page(list(next)).await?,
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Response;

    /// Pages of these sizes, numbered through; gives after how many the list ended.
    fn last(total: Option<u32>, list: &[std::ops::Range<usize>]) -> Option<usize> {
        let mut pager = Pager::new();
        list.iter().cloned().position(|rows| {
            let response = Response {
                total_pages: total,
                ..Response::new(200, "")
            };
            let mut rows = Rows::new(rows.collect(), &response);
            pager.take(&mut rows, usize::to_string).unwrap()
        })
    }

    #[test]
    fn the_last_page() {
        for (total, list, end) in [
            (Some(1), vec![0..100, 100..101], Some(0)),
            (Some(2), vec![0..50, 50..100, 100..101], Some(1)),
            (Some(3), vec![0..100, 0..100, 100..200], Some(2)),
            (Some(9), vec![0..100, 0..0], Some(1)),
            (
                Some(4_000_000_000),
                vec![0..100, 100..150, 150..150],
                Some(2),
            ),
            (None, vec![0..99, 99..99], Some(1)),
            (None, vec![0..0, 0..0], Some(0)),
            (None, vec![0..50, 50..70, 70..70], Some(2)),
            (None, vec![0..100, 100..200, 0..0], Some(2)),
            (None, vec![0..100, 0..100], Some(1)),
            (None, vec![0..1000, 1000..2000], None),
        ] {
            assert_eq!(last(total, &list), end, "{total:?} {list:?}");
        }
    }

    #[test]
    fn a_list_without_end_is_an_error() {
        let mut pager = Pager::new();
        let end = (0..=MOST_PAGES as usize).find_map(|page| {
            let items = (page * 100..page * 100 + 100).collect();
            let mut rows = Rows {
                items,
                total_pages: None,
            };
            pager
                .take(&mut rows, usize::to_string)
                .err()
                .map(|_| page + 1)
        });
        assert_eq!(end, Some(MOST_PAGES as usize));
    }
}
