//! Questions as requests, answers as the model's nouns.
//!
//! Errors say what is wrong with an answer and repeat nothing of it.

use crate::convert::{self, PlainProperties};
use crate::reread::{Missing, Question};
use gangplank_cyclr::resource::{account, account_connector, cycle, step};
use gangplank_cyclr::{Page, Request, Response, Rows};
use gangplank_model::{
    AccountId, CycleStatus, LiveAccount, LiveConnector, LiveCycle, LiveMapping, LiveStep,
};
use std::collections::BTreeMap;

/// The request of a question; lists have pages.
pub(crate) fn request(question: &Question, page: Page) -> Request {
    match question {
        Question::Account(id) => account::get(id.as_str()).into_request(),
        Question::Connectors(id) => account_connector::list(id.as_str(), page).into_request(),
        Question::Connector(id, connector) => {
            account_connector::get(id.as_str(), *connector).into_request()
        }
        Question::Cycles(id) => cycle::list(id.as_str(), page).into_request(),
        Question::Cycle(id, cycle) => cycle::get(id.as_str(), cycle).into_request(),
        Question::Steps(id, cycle) => step::list(id.as_str(), cycle).into_request(),
        Question::Prerequisites(id, cycle) => {
            cycle::prerequisites(id.as_str(), cycle).into_request()
        }
    }
}

/// Reads an account and its id.
pub fn account(response: &Response) -> Result<(AccountId, LiveAccount), String> {
    let account: account::Account = response.json()?;
    if account.id.is_empty() {
        return Err("the answer names no account".to_owned());
    }
    Ok(convert::account(account))
}

/// Reads one account connector, without the values of its properties.
pub fn connector(response: &Response) -> Result<LiveConnector, String> {
    let connector: account_connector::AccountConnector = response.json()?;
    if connector.id == 0 {
        return Err("the answer names no account connector".to_owned());
    }
    Ok(convert::connector(connector, &BTreeMap::new()))
}

/// Reads one cycle.
pub fn cycle(response: &Response) -> Result<LiveCycle, String> {
    let cycle: cycle::Cycle = response.json()?;
    if cycle.id.is_empty() {
        return Err("the answer names no cycle".to_owned());
    }
    Ok(convert::cycle(cycle))
}

/// Whether a cycle is deleted, though it can still be seen (cyclr-api.md 2.8).
pub fn is_deleted(cycle: &LiveCycle) -> bool {
    matches!(&cycle.status, CycleStatus::Other(word) if word.eq_ignore_ascii_case(convert::DELETED))
}

/// Whether an answer says nothing at all.
pub fn is_silent(response: &Response) -> bool {
    let body = response.body.trim_ascii();
    body.is_empty() || body == b"null"
}

pub(crate) fn connectors(response: &Response) -> Result<Rows<LiveConnector>, String> {
    connectors_with(response, &BTreeMap::new())
}

/// With the values of these properties.
pub(crate) fn connectors_with(
    response: &Response,
    plain: &PlainProperties,
) -> Result<Rows<LiveConnector>, String> {
    let rows: Vec<account_connector::AccountConnector> = response.json()?;
    let rows = rows.into_iter();
    let items = rows.map(|row| convert::connector(row, plain)).collect();
    Ok(Rows::new(items, response))
}

pub(crate) fn sub_accounts(response: &Response) -> Result<Rows<AccountId>, String> {
    let rows: Vec<account::Account> = response.json()?;
    let items = rows.into_iter().map(|row| AccountId::new(row.id)).collect();
    Ok(Rows::new(items, response))
}

pub(crate) fn variables(response: &Response) -> Result<BTreeMap<String, Option<String>>, String> {
    Ok(convert::variables(response.json()?))
}

/// Steps by id and name alone.
pub(crate) fn bare_steps(response: &Response) -> Result<Vec<LiveStep>, String> {
    let rows: Vec<step::Step> = response.json()?;
    let bare = rows.into_iter().map(|row| LiveStep {
        id: row.id,
        name: row.name,
        parameters: None,
        fields: None,
    });
    Ok(bare.collect())
}

pub(crate) fn mappings(response: &Response) -> Result<Vec<LiveMapping>, String> {
    let rows: Vec<step::Mapping> = response.json()?;
    Ok(rows.into_iter().filter_map(convert::mapping).collect())
}

pub(crate) fn cycles(response: &Response) -> Result<Rows<LiveCycle>, String> {
    let rows: Vec<cycle::Cycle> = response.json()?;
    let items = rows.into_iter().map(convert::cycle).collect();
    Ok(Rows::new(items, response))
}

pub(crate) fn steps(response: &Response) -> Result<Vec<LiveStep>, String> {
    let rows: Vec<step::Step> = response.json()?;
    Ok(rows.into_iter().map(convert::step).collect())
}

pub(crate) fn prerequisites(response: &Response) -> Result<Vec<Missing>, String> {
    let rows: Vec<cycle::Prerequisite> = response.json()?;
    Ok(rows.iter().map(convert::prerequisite).collect())
}
