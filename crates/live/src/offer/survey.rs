//! What stands in an instance that no manifest speaks of yet.

use super::Reading;
use crate::convert;
use crate::error::ReadError;
use crate::fetch;
use crate::read::finished;
use gangplank_cyclr::resource::account;
use gangplank_cyclr::{Client, Page};
use gangplank_model::lease::is_lease;
use gangplank_model::{AccountId, Desired, KnownAccounts, Live};
use std::collections::BTreeMap;
use tokio::task::JoinSet;

/// What stands in an instance.
#[derive(Clone, Debug)]
pub struct Survey {
    /// What it offers, and the accounts with their connectors and cycles.
    pub live: Live,
    /// The accounts in the order in which the instance lists them.
    pub order: Vec<AccountId>,
    /// Whether there are more accounts than were looked into.
    pub more: bool,
}

/// Reads the library, the published templates, and the first accounts: each with its connectors and
/// cycles, and no value of a property. The account of the lease is none of them.
pub async fn survey(client: &Client, most: usize) -> Result<Survey, ReadError> {
    let first = client.page(account::list(Page::new(1))).await;
    let first = first.map_err(ReadError::accounts)?;
    let mut rows = Vec::new();
    client
        .follow(account::list, first, |page| {
            let accounts = page.into_iter().map(convert::account);
            rows.extend(accounts.filter(|(id, _)| !is_lease(id.as_str())));
            rows.len() <= most
        })
        .await
        .map_err(ReadError::accounts)?;
    let more = rows.len() > most;
    rows.truncate(most);
    let order: Vec<AccountId> = rows.iter().map(|(id, _)| id.clone()).collect();
    let nothing = Desired::default();
    let mut reading = Reading {
        client,
        desired: &nothing,
        accounts: Some(KnownAccounts {
            ids: order.clone(),
            whole: !more,
        }),
    };
    let connectors = reading.library(false).await?;
    let templates = fetch::templates(client).await;
    let mut live = Live {
        accounts: rows.into_iter().collect(),
        connectors,
        templates: Some(templates.map_err(ReadError::templates)?),
        ..Live::default()
    };
    let mut working = JoinSet::new();
    for id in &order {
        let (client, id) = (client.clone(), id.clone());
        working.spawn(async move {
            let plain = BTreeMap::new();
            let read = tokio::try_join!(
                fetch::connectors(&client, &id, &plain),
                fetch::cycles(&client, &id)
            );
            (id, read)
        });
    }
    while let Some(read) = working.join_next().await {
        let (id, read) = finished(read);
        let (connectors, cycles) = read.map_err(ReadError::account)?;
        if let Some(account) = live.accounts.get_mut(&id) {
            account.connectors = Some(connectors);
            account.cycles = Some(cycles);
        }
    }
    Ok(Survey { live, order, more })
}
