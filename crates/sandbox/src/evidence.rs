//! How requests and commits are written down, and stored with what they changed.

use jiff::Timestamp;

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
        let (number, time) = (entry.number, entry.time);
        self.requests.push(entry);
        self.note_commits(number, time, drafts);
        if self.changed_anything() || self.requests.len() > REQUESTS_HELD {
            self.hand_over();
        }
    }

    /// Writes down that a request which is noted already was done after all.
    pub(crate) fn note_late(
        &mut self,
        mut entry: LedgerRequest,
        time: Timestamp,
        drafts: Vec<Draft>,
    ) {
        entry.committed = !drafts.is_empty();
        let number = entry.number;
        let found = self
            .requests
            .binary_search_by_key(&number, |one| one.number);
        match found {
            Ok(index) => self.requests[index].committed = entry.committed,
            // The store replaces its row. Without one, the row was reset meanwhile.
            Err(index) if self.store.is_some() => self.requests.insert(index, entry),
            Err(_) => {}
        }
        self.note_commits(number, time, drafts);
        self.hand_over();
    }

    fn note_commits(&mut self, request: u64, time: Timestamp, drafts: Vec<Draft>) {
        for draft in drafts {
            self.last_commit += 1;
            self.commits.push(LedgerCommit {
                number: self.last_commit,
                request,
                time,
                action: draft.action,
                kind: draft.kind.to_owned(),
                key: draft.key,
                id: draft.id,
            });
        }
    }

    fn changed_anything(&self) -> bool {
        self.instance.library_changed
            || !self.instance.changed.is_empty()
            || !self.instance.people.changed.is_empty()
            || !self.tokens.fresh.is_empty()
    }

    /// Hands over to the store what it does not have yet.
    fn hand_over(&mut self) {
        self.remember_writes();
        let changed = std::mem::take(&mut self.instance.changed);
        let people = std::mem::take(&mut self.instance.people.changed);
        let fresh = std::mem::take(&mut self.tokens.fresh);
        let library_changed = std::mem::take(&mut self.instance.library_changed);
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
            world: library_changed.then(|| body(&self.instance.world_without_accounts())),
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
        self.catch_up();
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
