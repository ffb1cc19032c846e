//! Reads an instance in as few requests as the API allows, and as concurrently as it goes.

use crate::accounts::accounts;
use crate::error::ReadError;
use crate::fetch;
use crate::scope::{AccountScope, Scope, TemplateScope};
use gangplank_cyclr::{Client, Error};
use gangplank_model::mark::entry_of;
use gangplank_model::moves::{Cycles, Names, bound_for, resolve};
use gangplank_model::{AccountId, LibraryTemplate, Live, LiveConnector, LiveCycle, TemplateChoice};
use std::sync::Arc;
use tokio::task::{JoinError, JoinSet};

/// How far a read has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadProgress {
    /// Accounts that are through.
    pub done: usize,
    /// Accounts to go through: those that exist.
    pub total: usize,
}

/// How many accounts lend their name to read the library, when the first is refused.
const LENDERS: usize = 3;

/// Reads what the scope asks for.
///
/// Accounts that cannot be read are named in [`Live::failed`] and do not stop the others. What
/// fails for the instance as a whole (its accounts, templates or library) is an error.
pub async fn read(
    client: &Client,
    scope: &Scope,
    progress: &(dyn Fn(ReadProgress) + Send + Sync),
) -> Result<Live, ReadError> {
    let (mut found, templates) =
        tokio::try_join!(accounts(client, scope), templates(client, scope))?;
    let existing: Vec<AccountId> = found.live.keys().cloned().collect();
    let declared = scope.accounts.iter();
    let declared = declared.filter(|(id, _)| found.live.contains_key(id));
    let declared = declared.map(|(id, scope)| (id.clone(), scope.clone()));
    let undeclared = found.undeclared.keys();
    let undeclared = undeclared.map(|id| (id.clone(), AccountScope::removal()));
    let wanted: Vec<(AccountId, AccountScope)> = declared.chain(undeclared).collect();
    let shared = Arc::new(templates.unwrap_or_default());
    let (library, parts) = tokio::join!(
        library(client, scope, &existing),
        lanes(client, wanted, &shared, progress)
    );
    for (id, part) in parts? {
        match part {
            Ok(part) => {
                let live = found.live.get_mut(&id);
                if let Some(account) = live.or(found.undeclared.get_mut(&id)) {
                    account.sub_accounts = part.sub_accounts;
                    account.connectors = part.connectors;
                    account.cycles = part.cycles;
                }
            }
            Err(why) => {
                found.spelled.remove(&id);
                found.live.remove(&id);
                found.undeclared.remove(&id);
                found.failed.insert(id, why);
            }
        }
    }
    Ok(Live {
        accounts: found.live,
        connectors: library?,
        templates: scope.templates.then(|| Arc::unwrap_or_clone(shared)),
        failed: found.failed,
        undeclared: found.undeclared,
        spelled: found.spelled,
    })
}

async fn templates(
    client: &Client,
    scope: &Scope,
) -> Result<Option<Vec<LibraryTemplate>>, ReadError> {
    if !scope.templates {
        return Ok(None);
    }
    let templates = fetch::templates(client).await;
    templates.map(Some).map_err(ReadError::templates)
}

/// The library is read in the name of an account where there is one (cyclr-api.md 1.3). Some
/// instances refuse it without: then it cannot be known before the first account exists.
async fn library(
    client: &Client,
    scope: &Scope,
    existing: &[AccountId],
) -> Result<Option<Vec<gangplank_model::LibraryConnector>>, ReadError> {
    if !scope.library {
        return Ok(None);
    }
    let mut refused = None;
    for account in existing.iter().take(LENDERS) {
        match fetch::library(client, Some(account)).await {
            Ok(library) => return Ok(Some(library)),
            Err(error) if is_refused(&error) => refused = Some(error),
            Err(error) => return Err(ReadError::library(error)),
        }
    }
    match (fetch::library(client, None).await, refused) {
        (Ok(library), _) => Ok(Some(library)),
        (Err(error), None) if error.status() == Some(401) => Ok(None),
        (Err(error), None) => Err(ReadError::library(error)),
        (Err(_), Some(refused)) => Err(ReadError::library(refused)),
    }
}

fn is_refused(error: &Error) -> bool {
    matches!(error.status(), Some(401 | 403 | 404))
}

/// What stands in one account.
#[derive(Default)]
struct Part {
    sub_accounts: Option<Vec<AccountId>>,
    connectors: Option<Vec<LiveConnector>>,
    cycles: Option<Vec<LiveCycle>>,
}

type Parts = Vec<(AccountId, Result<Part, String>)>;

async fn lanes(
    client: &Client,
    wanted: Vec<(AccountId, AccountScope)>,
    templates: &Arc<Vec<LibraryTemplate>>,
    progress: &(dyn Fn(ReadProgress) + Send + Sync),
) -> Result<Parts, ReadError> {
    let total = wanted.len();
    let mut working = JoinSet::new();
    for (id, scope) in wanted {
        let (client, templates) = (client.clone(), templates.clone());
        working.spawn(async move {
            let part = Box::pin(lane(&client, &id, &scope, &templates)).await;
            (id, part)
        });
    }
    let mut parts = Vec::with_capacity(total);
    progress(ReadProgress { done: 0, total });
    while let Some(read) = working.join_next().await {
        let (id, part) = finished(read);
        let part = match part {
            Ok(part) => Ok(part),
            Err(error) => {
                let error = ReadError::account(error);
                if error.stops_all() {
                    return Err(error);
                }
                Err(error.plainly())
            }
        };
        parts.push((id, part));
        progress(ReadProgress {
            done: parts.len(),
            total,
        });
    }
    Ok(parts)
}

/// Connectors and cycles at once, then what is declared of the cycles, all at once.
async fn lane(
    client: &Client,
    id: &AccountId,
    scope: &AccountScope,
    templates: &[LibraryTemplate],
) -> Result<Part, Error> {
    let (sub_accounts, connectors, mut cycles) = tokio::try_join!(
        when(scope.sub_accounts, fetch::sub_accounts(client, id)),
        when(
            scope.connectors,
            fetch::connectors(client, id, &scope.plain_properties)
        ),
        when(scope.cycles, fetch::cycles(client, id)),
    )?;
    if let Some(cycles) = &mut cycles {
        details(client, id, scope, templates, cycles).await?;
    }
    Ok(Part {
        sub_accounts,
        connectors,
        cycles,
    })
}

/// Reads what is wanted, and nothing else.
async fn when<T>(
    wanted: bool,
    read: impl Future<Output = Result<T, Error>>,
) -> Result<Option<T>, Error> {
    if wanted {
        read.await.map(Some)
    } else {
        Ok(None)
    }
}

/// Reads variables and mappings of the cycles that belong to declared entries.
async fn details(
    client: &Client,
    id: &AccountId,
    scope: &AccountScope,
    templates: &[LibraryTemplate],
    cycles: &mut [LiveCycle],
) -> Result<(), Error> {
    let mut working = JoinSet::new();
    let renamed = renamed(scope, templates, cycles);
    for template in &scope.templates {
        if !template.variables && template.steps.is_empty() {
            continue;
        }
        let known = renamed.as_deref().unwrap_or(cycles);
        let Some(index) = cycle_of(template, templates, known) else {
            continue;
        };
        let (client, id, template) = (client.clone(), id.clone(), template.clone());
        let cycle = cycles[index].id.clone();
        working.spawn(async move {
            let read = tokio::try_join!(
                when(template.variables, fetch::variables(&client, &id, &cycle)),
                when(
                    !template.steps.is_empty(),
                    fetch::steps_with_mappings(&client, &id, &cycle, &template.steps)
                ),
            );
            (index, read)
        });
    }
    while let Some(read) = working.join_next().await {
        let (index, read) = finished(read);
        let (variables, steps) = read?;
        cycles[index].variables = variables;
        cycles[index].steps = steps;
    }
    Ok(())
}

/// The cycles by the names that their entries have now, where any of these were moved.
fn renamed(
    scope: &AccountScope,
    templates: &[LibraryTemplate],
    cycles: &[LiveCycle],
) -> Option<Vec<LiveCycle>> {
    let names: Vec<Names<'_>> = scope
        .templates
        .iter()
        .map(|template| Names {
            name: &template.entry,
            from: &template.from,
        })
        .collect();
    let is_moving = |cycle: &LiveCycle| {
        let name = entry_of(&cycle.tags).unwrap_or(&cycle.name);
        bound_for(name).is_some()
    };
    if names.iter().all(|entry| entry.from.is_empty()) && !cycles.iter().any(is_moving) {
        return None;
    }
    let choices: Vec<&TemplateChoice> = scope.templates.iter().map(|it| &it.choice).collect();
    let held = Cycles {
        all: cycles,
        choices: &choices,
        templates,
    };
    Some(held.renamed(&names, &resolve(&names, &held)))
}

/// Finds the one cycle whose details an entry needs: the marked one, else the only unmarked one of
/// the template, by name where there are several. When several fit, none is touched, so that their
/// details are not needed.
fn cycle_of(
    template: &TemplateScope,
    templates: &[LibraryTemplate],
    cycles: &[LiveCycle],
) -> Option<usize> {
    let positions = |fits: &dyn Fn(&LiveCycle) -> bool| -> Vec<usize> {
        let fitting = cycles.iter().enumerate().filter(|(_, cycle)| fits(cycle));
        fitting.map(|(index, _)| index).collect()
    };
    let only = |found: &[usize]| match found {
        [index] => Some(*index),
        _ => None,
    };
    let marked = positions(&|cycle| entry_of(&cycle.tags) == Some(&template.entry));
    if !marked.is_empty() {
        return only(&marked);
    }
    let ids: Vec<&str> = match &template.choice {
        TemplateChoice::Id(id) => vec![id],
        TemplateChoice::Name(name) => of_library(templates, |t| t.name == *name),
        TemplateChoice::Tag(tag) => of_library(templates, |t| t.tags.contains(tag)),
    };
    let unmarked = |cycle: &LiveCycle| {
        let of_template = cycle
            .template_id
            .as_deref()
            .is_some_and(|id| ids.iter().any(|wanted| wanted.eq_ignore_ascii_case(id)));
        of_template && entry_of(&cycle.tags).is_none()
    };
    let named = positions(&|cycle| unmarked(cycle) && cycle.name == template.entry);
    if named.is_empty() {
        only(&positions(&unmarked))
    } else {
        only(&named)
    }
}

fn of_library(templates: &[LibraryTemplate], fits: impl Fn(&LibraryTemplate) -> bool) -> Vec<&str> {
    let fitting = templates.iter().filter(|template| fits(template));
    fitting.map(|template| template.id.as_str()).collect()
}

/// Takes a task's result. These tasks are never cancelled; a panic in one goes on here.
pub(crate) fn finished<T>(joined: Result<T, JoinError>) -> T {
    match joined {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
