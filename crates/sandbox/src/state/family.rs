//! Accounts above and below one: a sub-account can use its parent's account connectors.

use std::collections::{BTreeMap, BTreeSet};

use super::Instance;
use crate::world::{Account, AccountConnector};

/// A cycle by the key of its account, its name and its id.
pub(crate) type CycleKey = (String, String, String);

impl Instance {
    /// The accounts above one, the nearest first. A world may hold a circle, which ends it.
    pub(crate) fn ancestors<'a>(&'a self, account: &'a Account) -> Vec<&'a Account> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([self.key(&account.id)]);
        let mut up = account.parent_account_id.as_deref();
        while let Some(key) = up
            .map(|up| self.key(up))
            .filter(|key| seen.insert(key.clone()))
        {
            let Some(parent) = self.accounts.get(&key) else {
                break;
            };
            found.push(parent);
            up = parent.parent_account_id.as_deref();
        }
        found
    }

    /// Keys of the accounts below one, parents before their sub-accounts.
    pub(crate) fn below(&self, key: &str) -> Vec<String> {
        let mut children: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for (child, account) in &self.accounts {
            if let Some(up) = account.parent_account_id.as_deref() {
                children.entry(self.key(up)).or_default().push(child);
            }
        }
        let mut found = vec![key.to_owned()];
        let mut seen = BTreeSet::from([key]);
        let mut next = 0;
        while let Some(parent) = found.get(next) {
            let level = children.get(parent).into_iter().flatten();
            let fresh: Vec<String> = level
                .filter(|child| seen.insert(child.as_str()))
                .map(|child| (*child).clone())
                .collect();
            found.extend(fresh);
            next += 1;
        }
        found.split_off(1)
    }

    /// The account whose installed connector an id means in an account: itself, or one above it
    /// (cyclr-api.md 2.1).
    fn holder<'a>(&'a self, account: &'a Account, connector: u64) -> Option<&'a Account> {
        if account.connector(connector).is_some() {
            return Some(account);
        }
        let mut above = self.ancestors(account).into_iter();
        above.find(|one| one.connector(connector).is_some())
    }

    /// An installed connector that the cycles of an account can use: its own, or one of an account
    /// above it.
    pub(crate) fn usable<'a>(
        &'a self,
        account: &'a Account,
        connector: u64,
    ) -> Option<&'a AccountConnector> {
        self.holder(account, connector)?.connector(connector)
    }

    /// The cycles that use an installed connector of an account, in accounts below it as well.
    pub(crate) fn cycles_using(&self, key: &str, connector: u64) -> Vec<CycleKey> {
        let mut found = Vec::new();
        let below = self.below(key);
        for owner in std::iter::once(key).chain(below.iter().map(String::as_str)) {
            let Some(account) = self.accounts.get(owner) else {
                continue;
            };
            let holder = self.holder(account, connector);
            if holder.is_none_or(|holder| self.key(&holder.id) != key) {
                continue;
            }
            let uses = account.cycles.iter().filter(|cycle| {
                let mut bound = cycle.connectors.iter();
                bound.any(|one| one.account_connector_id == connector)
            });
            found
                .extend(uses.map(|cycle| (owner.to_owned(), cycle.name.clone(), cycle.id.clone())));
        }
        found
    }
}
