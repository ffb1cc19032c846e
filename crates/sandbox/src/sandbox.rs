//! `Sandbox`: one instance, shared by those who serve it and those who look inside.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::engine::Core;
use crate::error::SandboxError;
use crate::fault::{FaultRule, Latency, RateLimit};
use crate::http::{self, Listening};
use crate::ledger::Ledger;
use crate::request::{Answer, Request};
use crate::store::Receipt;
use crate::world::{Account, CycleStatus, World};

/// How a sandbox is opened.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// What the instance holds; what the database holds wins.
    pub world: World,
    /// File that keeps the instance between runs; in memory alone when there is none.
    pub database: Option<PathBuf>,
    /// Switches as id and position, over the world's own; see [`crate::Variants`].
    pub variants: Vec<(String, String)>,
    /// Mischief.
    pub faults: Vec<FaultRule>,
    /// How long every response is held back.
    pub latency: Option<Latency>,
    /// How many requests are let through.
    pub rate_limit: Option<RateLimit>,
    /// What made-up ids and the dice of mischief come from.
    pub seed: u64,
    /// What time it is.
    pub clock: Clock,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            world: World::demo(),
            database: None,
            variants: Vec::new(),
            faults: Vec::new(),
            latency: None,
            rate_limit: None,
            seed: 0,
            clock: Clock::default(),
        }
    }
}

/// An instance that can be served, and looked into while it is.
#[derive(Debug, Clone)]
pub struct Sandbox {
    core: Arc<Mutex<Core>>,
}

impl Sandbox {
    /// Opens the database, or loads the world.
    pub fn open(options: SandboxOptions) -> Result<Self, SandboxError> {
        Ok(Self {
            core: Arc::new(Mutex::new(Core::open(options)?)),
        })
    }

    /// Serves the instance over HTTP until the [`Listening`] is shut down or dropped.
    pub async fn listen(&self, address: SocketAddr) -> Result<Listening, SandboxError> {
        http::listen(self.clone(), address).await
    }

    /// Answers one request without a socket. What it changed is stored when this returns.
    pub fn handle(&self, request: &Request) -> Answer {
        let (answer, receipt) = self.begin(request);
        match receipt.map_or(Ok(()), Receipt::wait) {
            Ok(()) => answer,
            Err(_) => self.core().not_stored(&answer),
        }
    }

    /// As [`Self::handle`], for those who must not block.
    pub(crate) async fn answer(&self, request: &Request) -> Answer {
        let (answer, receipt) = self.begin(request);
        let stored = match receipt {
            Some(receipt) => receipt.written().await,
            None => Ok(()),
        };
        match stored {
            Ok(()) => answer,
            Err(_) => self.core().not_stored(&answer),
        }
    }

    /// The answer, and what to wait for before anybody sees it. Others go on meanwhile.
    fn begin(&self, request: &Request) -> (Answer, Option<Receipt>) {
        let mut core = self.core();
        let answer = core.answer_to(request);
        (answer, core.receipt())
    }

    /// Every request and commit so far.
    pub fn ledger(&self) -> Ledger {
        self.core().ledger().unwrap_or_else(|error| {
            tracing::error!(%error, "the ledger could not be read");
            Ledger::default()
        })
    }

    /// Forgets the requests and commits so far.
    pub fn reset_ledger(&self) {
        if let Err(error) = self.core().reset_ledger() {
            tracing::error!(%error, "the ledger could not be reset");
        }
    }

    /// What time it is; hold and move it as you like.
    pub fn clock(&self) -> Clock {
        self.core().clock.clone()
    }

    /// What the instance holds, credentials included.
    pub fn world(&self) -> World {
        self.core().instance.world()
    }

    /// Replaces the rules of mischief.
    pub fn set_faults(&self, rules: Vec<FaultRule>) {
        self.core().set_faults(rules);
    }

    /// Plays the customer who signs in to an installed connector, by its name in the account.
    pub fn sign_in(&self, account: &str, connector: &str) -> Result<(), SandboxError> {
        self.core().sign_in(account, connector)
    }

    /// Deletes a cycle by its name behind everybody's back.
    pub fn delete_cycle(&self, account: &str, name: &str) -> Result<(), SandboxError> {
        let missing = || SandboxError::Missing {
            kind: "cycle",
            name: name.to_owned(),
        };
        self.edit_account(account, |account| {
            let is_it = |one: &&mut crate::world::Cycle| {
                one.name == name && one.status != CycleStatus::DeleteScheduled
            };
            let cycle = account.cycles.iter_mut().find(is_it);
            cycle.map(|cycle| cycle.status = CycleStatus::DeleteScheduled)
        })?
        .ok_or_else(missing)
    }

    /// Changes an account behind everybody's back: neither a request nor a commit is noted.
    pub fn edit_account<T>(
        &self,
        account: &str,
        edit: impl FnOnce(&mut Account) -> T,
    ) -> Result<T, SandboxError> {
        self.core().edit_account(account, edit)
    }

    /// The first client id and secret of the partner; empty when there are none.
    pub fn credentials(&self) -> (String, String) {
        let core = self.core();
        let first = core.instance.partner.credentials.first();
        first.map_or_else(Default::default, |one| {
            (one.client_id.clone(), one.client_secret.reveal().to_owned())
        })
    }

    /// Stores what is still in memory alone: the reads of the ledger.
    pub fn flush(&self) -> Result<(), SandboxError> {
        self.core().flush()
    }

    /// The core; one that a panic has left behind is as whole as its last answer.
    pub(crate) fn core(&self) -> MutexGuard<'_, Core> {
        let mut core = self.core.lock().unwrap_or_else(PoisonError::into_inner);
        core.catch_up();
        core
    }
}

impl Core {
    /// Plays the customer who signs in to an installed connector, by its name in the account.
    pub fn sign_in(&mut self, account: &str, connector: &str) -> Result<(), SandboxError> {
        let missing = || SandboxError::Missing {
            kind: "account connector",
            name: connector.to_owned(),
        };
        let signed_in = self.edit_account(account, |account| {
            let mut installed = account.connectors.iter_mut();
            let one = installed.find(|one| one.name.eq_ignore_ascii_case(connector))?;
            one.authenticated = Some(true);
            Some(())
        })?;
        signed_in.ok_or_else(missing)
    }

    /// Changes an account behind everybody's back: neither a request nor a commit is noted.
    pub fn edit_account<T>(
        &mut self,
        account: &str,
        edit: impl FnOnce(&mut Account) -> T,
    ) -> Result<T, SandboxError> {
        let key = self.instance.key(account);
        let missing = || SandboxError::Missing {
            kind: "account",
            name: account.to_owned(),
        };
        self.instance.open(&key);
        let found = self.instance.accounts.get_mut(&key).ok_or_else(missing)?;
        let result = edit(found);
        self.instance.changed.insert(key);
        self.flush()?;
        Ok(result)
    }
}
