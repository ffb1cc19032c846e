//! A journal that is being written: whoever waits for a record to be durable shares one sync with all
//! others who wait.

use super::line;
use super::writer::JournalWriter;
use gangplank_model::file::receipts_v1::{RecordV1, VERSION};
use gangplank_model::{Operation, Receipt};
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Mutex as Turn;

/// An explanation is not kept longer, in bytes, so that its line stays within its bound.
const LONGEST_EXPLANATION: usize = 4 << 10;

/// What a journal, or a further round in it, begins with.
#[derive(Clone, Debug)]
pub struct JournalHeader {
    /// The run's own id.
    pub run: String,
    /// When it began, ISO 8601 in UTC.
    pub started: String,
    /// The base URL of the instance.
    pub instance: String,
    /// The digest of the manifest.
    pub manifest_digest: String,
}

/// A journal that is being written. Clones are the same one. After the first error nothing more is
/// appended, and every further intent fails, so that no write happens that the journal does not know of.
#[derive(Clone)]
pub struct Journal(Option<Arc<Shared>>);

struct Shared {
    state: Mutex<State>,
    /// Whoever holds it commits what has come together, for all.
    writer: Arc<Turn<Box<dyn JournalWriter>>>,
}

#[derive(Debug, Default)]
struct State {
    /// Lines that nobody has taken to the writer yet.
    pending: Vec<u8>,
    /// Records so far.
    count: u64,
    /// How many of them are durable.
    durable: u64,
    /// Whether lines are with the writer.
    under_way: bool,
    failed: Option<String>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.as_ref().map(|shared| shared.state());
        f.debug_tuple("Journal").field(&state).finish()
    }
}

impl Shared {
    /// A panic while the lock was held leaves nothing half done.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a record to those that wait; gives the count with it.
    fn append(&self, record: impl FnOnce(u64) -> RecordV1) -> Result<u64, String> {
        let mut state = self.state();
        if let Some(why) = &state.failed {
            return Err(why.clone());
        }
        let line = line::write(&record(state.count));
        state.pending.extend(line);
        state.count += 1;
        Ok(state.count)
    }

    /// Takes what waits to the writer; `None` when so many records are durable already.
    fn take(&self, count: u64) -> Result<Option<(Vec<u8>, u64)>, String> {
        let mut state = self.state();
        if state.under_way {
            // It was taken, and nobody came back with it.
            state
                .failed
                .get_or_insert_with(|| "the writer broke".into());
        }
        if let Some(why) = &state.failed {
            return Err(why.clone());
        }
        if state.durable >= count {
            return Ok(None);
        }
        state.under_way = true;
        Ok(Some((std::mem::take(&mut state.pending), state.count)))
    }

    fn committed(&self, count: u64, result: io::Result<()>) {
        let mut state = self.state();
        state.under_way = false;
        match result {
            Ok(()) => state.durable = count,
            Err(error) => state.failed = Some(error.to_string()),
        }
    }

    /// Waits until so many records are durable. Those that come while others are on their way wait for
    /// their turn; the first of them takes all along, and the rest find it done.
    async fn durable(self: &Arc<Self>, count: u64) -> Result<(), String> {
        let mut writer = self.writer.clone().lock_owned().await;
        let Some((lines, count)) = self.take(count)? else {
            return Ok(());
        };
        let shared = self.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "it is awaited, and has to come to its end whatever becomes of the lane that waits"
        )]
        let commit = tokio::spawn(async move {
            let result = writer.commit(lines).await;
            shared.committed(count, result);
        });
        if commit.await.is_err() {
            let mut state = self.state();
            state
                .failed
                .get_or_insert_with(|| "the writer broke".into());
        }
        self.state().failed.clone().map_or(Ok(()), Err)
    }
}

impl Journal {
    /// A journal that keeps nothing.
    pub fn none() -> Self {
        Self(None)
    }

    /// Begins a journal with its header, which is durable when this ends well.
    pub async fn begin(writer: Box<dyn JournalWriter>, header: &JournalHeader) -> io::Result<Self> {
        let journal = Self(Some(Arc::new(Shared {
            state: Mutex::default(),
            writer: Arc::new(Turn::new(writer)),
        })));
        journal.round(header).await?;
        Ok(journal)
    }

    /// Begins a further round of the same run.
    pub async fn round(&self, header: &JournalHeader) -> io::Result<()> {
        let header = header.clone();
        let record = |number| RecordV1::Header {
            number,
            version: VERSION,
            run: header.run,
            started: header.started,
            instance: header.instance,
            manifest_digest: header.manifest_digest,
        };
        self.keep(record).await.map_err(io::Error::other)
    }

    /// Why the journal could not be written, if so.
    pub fn failure(&self) -> Option<String> {
        self.0.as_ref().and_then(|it| it.state().failed.clone())
    }

    /// Records that a call is about to be sent, and waits until that is durable, and with it all that was
    /// recorded before. `Err` says why the call must not be sent.
    pub(crate) async fn intent(
        &self,
        operation: &Operation,
        index: usize,
        attempt: u32,
        at: Duration,
    ) -> Result<(), String> {
        self.keep(|number| RecordV1::Intent {
            number,
            address: operation.address.to_string(),
            index,
            verb: operation.verb(),
            route: operation.route().to_owned(),
            attempt,
            milliseconds: milliseconds(at),
        })
        .await
    }

    /// Records how an operation ended. It is durable before the next intent of its lane is, or once
    /// [`Journal::settle`] has ended.
    pub(crate) fn outcome(&self, receipt: &Receipt, at: Duration) {
        let Some(shared) = &self.0 else {
            return;
        };
        let explanation = receipt.outcome.explanation().map(short);
        // A journal that failed has said so.
        drop(shared.append(|number| RecordV1::Outcome {
            number,
            address: receipt.address.to_string(),
            index: receipt.index,
            outcome: (&receipt.outcome).into(),
            explanation,
            id: receipt.id.clone(),
            attempts: receipt.attempts,
            milliseconds: milliseconds(at),
        }));
    }

    /// Records what becomes of an account or a wave. It is durable with what is recorded next, or once
    /// [`Journal::settle`] has ended.
    pub(crate) fn note(&self, record: impl FnOnce(u64) -> RecordV1) {
        if let Some(shared) = &self.0 {
            // A journal that failed has said so.
            drop(shared.append(record));
        }
    }

    /// Waits until everything that was recorded is durable, or cannot be any more.
    pub(crate) async fn settle(&self) {
        if let Some(shared) = &self.0 {
            let count = shared.state().count;
            // A journal that failed has said so.
            drop(shared.durable(count).await);
        }
    }

    async fn keep(&self, record: impl FnOnce(u64) -> RecordV1) -> Result<(), String> {
        let Some(shared) = &self.0 else {
            return Ok(());
        };
        let count = shared.append(record)?;
        shared.durable(count).await
    }
}

pub(crate) fn milliseconds(at: Duration) -> u64 {
    u64::try_from(at.as_millis()).unwrap_or(u64::MAX)
}

pub(crate) fn short(explanation: &str) -> String {
    if explanation.len() <= LONGEST_EXPLANATION {
        return explanation.to_owned();
    }
    let end = explanation.floor_char_boundary(LONGEST_EXPLANATION);
    format!("{} [...]", &explanation[..end])
}
