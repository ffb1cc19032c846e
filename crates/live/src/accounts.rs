//! Which declared accounts exist, in the fewest requests.

use crate::error::ReadError;
use crate::fetch;
use crate::read::finished;
use crate::scope::Scope;
use gangplank_cyclr::Client;
use gangplank_model::{AccountId, LiveAccount};
use std::collections::{BTreeMap, BTreeSet};
use tokio::task::JoinSet;

/// The declared accounts: those that exist, and those that could not be read.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) live: BTreeMap<AccountId, LiveAccount>,
    pub(crate) failed: BTreeMap<AccountId, String>,
}

/// One account is asked for by its id. Several are looked for on the first page of all; what is
/// not there is read in the cheaper way: the other pages, or one by one.
pub(crate) async fn accounts(client: &Client, scope: &Scope) -> Result<Found, ReadError> {
    let mut missing: BTreeSet<&AccountId> = scope.accounts.keys().collect();
    let mut found = Found::default();
    if let (1, Some(id)) = (missing.len(), missing.first()) {
        // A single account that cannot be read leaves nothing else to do.
        let account = fetch::account(client, id)
            .await
            .map_err(ReadError::accounts)?;
        found.live.extend(account.map(|live| ((*id).clone(), live)));
        return Ok(found);
    }
    if missing.is_empty() {
        return Ok(found);
    }
    let first = fetch::accounts(client, 1)
        .await
        .map_err(ReadError::accounts)?;
    let total = first.total_pages;
    let mut last = first.is_last(1);
    take(&mut found, &mut missing, first.items);
    let Some(total) = total else {
        // The instance does not say how many pages there are: one after the other.
        let mut page = 1;
        while !last && !missing.is_empty() {
            page += 1;
            let next = fetch::accounts(client, page)
                .await
                .map_err(ReadError::accounts)?;
            last = next.is_last(page);
            take(&mut found, &mut missing, next.items);
        }
        return Ok(found);
    };
    let pages = total.saturating_sub(1);
    if pages == 0 || missing.is_empty() {
        return Ok(found);
    }
    if pages as usize <= missing.len() {
        let mut rest = JoinSet::new();
        for page in 2..=total {
            let client = client.clone();
            rest.spawn(async move { fetch::accounts(&client, page).await });
        }
        while let Some(page) = rest.join_next().await {
            let page = finished(page).map_err(ReadError::accounts)?;
            take(&mut found, &mut missing, page.items);
        }
        return Ok(found);
    }
    one_by_one(client, &missing, &mut found).await?;
    Ok(found)
}

async fn one_by_one(
    client: &Client,
    missing: &BTreeSet<&AccountId>,
    found: &mut Found,
) -> Result<(), ReadError> {
    let mut single = JoinSet::new();
    for id in missing {
        let (client, id) = (client.clone(), (*id).clone());
        single.spawn(async move {
            let account = fetch::account(&client, &id).await;
            (id, account)
        });
    }
    while let Some(read) = single.join_next().await {
        match finished(read) {
            (id, Ok(Some(account))) => {
                found.live.insert(id, account);
            }
            (_, Ok(None)) => {}
            (id, Err(error)) => {
                let error = ReadError::account(error);
                if error.stops_all() {
                    return Err(error);
                }
                found.failed.insert(id, error.plainly());
            }
        }
    }
    Ok(())
}

fn take(
    found: &mut Found,
    missing: &mut BTreeSet<&AccountId>,
    page: Vec<(AccountId, LiveAccount)>,
) {
    for (id, account) in page {
        if missing.remove(&id) {
            found.live.insert(id, account);
        }
    }
}
