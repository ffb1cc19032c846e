//! Which declared accounts exist, in the fewest requests.

use crate::convert;
use crate::error::ReadError;
use crate::fetch;
use crate::read::finished;
use crate::scope::Scope;
use gangplank_cyclr::resource::account::{self, Account};
use gangplank_cyclr::{Client, Page};
use gangplank_model::lease::is_lease;
use gangplank_model::{AccountId, LiveAccount};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// How often the list is read from the start, when its number of pages changes on the way.
const SCANS: usize = 3;

/// The declared accounts: those that exist, and those that could not be read.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) live: BTreeMap<AccountId, LiveAccount>,
    pub(crate) failed: BTreeMap<AccountId, String>,
    /// Those that nobody declares, when they were asked for; never the account of the lease.
    pub(crate) undeclared: BTreeMap<AccountId, LiveAccount>,
    pub(crate) spelled: BTreeMap<AccountId, AccountId>,
}

/// Finds the declared accounts.
///
/// One account is asked for by its id. Several are looked for on the first page of all, which tells
/// how many pages there are; what is not there is read in the cheaper way: the other pages, or one
/// by one. With `L` live accounts on pages of `P` and `A` declared ones this takes at most
/// `min(ceil(L/P), A) + 1` requests for those that exist. The one is what it costs not to know `L`:
/// whoever begins with single accounts instead pays it where one page would have been enough.
///
/// A list of one page is one answer, and what it does not name does not exist. A longer one may have
/// shifted while it was read, and one that does not say how long it is may have been cut; so an
/// account that is missing there is asked for by its id before it counts as missing.
///
/// Where accounts that nobody declares are needed too, all pages are read. One that the list leaves out
/// is then left alone.
pub(crate) async fn accounts(client: &Client, scope: &Scope) -> Result<Found, ReadError> {
    let mut letters: BTreeMap<String, Vec<&AccountId>> = BTreeMap::new();
    for id in scope.accounts.keys() {
        letters
            .entry(id.as_str().to_lowercase())
            .or_default()
            .push(id);
    }
    let mut search = Search {
        client,
        missing: scope.accounts.keys().collect(),
        letters,
        everything: scope.undeclared,
        other_letters: BTreeSet::new(),
        found: Found::default(),
    };
    if search.missing.len() > 1 || scope.undeclared {
        search.list().await?;
    }
    search.one_by_one(scope.accounts.len()).await?;
    let mut found = search.found;
    tell_apart(&mut found);
    Ok(found)
}

/// What is looked for, and what was found.
struct Search<'a> {
    client: &'a Client,
    missing: BTreeSet<&'a AccountId>,
    /// All that are declared, by their ids in lower case.
    letters: BTreeMap<String, Vec<&'a AccountId>>,
    /// Whether accounts that nobody declares are kept, and all pages read for them.
    everything: bool,
    /// Those of the missing that a list names in other letters.
    other_letters: BTreeSet<&'a AccountId>,
    found: Found,
}

/// How a scan of the list ended.
enum Scan {
    /// One page was the whole list.
    Whole,
    /// It may have shifted, or the rest is cheaper one by one.
    Open,
    /// The number of pages changed on the way.
    Changed,
}

impl Search<'_> {
    /// Looks for all of them in the list. What is left in `missing` is to be asked for by id.
    async fn list(&mut self) -> Result<(), ReadError> {
        for _ in 0..SCANS {
            match self.scan().await? {
                Scan::Whole => {
                    // Only an account whose id is there in other letters is still uncertain.
                    let uncertain = std::mem::take(&mut self.other_letters);
                    self.missing.retain(|id| uncertain.contains(id));
                    return Ok(());
                }
                Scan::Open => return Ok(()),
                Scan::Changed => {}
            }
        }
        Ok(())
    }

    async fn scan(&mut self) -> Result<Scan, ReadError> {
        let client = self.client;
        let first = client.page(account::list(Page::new(1))).await;
        let first = first.map_err(ReadError::accounts)?;
        let total = first.total_pages;
        if total.is_some_and(|total| total <= 1) {
            self.take(first.items);
            return Ok(Scan::Whole);
        }
        let mut number = 0;
        let steady = client
            .follow(account::list, first, |page| {
                self.take(page);
                number += 1;
                // More pages are read as long as that is not dearer than to ask for each by its id.
                match total {
                    _ if self.everything => true,
                    Some(total) if number == 1 => (total as usize) <= self.missing.len() + 1,
                    Some(_) => true,
                    None => number <= self.missing.len(),
                }
            })
            .await
            .map_err(ReadError::accounts)?;
        Ok(if steady { Scan::Open } else { Scan::Changed })
    }

    fn take(&mut self, page: Vec<Account>) {
        for (id, account) in page.into_iter().map(convert::account) {
            let alike = self.letters.get(&id.as_str().to_lowercase());
            for wanted in alike.into_iter().flatten().filter(|wanted| ***wanted != id) {
                self.other_letters.insert(wanted);
            }
            let undeclared = alike.is_none() && !is_lease(id.as_str());
            if self.missing.remove(&id) {
                self.found.live.insert(id, account);
            } else if undeclared && self.everything {
                self.found.undeclared.insert(id, account);
            }
        }
    }

    /// Asks for each that is missing by its id. An only declared account that cannot be read leaves
    /// nothing else to do.
    async fn one_by_one(&mut self, declared: usize) -> Result<(), ReadError> {
        let mut single = JoinSet::new();
        for id in &self.missing {
            let (client, id) = (self.client.clone(), (*id).clone());
            single.spawn(async move {
                let account = fetch::account(&client, &id).await;
                (id, account)
            });
        }
        while let Some(read) = single.join_next().await {
            match finished(read) {
                (id, Ok(Some((live, account)))) => self.there(id, live, account),
                (_, Ok(None)) => {}
                (_, Err(error)) if declared == 1 => return Err(ReadError::accounts(error)),
                (id, Err(error)) => {
                    let error = ReadError::account(error);
                    if error.stops_all() {
                        return Err(error);
                    }
                    self.found.failed.insert(id, error.plainly());
                }
            }
        }
        Ok(())
    }

    /// Takes an account that was asked for by its id.
    fn there(&mut self, id: AccountId, live: AccountId, account: LiveAccount) {
        if live != id {
            if !same(&live, &id) {
                let why = format!("the instance answered with another account, {live:?}");
                self.found.failed.insert(id, why);
                return;
            }
            self.found.spelled.insert(id.clone(), live);
        }
        self.found.live.insert(id, account);
    }
}

/// Whether two ids differ in upper and lower case at most (cyclr-api.md 4, U23).
fn same(one: &AccountId, other: &AccountId) -> bool {
    one.as_str().to_lowercase() == other.as_str().to_lowercase()
}

/// Two declared accounts that are one on the instance would undo each other's work: the one that is
/// spelled as there stands, the others are left out.
fn tell_apart(found: &mut Found) {
    let mut holders: BTreeMap<AccountId, AccountId> = BTreeMap::new();
    for id in found
        .live
        .keys()
        .filter(|id| !found.spelled.contains_key(*id))
    {
        holders.insert(id.clone(), id.clone());
    }
    for (id, live) in found.spelled.clone() {
        match holders.get(&live) {
            None => {
                holders.insert(live, id);
            }
            Some(holder) => {
                let why = format!(
                    "the instance knows it as {live}, which is account {holder} of the manifest \
                     as well; declare it once"
                );
                found.live.remove(&id);
                found.spelled.remove(&id);
                found.failed.insert(id, why);
            }
        }
    }
}
