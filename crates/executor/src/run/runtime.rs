//! What an apply needs besides its plan, and what its lanes share.

use super::crew::Crew;
use crate::cancel::Cancel;
use crate::journal::Journal;
use crate::lane::Context;
use gangplank_cyclr::Client;
use gangplank_model::{Event, Receipt};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::time::Instant;

/// Is told every event, from any lane; must be quick.
pub type Listener = Arc<dyn Fn(Event) + Send + Sync>;

/// Everything an apply needs besides its plan.
pub struct Runtime {
    /// The way to the instance.
    pub client: Client,
    /// Secrets, key and bounds.
    pub context: Arc<Context>,
    /// Where intents and outcomes are written.
    pub journal: Journal,
    /// Is told what happens.
    pub events: Listener,
    /// Tells when to stop.
    pub cancel: Cancel,
}

impl fmt::Debug for Runtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runtime")
            .field("context", &self.context)
            .field("journal", &self.journal)
            .finish_non_exhaustive()
    }
}

/// What all lanes of an apply have in common while it runs.
pub(super) struct Shared {
    pub(super) client: Client,
    pub(super) context: Arc<Context>,
    pub(super) journal: Journal,
    pub(super) events: Listener,
    pub(super) cancel: Cancel,
    pub(super) started: Instant,
    pub(super) crew: Crew,
}

impl From<Runtime> for Shared {
    fn from(runtime: Runtime) -> Self {
        Self {
            client: runtime.client,
            context: runtime.context,
            journal: runtime.journal,
            events: runtime.events,
            cancel: runtime.cancel,
            started: Instant::now(),
            crew: Crew::default(),
        }
    }
}

/// A panic while the lock was held leaves nothing half done that matters here.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Receipts are kept outside of the lane's task, so that a panic does not lose them.
pub(super) type Kept = Arc<Mutex<Vec<Receipt>>>;
