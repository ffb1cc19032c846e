//! Reads an account once more as a plan read it: requests and answers as values, for a caller that does
//! the sending.

use crate::wire;
use gangplank_cyclr::resource::{account, account_connector, cycle, step};
use gangplank_cyclr::{Page, Pager, Request, Response};
use gangplank_model::{AccountId, CycleWatch, LiveAccount, Precondition, Seen, StepWatch, Watch};
use std::collections::VecDeque;

/// An account that is being read once more, one request after the other.
#[derive(Clone, Debug)]
pub struct Recheck {
    account: AccountId,
    precondition: Precondition,
    /// What is still to be asked; never empty before the end.
    asks: VecDeque<Ask>,
    pager: Pager,
    found: LiveAccount,
}

/// What an answer brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// There is more to ask: [`Recheck::request`].
    More,
    /// Nothing that the plan looked at has moved.
    Same,
    /// Something has: what, in words.
    Moved(String),
}

/// One question. Cycles and steps go by their ids.
#[derive(Clone, Debug)]
enum Ask {
    Account,
    SubAccounts,
    Connectors,
    Cycles,
    Variables(String),
    Steps(String),
    Parameters(String, String),
    Fields(String, String),
}

impl Recheck {
    /// Begins with the account itself, and ends with what is in its cycles: the requests that the plan
    /// made.
    pub fn new(account: AccountId, precondition: Precondition) -> Self {
        let asks = asks(&precondition.watch);
        Self {
            account,
            precondition,
            asks,
            pager: Pager::new(),
            found: LiveAccount::default(),
        }
    }

    /// How many requests it takes at least: long lists take one a page.
    pub fn requests(&self) -> usize {
        self.asks.len()
    }

    /// The request to send now.
    pub fn request(&self) -> Request {
        let id = self.account.as_str();
        let page: Page = self.pager.next();
        match self.asks.front().unwrap_or(&Ask::Account) {
            Ask::Account => account::get(id).into_request(),
            Ask::SubAccounts => account::subaccounts(id, page).into_request(),
            Ask::Connectors => account_connector::list(id, page).into_request(),
            Ask::Cycles => cycle::list(id, page).into_request(),
            Ask::Variables(of) => cycle::variables(id, of).into_request(),
            Ask::Steps(of) => step::list(id, of).into_request(),
            Ask::Parameters(_, of) => step::parameters(id, of).into_request(),
            Ask::Fields(_, of) => step::field_mappings(id, of).into_request(),
        }
    }

    /// The instance says that what was asked for is not there.
    pub fn missing(&self) -> String {
        match self.asks.front().unwrap_or(&Ask::Account) {
            Ask::Account | Ask::SubAccounts | Ask::Connectors | Ask::Cycles => {
                "the account is gone".to_owned()
            }
            Ask::Variables(_) | Ask::Steps(_) | Ask::Parameters(..) | Ask::Fields(..) => {
                "a cycle of it is gone".to_owned()
            }
        }
    }

    /// Takes an answer. `Err` says why it cannot be read, without repeating any of it.
    pub fn take(&mut self, response: &Response) -> Result<Checked, String> {
        let Some(ask) = self.asks.front().cloned() else {
            return Ok(self.verdict());
        };
        match ask {
            Ask::Account => self.found = wire::account(response)?.1,
            Ask::SubAccounts => {
                let mut rows = wire::sub_accounts(response)?;
                let last = self.pager.take(&mut rows, ToString::to_string)?;
                let all = self.found.sub_accounts.get_or_insert_default();
                all.extend(rows.items);
                if !last {
                    return Ok(Checked::More);
                }
            }
            Ask::Connectors => {
                let plain = &self.precondition.watch.properties;
                let mut rows = wire::connectors_with(response, plain)?;
                let last = self.pager.take(&mut rows, |row| row.id.to_string())?;
                let all = self.found.connectors.get_or_insert_default();
                all.extend(rows.items);
                if !last {
                    return Ok(Checked::More);
                }
            }
            Ask::Cycles => {
                let mut rows = wire::cycles(response)?;
                let last = self.pager.take(&mut rows, |row| row.id.clone())?;
                let all = self.found.cycles.get_or_insert_default();
                all.extend(rows.items);
                if !last {
                    return Ok(Checked::More);
                }
                all.retain(|cycle| !wire::is_deleted(cycle));
            }
            Ask::Variables(_) | Ask::Steps(_) | Ask::Parameters(..) | Ask::Fields(..) => {
                return self.detail(&ask, response);
            }
        }
        Ok(self.next())
    }

    /// What is in a cycle belongs to one that was listed just now; else that one is gone.
    fn detail(&mut self, ask: &Ask, response: &Response) -> Result<Checked, String> {
        let (Ask::Variables(id) | Ask::Steps(id) | Ask::Parameters(id, _) | Ask::Fields(id, _)) =
            ask
        else {
            return Ok(self.next());
        };
        let cycles = self.found.cycles.iter_mut().flatten();
        let Some(cycle) = cycles.into_iter().find(|cycle| cycle.id == *id) else {
            return Ok(self.verdict());
        };
        match ask {
            Ask::Variables(_) => cycle.variables = Some(wire::variables(response)?),
            Ask::Steps(_) => cycle.steps = Some(wire::bare_steps(response)?),
            Ask::Parameters(_, step) | Ask::Fields(_, step) => {
                let mappings = Some(wire::mappings(response)?);
                let mut steps = cycle.steps.iter_mut().flatten();
                if let Some(step) = steps.find(|it| it.id == *step) {
                    match ask {
                        Ask::Fields(..) => step.fields = mappings,
                        _ => step.parameters = mappings,
                    }
                }
            }
            Ask::Account | Ask::SubAccounts | Ask::Connectors | Ask::Cycles => {}
        }
        Ok(self.next())
    }

    fn next(&mut self) -> Checked {
        self.asks.pop_front();
        self.pager = Pager::new();
        let Some(next) = self.asks.front() else {
            return self.verdict();
        };
        let is_detail = !matches!(
            next,
            Ask::Account | Ask::SubAccounts | Ask::Connectors | Ask::Cycles
        );
        // Once the lists are there, most of what can have moved is known without looking further.
        match self.seen_so_far().filter(|_| is_detail) {
            Some(what) => Checked::Moved(what),
            None => Checked::More,
        }
    }

    /// What moved, where cycles that are still to be looked into are taken for what they were.
    fn seen_so_far(&self) -> Option<String> {
        let before = &self.precondition.seen;
        let mut now = self.seen();
        for CycleWatch { cycle, .. } in &self.precondition.watch.details {
            if let (Some(was), Some(is)) = (before.cycles.get(cycle), now.cycles.get_mut(cycle)) {
                is.digest.clone_from(&was.digest);
            }
        }
        before.moved(&now)
    }

    fn seen(&self) -> Seen {
        self.precondition.watch.see(&self.found)
    }

    fn verdict(&self) -> Checked {
        match self.precondition.seen.moved(&self.seen()) {
            None => Checked::Same,
            Some(what) => Checked::Moved(what),
        }
    }
}

fn asks(watch: &Watch) -> VecDeque<Ask> {
    let mut asks = VecDeque::from([Ask::Account]);
    let lists = [
        (watch.sub_accounts.is_some(), Ask::SubAccounts),
        (watch.connectors, Ask::Connectors),
        (watch.cycles, Ask::Cycles),
    ];
    asks.extend(lists.into_iter().filter(|(read, _)| *read).map(|it| it.1));
    for CycleWatch {
        cycle,
        variables,
        steps,
    } in &watch.details
    {
        asks.extend(variables.then(|| Ask::Variables(cycle.clone())));
        asks.extend(steps.as_ref().map(|_| Ask::Steps(cycle.clone())));
        for StepWatch {
            step,
            parameters,
            fields,
        } in steps.iter().flatten()
        {
            let of = || (cycle.clone(), step.clone());
            asks.extend(
                parameters
                    .then(of)
                    .map(|(cycle, step)| Ask::Parameters(cycle, step)),
            );
            asks.extend(
                fields
                    .then(of)
                    .map(|(cycle, step)| Ask::Fields(cycle, step)),
            );
        }
    }
    asks
}
