//! Writes that are answered now and done when the clock has moved on.

use jiff::{SignedDuration, Timestamp};

use super::Core;
use super::target::Target;
use crate::admission::Visit;
use crate::fault::{Paging, Span};
use crate::ledger::LedgerRequest;
use crate::request::Request;

/// A write that was let in and is still to be done.
#[derive(Debug)]
pub(super) struct LateWrite {
    request: Request,
    /// Key of the account that it is for.
    account: String,
    /// Its row of the ledger.
    entry: LedgerRequest,
}

impl LateWrite {
    pub(super) fn new(request: &Request, account: String, entry: &LedgerRequest) -> Self {
        Self {
            request: request.clone(),
            account,
            entry: entry.clone(),
        }
    }
}

impl Core {
    /// Puts a write off.
    pub(super) fn put_off(&mut self, late: LateWrite, by: Span) {
        let by = SignedDuration::from_millis(by.milliseconds());
        let due = late.entry.time.checked_add(by).unwrap_or(Timestamp::MAX);
        self.late.insert((due, late.entry.number), late);
    }

    /// Does the writes whose time has come, in the order of their times.
    pub(crate) fn catch_up(&mut self) {
        if self.late.is_empty() {
            return;
        }
        let now = self.clock.now();
        while let Some(first) = self.late.first_entry() {
            let (due, _) = *first.key();
            if due > now {
                return;
            }
            let late = first.remove();
            self.do_late(late, due);
        }
    }

    fn do_late(&mut self, late: LateWrite, due: Timestamp) {
        let Target::Route(route, values) = Target::of(&late.request) else {
            return;
        };
        let mut drafts = Vec::new();
        let visit = Visit {
            now: due,
            account: late.account,
            paging: Paging::default(),
            stale: None,
        };
        // Nobody is there any more to be told how it went; the ledger says what was committed.
        drop(self.call(&late.request, (route, values), visit, &mut drafts));
        // It counts as seen from when it was done, not from when somebody asked.
        self.remember_writes_of(due);
        self.note_late(late.entry, due, drafts);
    }
}
