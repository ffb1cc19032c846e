//! The instance of a simulation: the sandbox in memory, whose clock goes with the simulated one.

use gangplank_sandbox::{
    Answer, Clock, FaultRule, Ledger, Request, Sandbox, SandboxError, SandboxOptions, World,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A sandbox and what time it is there. Clones are the same one.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    sandbox: Sandbox,
    clock: Clock,
    began: Instant,
    moved: Arc<Mutex<Duration>>,
    /// Rules that hold all the time.
    rules: Arc<Mutex<Vec<FaultRule>>>,
}

impl Instance {
    /// Opens a world; its clock stands where the simulated one does.
    pub(crate) fn open(
        world: World,
        variants: Vec<(String, String)>,
        seed: u64,
    ) -> Result<Self, SandboxError> {
        let clock = Clock::held();
        let sandbox = Sandbox::open(SandboxOptions {
            world,
            variants,
            seed,
            clock: clock.clone(),
            ..SandboxOptions::default()
        })?;
        Ok(Self {
            sandbox,
            clock,
            began: Instant::now(),
            moved: Arc::default(),
            rules: Arc::default(),
        })
    }

    /// Answers a request, which one rule meets besides those that always hold.
    pub(crate) fn handle(&self, request: &Request, once: Option<FaultRule>) -> Answer {
        self.catch_up();
        let Some(once) = once else {
            return self.sandbox.handle(request);
        };
        let rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let mut with = rules.clone();
        with.push(once);
        self.sandbox.set_faults(with);
        let answer = self.sandbox.handle(request);
        self.sandbox.set_faults(rules.clone());
        answer
    }

    /// What time it is there, as answers say it.
    pub(crate) fn date(&self) -> http::HeaderValue {
        self.catch_up();
        let date = self.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT");
        let date = http::HeaderValue::try_from(date.to_string());
        date.expect("a date is made of letters and digits")
    }

    pub(crate) fn set_rules(&self, rules: &[FaultRule]) {
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner) = rules.to_vec();
        self.sandbox.set_faults(rules.to_vec());
    }

    /// What it holds now.
    pub(crate) fn world(&self) -> World {
        self.catch_up();
        self.sandbox.world()
    }

    /// What it saw.
    pub(crate) fn ledger(&self) -> Ledger {
        self.catch_up();
        self.sandbox.ledger()
    }

    /// Somebody else gives an account another name.
    pub(crate) fn meddle(&self, account: &str, name: &str) {
        self.catch_up();
        // One that is gone by now is none that anybody meddles with.
        drop(
            self.sandbox
                .edit_account(account, |it| name.clone_into(&mut it.name)),
        );
    }

    pub(crate) fn reset_ledger(&self) {
        self.catch_up();
        self.sandbox.reset_ledger();
    }

    /// Brings the sandbox's clock up to the simulated one, so that what is late is done in time.
    fn catch_up(&self) {
        let now = self.began.elapsed();
        let mut moved = self.moved();
        self.clock.advance(now.saturating_sub(*moved));
        *moved = now;
    }

    fn moved(&self) -> MutexGuard<'_, Duration> {
        self.moved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
