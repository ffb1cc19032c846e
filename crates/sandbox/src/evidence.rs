//! How requests and commits are written down, and stored with what they changed.

use crate::call::Draft;
use crate::engine::Core;
use crate::error::SandboxError;
use crate::ledger::{Ledger, LedgerCommit, LedgerRequest};
use crate::store::{Batch, Store};

/// How many requests may wait in memory before they are stored without a commit's help.
const REQUESTS_HELD: usize = 512;

impl Core {
    /// Writes a request and its commits down, in the store too if there is one.
    pub(crate) fn note(
        &mut self,
        entry: LedgerRequest,
        drafts: Vec<Draft>,
    ) -> Result<(), SandboxError> {
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
        let is_due = !self.instance.changed.is_empty()
            || !self.tokens.fresh.is_empty()
            || self.requests.len() > REQUESTS_HELD;
        if is_due { self.flush() } else { Ok(()) }
    }

    /// Stores what is not stored yet, in one transaction.
    pub(crate) fn flush(&mut self) -> Result<(), SandboxError> {
        let Some(store) = &mut self.store else {
            self.instance.changed.clear();
            self.tokens.fresh.clear();
            return Ok(());
        };
        if self.requests.is_empty()
            && self.commits.is_empty()
            && self.instance.changed.is_empty()
            && self.tokens.fresh.is_empty()
        {
            return Ok(());
        }
        let counter = self.instance.counter;
        store.write(&Batch {
            accounts: &self.instance.accounts,
            changed: &self.instance.changed,
            tokens: &self.tokens,
            requests: &self.requests,
            commits: &self.commits,
            counter: (counter != self.stored_counter).then_some(counter),
        })?;
        self.stored_counter = counter;
        self.instance.changed.clear();
        self.tokens.fresh.clear();
        self.requests.clear();
        self.commits.clear();
        Ok(())
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
        self.store.as_mut().map_or(Ok(()), Store::reset_ledger)
    }
}
