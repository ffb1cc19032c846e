//! `Core`: the state of the sandbox and its rules, and how it is opened.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::late::LateWrite;
use super::stale::History;
use crate::browser::Visits;
use crate::clock::Clock;
use crate::error::SandboxError;
use crate::fault::{Counted, FaultRule, Faults, RateLimit};
use crate::ledger::{Digester, LedgerCommit, LedgerRequest};
use crate::sandbox::SandboxOptions;
use crate::state::{self, Instance};
use crate::store::{Opened, Store};
use crate::token::Tokens;
use crate::variant::{Switch, Variants};

/// Calls a second that an instance which throttles (U25) lets pass.
const THROTTLE: u32 = 100;

/// The sandbox's state and rules, without sockets and without threads.
#[derive(Debug)]
pub struct Core {
    pub(crate) instance: Instance,
    pub(crate) clock: Clock,
    pub(crate) tokens: Tokens,
    pub(crate) visits: Visits,
    pub(super) faults: Faults,
    /// Writes that are still to be done, by when and by the number of their request.
    pub(super) late: BTreeMap<(Timestamp, u64), LateWrite>,
    /// What accounts were like before the latest writes, while a rule asks for it.
    pub(super) history: Option<History>,
    pub(crate) store: Option<Store>,
    /// Rows of the ledger that are not in the store; all of them when there is none.
    pub(crate) requests: Vec<LedgerRequest>,
    pub(crate) commits: Vec<LedgerCommit>,
    pub(super) digester: Digester,
    pub(super) last_request: u64,
    pub(crate) last_commit: u64,
    pub(crate) stored_counter: u64,
}

impl Core {
    /// Opens the instance: what the database holds, or else the world.
    pub fn open(options: SandboxOptions) -> Result<Self, SandboxError> {
        let opened = options.database.as_deref().map(Store::open).transpose()?;
        let (mut file, stored) = opened.unzip();
        let stored = stored.flatten();
        let is_new = stored.is_none();
        let instance = match &stored {
            Some(stored) => {
                let mut instance =
                    state::load(stored.world.clone(), &options.variants, stored.seed)?;
                instance.counter = instance.counter.max(stored.counter);
                instance
            }
            None => state::load(options.world, &options.variants, options.seed)?,
        };
        let rate_limit = options.rate_limit.or_else(|| throttle(&instance.variants));
        let mut core = Self {
            instance,
            clock: options.clock,
            tokens: Tokens::default(),
            visits: Visits::default(),
            faults: Faults::new(options.seed, options.latency, rate_limit),
            late: BTreeMap::new(),
            history: None,
            store: None,
            requests: Vec::new(),
            commits: Vec::new(),
            digester: Digester::new(),
            last_request: 0,
            last_commit: 0,
            stored_counter: 0,
        };
        if let Some(stored) = stored {
            core.tokens = Tokens::new(stored.tokens);
            core.instance.people.restore(stored.sign_ins);
            core.last_request = stored.last_request;
            core.last_commit = stored.last_commit;
            core.stored_counter = stored.counter;
        }
        core.set_faults(options.faults);
        if is_new && let Some(file) = &mut file {
            file.begin(&core.instance)?;
        }
        core.store = file.map(Opened::start);
        Ok(core)
    }

    /// The rules of mischief, with what they have counted.
    pub(crate) fn faults(&self) -> &[Counted] {
        self.faults.rules()
    }

    /// Replaces the rules of mischief.
    pub fn set_faults(&mut self, rules: Vec<FaultRule>) {
        self.faults.replace(rules);
        self.history = match (self.faults.longest_stale(), self.history.take()) {
            (None, _) => None,
            (Some(longest), Some(mut history)) => {
                history.keep(longest);
                Some(history)
            }
            (Some(longest), None) => Some(History::new(longest, &self.instance)),
        };
    }
}

/// The limit of an instance that throttles (U25).
fn throttle(variants: &Variants) -> Option<RateLimit> {
    let code = match variants.position(Switch::U25) {
        "429" => 429,
        "503" => 503,
        _ => return None,
    };
    let limit = RateLimit::per_second(THROTTLE);
    Some(RateLimit { code, ..limit })
}

impl Drop for Core {
    fn drop(&mut self) {
        if let Err(error) = self.flush() {
            tracing::error!(%error, "the ledger could not be stored");
        }
    }
}
