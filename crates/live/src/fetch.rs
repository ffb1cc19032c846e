//! One function a kind of read: requests out, the model's nouns back.

use crate::convert::{self, PlainProperties};
use crate::read::finished;
use crate::scope::StepScope;
use crate::wire;
use gangplank_cyclr::resource::{account, account_connector, connector, cycle, step, template};
use gangplank_cyclr::{Client, Error};
use gangplank_model::{
    AccountId, LibraryConnector, LibraryTemplate, LiveAccount, LiveConnector, LiveCycle,
    LiveMapping, LiveStep,
};
use std::collections::BTreeMap;
use tokio::task::JoinSet;

/// Reads one account, with its id as the instance writes it; `None` when there is none of that id.
pub(crate) async fn account(
    client: &Client,
    id: &AccountId,
) -> Result<Option<(AccountId, LiveAccount)>, Error> {
    match client.call(account::get(id.as_str())).await {
        Ok(account) => Ok(Some(convert::account(account))),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads which sub-accounts an account has.
pub(crate) async fn sub_accounts(client: &Client, id: &AccountId) -> Result<Vec<AccountId>, Error> {
    let rows = client.pages(|page| account::subaccounts(id.as_str(), page));
    let ids = rows.await?.into_iter();
    Ok(ids.map(|row| AccountId::new(row.id)).collect())
}

/// Reads all connectors of an account.
pub(crate) async fn connectors(
    client: &Client,
    id: &AccountId,
    plain: &PlainProperties,
) -> Result<Vec<LiveConnector>, Error> {
    let rows = client
        .pages(|page| account_connector::list(id.as_str(), page))
        .await?
        .into_iter();
    Ok(rows.map(|row| convert::connector(row, plain)).collect())
}

/// Reads all cycles of an account that are not deleted.
pub(crate) async fn cycles(client: &Client, id: &AccountId) -> Result<Vec<LiveCycle>, Error> {
    let rows = client
        .pages(|page| cycle::list(id.as_str(), page))
        .await?
        .into_iter();
    let cycles = rows.map(convert::cycle);
    Ok(cycles.filter(|cycle| !wire::is_deleted(cycle)).collect())
}

/// Reads a cycle's variables.
pub(crate) async fn variables(
    client: &Client,
    id: &AccountId,
    cycle: &str,
) -> Result<BTreeMap<String, Option<String>>, Error> {
    let variables = client.call(cycle::variables(id.as_str(), cycle)).await?;
    Ok(convert::variables(variables))
}

/// Reads a cycle's steps, and the mappings of those that the scope names, all at once. What was not
/// read of a step is `None`.
pub(crate) async fn steps_with_mappings(
    client: &Client,
    id: &AccountId,
    cycle: &str,
    scope: &BTreeMap<String, StepScope>,
) -> Result<Vec<LiveStep>, Error> {
    let steps = client.call(step::list(id.as_str(), cycle)).await?;
    let mut working = JoinSet::new();
    let mut live = Vec::with_capacity(steps.len());
    for (index, step) in steps.into_iter().enumerate() {
        let wanted = scope.get(&step.name).copied().unwrap_or_default();
        if wanted != StepScope::default() {
            let (client, id, step) = (client.clone(), id.clone(), step.id.clone());
            working.spawn(async move {
                let mappings = mappings(&client, &id, &step, wanted).await;
                (index, mappings)
            });
        }
        live.push(LiveStep {
            id: step.id,
            name: step.name,
            parameters: None,
            fields: None,
        });
    }
    while let Some(read) = working.join_next().await {
        let (index, mappings) = finished(read);
        let (parameters, fields) = mappings?;
        live[index].parameters = parameters;
        live[index].fields = fields;
    }
    Ok(live)
}

pub(crate) type Mappings = (Option<Vec<LiveMapping>>, Option<Vec<LiveMapping>>);

/// Reads the mappings of one step: parameters, fields, or neither, as the scope says.
pub(crate) async fn mappings(
    client: &Client,
    id: &AccountId,
    step: &str,
    wanted: StepScope,
) -> Result<Mappings, Error> {
    let read = async |wanted: bool, call| {
        if !wanted {
            return Ok(None);
        }
        let rows: Vec<step::Mapping> = client.call(call).await?;
        Ok(Some(
            rows.into_iter().filter_map(convert::mapping).collect(),
        ))
    };
    tokio::try_join!(
        read(wanted.parameters, step::parameters(id.as_str(), step)),
        read(wanted.fields, step::field_mappings(id.as_str(), step)),
    )
}

/// Reads the whole library, in the name of an account where there is one.
pub(crate) async fn library(
    client: &Client,
    account: Option<&AccountId>,
) -> Result<Vec<LibraryConnector>, Error> {
    let rows = client
        .pages(|page| connector::list(account.map(AccountId::as_str), page))
        .await?
        .into_iter();
    Ok(rows.map(convert::library_connector).collect())
}

/// Reads all published templates.
pub(crate) async fn templates(client: &Client) -> Result<Vec<LibraryTemplate>, Error> {
    let rows = client.pages(template::list).await?.into_iter();
    Ok(rows.map(convert::template).collect())
}
