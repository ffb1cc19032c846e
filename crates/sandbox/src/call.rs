//! `Call`: one request on its way through a handler, with the state it works on.

use std::borrow::Cow;
use std::fmt::Display;

use jiff::Timestamp;

use crate::ledger::Action;
use crate::reply::Refusal;
use crate::request::Query;
use crate::state::Instance;
use crate::world::Account;

/// What a handler works on.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) instance: &'a mut Instance,
    /// Values of the path's placeholders, in order.
    pub(crate) path: Vec<Cow<'a, str>>,
    pub(crate) query: Query<'a>,
    pub(crate) body: &'a [u8],
    pub(crate) now: Timestamp,
    /// The host that was called; empty when it is not known.
    pub(crate) host: &'a str,
    /// Key of the account that `X-Cyclr-Account` names; empty without one.
    pub(crate) account: String,
    /// What was committed, in order.
    pub(crate) commits: Vec<Draft>,
}

/// A commit before it has a number.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) action: Action,
    pub(crate) kind: &'static str,
    pub(crate) key: String,
    pub(crate) id: String,
}

impl Call<'_> {
    /// A placeholder's value.
    pub(crate) fn segment(&self, index: usize) -> &str {
        self.path.get(index).map_or("", |segment| segment.as_ref())
    }

    /// A placeholder that has to be a number; anything else is a 400 (cyclr-api.md 1.5).
    pub(crate) fn number(&self, index: usize) -> Result<u64, Refusal> {
        self.segment(index).parse().map_err(|_| {
            Refusal::invalid(
                "id",
                format!("The value '{}' is not valid.", self.segment(index)),
            )
        })
    }

    /// A placeholder that has to be a GUID; anything else is a 400 (cyclr-api.md 1.5).
    pub(crate) fn guid(&self, index: usize) -> Result<&str, Refusal> {
        let text = self.segment(index);
        match uuid::Uuid::try_parse(text) {
            Ok(_) => Ok(text),
            Err(_) => Err(Refusal::invalid(
                "id",
                format!("The value '{text}' is not valid."),
            )),
        }
    }

    /// The account of the call.
    pub(crate) fn account(&self) -> Result<&Account, Refusal> {
        self.instance
            .accounts
            .get(&self.account)
            .ok_or_else(|| Refusal::missing("Account"))
    }

    /// The account of the call, to be changed.
    pub(crate) fn account_mut(&mut self) -> Result<&mut Account, Refusal> {
        let account = self.instance.accounts.get_mut(&self.account);
        account.ok_or_else(|| Refusal::missing("Account"))
    }

    /// Notes that an object of the call's account was created, updated or deleted.
    pub(crate) fn record(
        &mut self,
        action: Action,
        kind: &'static str,
        name: &str,
        id: impl Display,
    ) {
        let owner = self.account.clone();
        self.record_of(&owner, action, kind, (name, &id));
    }

    /// Notes that an object of some account, given by name and id, was created, updated or deleted.
    pub(crate) fn record_of(
        &mut self,
        owner: &str,
        action: Action,
        kind: &'static str,
        (name, id): (&str, &dyn Display),
    ) {
        let account = self.instance.accounts.get(owner);
        let account = account.map_or(owner, |account| &account.id);
        let key = if kind == "account" {
            name.to_owned()
        } else {
            format!("{account}/{name}")
        };
        self.commits.push(Draft {
            action,
            kind,
            key,
            id: id.to_string(),
        });
        self.instance.changed.insert(owner.to_owned());
    }
}
