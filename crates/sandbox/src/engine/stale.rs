//! Reads that do not see what was written lately.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Core;
use crate::state::Instance;
use crate::world::Account;

/// What accounts were like before the latest writes. It costs a copy of every account, and is kept
/// only while a rule asks for stale reads.
#[derive(Debug)]
pub(crate) struct History {
    longest: Duration,
    /// Every account as it is now.
    copies: BTreeMap<String, Account>,
    /// When an account was written, its key, and what it was like before, the oldest first.
    writes: VecDeque<(Timestamp, String, Option<Account>)>,
}

/// Accounts by key, as they are to be shown again.
pub(crate) type Unseen = Vec<(String, Option<Account>)>;

impl History {
    pub(super) fn new(longest: Duration, instance: &Instance) -> Self {
        let full = instance.opened().map(Cow::into_owned);
        Self {
            longest,
            copies: instance.accounts.keys().cloned().zip(full).collect(),
            writes: VecDeque::new(),
        }
    }

    /// Keeps writes for so long.
    pub(super) fn keep(&mut self, longest: Duration) {
        self.longest = longest;
    }

    /// Learns what has just been written.
    fn learn(&mut self, instance: &Instance, now: Timestamp) {
        for key in &instance.changed {
            let is = instance.accounts.get(key);
            let was = match is {
                Some(account) => self.copies.insert(key.clone(), account.clone()),
                None => self.copies.remove(key),
            };
            self.writes.push_back((now, key.clone(), was));
        }
        let oldest = before(now, self.longest);
        while self.writes.front().is_some_and(|(at, ..)| *at <= oldest) {
            self.writes.pop_front();
        }
    }

    /// What was written after a time, as it was before: the oldest of each account.
    fn after(&self, time: Timestamp) -> BTreeMap<&str, Option<&Account>> {
        let mut found = BTreeMap::new();
        for (_, key, was) in self.writes.iter().filter(|(at, ..)| *at > time) {
            found.entry(key.as_str()).or_insert(was.as_ref());
        }
        found
    }
}

impl Core {
    /// Tells the history of the accounts that were written since it was told last.
    pub(crate) fn remember_writes(&mut self) {
        self.remember_writes_of(self.clock.now());
    }

    /// As [`Self::remember_writes`], for what was done at another time than now.
    pub(super) fn remember_writes_of(&mut self, time: Timestamp) {
        if let Some(history) = &mut self.history {
            history.learn(&self.instance, time);
        }
    }

    /// Puts accounts back to what they were like some time ago, and says what they are like.
    pub(crate) fn hide_writes(&mut self, by: Duration, now: Timestamp) -> Unseen {
        self.remember_writes();
        let Some(history) = &self.history else {
            return Vec::new();
        };
        let mut unseen = Vec::new();
        for (key, was) in history.after(before(now, by)) {
            let is = self.instance.accounts.remove(key);
            if let Some(was) = was {
                self.instance.accounts.insert(key.to_owned(), was.clone());
            }
            unseen.push((key.to_owned(), is));
        }
        unseen
    }

    /// Shows accounts again as they are.
    pub(crate) fn show_writes(&mut self, unseen: Unseen) {
        for (key, is) in unseen {
            match is {
                Some(account) => self.instance.accounts.insert(key, account),
                None => self.instance.accounts.remove(&key),
            };
        }
    }
}

fn before(now: Timestamp, by: Duration) -> Timestamp {
    SignedDuration::try_from(by)
        .ok()
        .and_then(|by| now.checked_sub(by).ok())
        .unwrap_or(Timestamp::MIN)
}
