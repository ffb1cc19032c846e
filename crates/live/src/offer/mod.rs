//! Reads what an instance offers, for a check without a plan: in few requests, and never a write.

mod export;
mod inside;
mod survey;

pub use survey::{Survey, survey};

use crate::error::ReadError;
use crate::fetch;
use gangplank_cyclr::resource::{account, template};
use gangplank_cyclr::{Client, Error, ErrorKind, Page};
use gangplank_model::lease::is_lease;
use gangplank_model::{
    AccountId, AccountSpec, Desired, KnownAccounts, LibraryConnector, Offer, Presence,
    TemplateChoice, TemplateSpec,
};
use std::collections::{BTreeMap, BTreeSet};

/// How many accounts lend their name to read the library, when it is refused without.
const LENDERS: usize = 3;

/// What is asked of the instance, and what is known of its accounts.
struct Reading<'a> {
    client: &'a Client,
    desired: &'a Desired,
    /// The accounts on the first page of the list; `None` before it was read.
    accounts: Option<KnownAccounts>,
}

/// Reads the library and the published templates, as far as anything declared asks for them, and what
/// is inside of the templates of which a manifest names steps or variables.
///
/// Nothing is asked of an account but the cycles of those few in which a template is looked into: one
/// cycle a template at most. An export is read where no cycle tells, or one lacks a declared name.
pub async fn offer(client: &Client, desired: &Desired) -> Result<Offer, ReadError> {
    let wants = Wants::of(desired);
    let mut reading = Reading {
        client,
        desired,
        accounts: None,
    };
    let mut offer = Offer::default();
    if wants.templates {
        let templates = fetch::templates(client).await;
        offer.templates = Some(templates.map_err(ReadError::templates)?);
        offer.unpublished = reading.unpublished(&offer).await?;
    }
    if wants.library {
        offer.connectors = reading.library(wants.inside).await?;
    }
    if wants.inside {
        offer.insides = reading.insides(&offer).await?;
    }
    offer.accounts = reading.accounts;
    Ok(offer)
}

/// Reads the names of the connectors that stand in each of these accounts; in one that is not there
/// stands none.
pub async fn look_into(
    client: &Client,
    desired: &Desired,
    accounts: &BTreeSet<AccountId>,
    offer: &mut Offer,
) -> Result<(), ReadError> {
    let mut reading = Reading {
        client,
        desired,
        accounts: offer.accounts.take(),
    };
    // A page of all costs less than to be told of each that it is not there.
    let known = reading.accounts().await?;
    for id in accounts {
        let names = if known.whole && !known.ids.contains(id) {
            BTreeSet::new()
        } else {
            match fetch::connectors(client, id, &BTreeMap::new()).await {
                Ok(connectors) => connectors.into_iter().map(|it| it.name).collect(),
                Err(error) if is_missing(&error) => BTreeSet::new(),
                Err(error) => return Err(ReadError::account(error)),
            }
        };
        offer.installed.insert(id.clone(), names);
    }
    offer.accounts = reading.accounts;
    Ok(())
}

/// Whether an answer may mean that there is no such account (cyclr-api.md 4, U1).
fn is_missing(error: &Error) -> bool {
    matches!(error.status(), Some(401 | 403 | 404)) && !stops_all(error)
}

/// Whether there is no token to be had.
fn stops_all(error: &Error) -> bool {
    matches!(error.kind, ErrorKind::Token(_))
}

/// What must be known of the instance.
struct Wants {
    library: bool,
    templates: bool,
    /// Whether names inside of templates are declared.
    inside: bool,
}

impl Wants {
    fn of(desired: &Desired) -> Self {
        let here = Presence::Present;
        let connectors =
            present(desired).any(|it| it.connectors.iter().any(|it| it.presence == here));
        let templates = present(desired).any(|it| templates(it).next().is_some());
        Self {
            // A template that needs a connector which works by itself needs no entry for it.
            library: connectors || templates,
            templates,
            inside: present(desired).any(|it| templates_with_names(it).next().is_some()),
        }
    }
}

fn present(desired: &Desired) -> impl Iterator<Item = &AccountSpec> {
    let accounts = desired.accounts.iter();
    accounts.filter(|account| account.presence == Presence::Present)
}

fn templates(account: &AccountSpec) -> impl Iterator<Item = &TemplateSpec> {
    let templates = account.templates.iter().map(AsRef::as_ref);
    templates.filter(|template: &&TemplateSpec| template.presence == Presence::Present)
}

fn templates_with_names(account: &AccountSpec) -> impl Iterator<Item = &TemplateSpec> {
    templates(account).filter(|template| {
        let mut steps = template.steps.values();
        !template.variables.is_empty()
            || steps.any(|step| !step.parameters.is_empty() || !step.fields.is_empty())
    })
}

impl Reading<'_> {
    /// The first page of accounts, once.
    async fn accounts(&mut self) -> Result<&KnownAccounts, ReadError> {
        if self.accounts.is_none() {
            let page = self.client.page(account::list(Page::new(1))).await;
            let page = page.map_err(ReadError::accounts)?;
            self.accounts = Some(KnownAccounts {
                whole: page.total_pages == Some(1) || page.items.is_empty(),
                ids: page
                    .items
                    .into_iter()
                    .map(|account| AccountId::new(account.id))
                    .filter(|id| !is_lease(id.as_str()))
                    .collect(),
            });
        }
        Ok(self.accounts.get_or_insert_default())
    }

    /// The library. Some instances show it to accounts only (cyclr-api.md 1.3): any will do. `None` when
    /// there is none.
    async fn library(
        &mut self,
        accounts_are_wanted: bool,
    ) -> Result<Option<Vec<LibraryConnector>>, ReadError> {
        let declared: BTreeSet<AccountId> = present(self.desired).map(|it| it.id.clone()).collect();
        let lender = if accounts_are_wanted {
            let accounts = self.accounts().await?;
            accounts
                .ids
                .iter()
                .find(|id| declared.contains(*id))
                .cloned()
        } else {
            None
        };
        let refused = match fetch::library(self.client, lender.as_ref()).await {
            Ok(library) => return Ok(Some(library)),
            Err(error) if is_missing(&error) => error,
            Err(error) => return Err(ReadError::library(error)),
        };
        let accounts = self.accounts().await?;
        let lenders: Vec<AccountId> = accounts.ids.iter().take(LENDERS).cloned().collect();
        for lender in &lenders {
            match fetch::library(self.client, Some(lender)).await {
                Ok(library) => return Ok(Some(library)),
                Err(error) if is_missing(&error) => {}
                Err(error) => return Err(ReadError::library(error)),
            }
        }
        if lenders.is_empty() && refused.status() == Some(401) {
            Ok(None)
        } else {
            Err(ReadError::library(refused))
        }
    }

    /// Which of the templates that are chosen by an id, and not listed, are there all the same.
    async fn unpublished(&self, offer: &Offer) -> Result<BTreeSet<String>, ReadError> {
        let listed = |choice: &TemplateChoice| {
            let mut templates = offer.templates.iter().flatten();
            templates.any(|template| choice.means(template))
        };
        let mut ids = BTreeSet::new();
        for template in present(self.desired).flat_map(templates) {
            if let TemplateChoice::Id(id) = &template.template.value
                && !listed(&template.template.value)
            {
                ids.insert(id.to_lowercase());
            }
        }
        let mut there = BTreeSet::new();
        for id in ids {
            match self.client.call(template::get(&id)).await {
                Ok(found) if found.id.eq_ignore_ascii_case(&id) => {
                    there.insert(id);
                }
                Err(error) if stops_all(&error) => return Err(ReadError::templates(error)),
                // It is not there, or it cannot be told: then it is not published, which is enough.
                Ok(_) | Err(_) => {}
            }
        }
        Ok(there)
    }
}
