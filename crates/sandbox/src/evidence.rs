//! How requests and commits are written down, and stored with what they changed.

use crate::call::Draft;
use crate::engine::Core;
use crate::error::SandboxError;
use crate::ledger::{Ledger, LedgerCommit, LedgerRequest};
use crate::state::Record;
use crate::store::{Batch, Receipt, Store};

/// How many requests may wait in memory before they are stored without a commit's help.
const REQUESTS_HELD: usize = 512;

impl Core {
    /// Writes a request and its commits down, and hands them over to the store if there is one.
    pub(crate) fn note(&mut self, entry: LedgerRequest, drafts: Vec<Draft>) {
        let number = entry.number;
        self.requests.push(entry);
        for draft in drafts {
            self.last_commit += 1;
            self.commits.push(LedgerCommit {
                number: self.last_commit,
                request: number,
                action: draft.action,
                kind: draft.kind.to_owned(),
                key: draft.key,
                id: draft.id,
            });
        }
        if self.changed_anything() || self.requests.len() > REQUESTS_HELD {
            self.hand_over();
        }
    }

    fn changed_anything(&self) -> bool {
        !self.instance.changed.is_empty()
            || !self.instance.people.changed.is_empty()
            || !self.tokens.fresh.is_empty()
    }

    /// Hands over to the store what it does not have yet.
    fn hand_over(&mut self) {
        let changed = std::mem::take(&mut self.instance.changed);
        let people = std::mem::take(&mut self.instance.people.changed);
        let fresh = std::mem::take(&mut self.tokens.fresh);
        let Some(store) = &mut self.store else {
            return;
        };
        let accounts = changed.into_iter().map(|key| {
            let body = self.instance.accounts.get(&key).map(body);
            (key, body)
        });
        let people = people.into_iter().map(|record| {
            let body = match &record {
                Record::User(key) => self.instance.people.user(key).map(body),
                Record::SignIn(token) => self.instance.people.sign_in(token).map(body),
            };
            (record, body)
        });
        let tokens = fresh.into_iter().filter_map(|token| {
            let body = body(self.tokens.get(&token)?);
            Some((token, body))
        });
        let counter = self.instance.counter;
        store.write(Batch {
            accounts: accounts.collect(),
            people: people.collect(),
            tokens: tokens.collect(),
            requests: std::mem::take(&mut self.requests),
            commits: std::mem::take(&mut self.commits),
            counter: (counter != self.stored_counter).then_some(counter),
        });
        self.stored_counter = counter;
    }

    /// For whoever has to wait until all that was answered up to now is stored.
    pub(crate) fn receipt(&self) -> Option<Receipt> {
        self.store.as_ref()?.receipt()
    }

    /// Stores what is not stored yet.
    pub(crate) fn flush(&mut self) -> Result<(), SandboxError> {
        if self.changed_anything() || !self.requests.is_empty() || !self.commits.is_empty() {
            self.hand_over();
        }
        self.receipt().map_or(Ok(()), Receipt::wait)
    }

    /// The ledger so far.
    pub fn ledger(&mut self) -> Result<Ledger, SandboxError> {
        self.flush()?;
        let (requests, commits) = match &self.store {
            Some(store) => store.ledger()?,
            None => (self.requests.clone(), self.commits.clone()),
        };
        Ok(Ledger::new(requests, commits, &self.instance))
    }

    /// Empties the ledger; numbers go on.
    pub fn reset_ledger(&mut self) -> Result<(), SandboxError> {
        self.flush()?;
        self.requests.clear();
        self.commits.clear();
        self.store.as_ref().map_or(Ok(()), Store::reset_ledger)
    }
}

/// A record of the store.
fn body<T: serde::Serialize>(record: &T) -> String {
    serde_json::to_string(record)
        .expect("the types of a world have string keys and no failing parts")
}
