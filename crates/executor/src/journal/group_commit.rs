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
use tokio::sync::Notify;

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
    /// Tells all who wait that a commit has ended, well or not, in the order in which they came.
    ended: Notify,
}

#[derive(Default)]
struct State {
    /// Lines that nobody has taken to the writer yet.
    pending: Vec<u8>,
    /// Records so far.
    count: u64,
    /// How many of them somebody waits for.
    wanted: u64,
    /// How many of them are durable.
    durable: u64,
    /// None while lines are on their way.
    writer: Option<Box<dyn JournalWriter>>,
    failed: Option<String>,
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failure = self.failure();
        f.debug_struct("Journal")
            .field("failure", &failure)
            .finish()
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

    /// Waits until so many records are durable. Whoever finds the writer idle sets it to work, and it takes
    /// along all that has come together; those who come meanwhile share the commit after that one.
    async fn durable(self: &Arc<Self>, count: u64) -> Result<(), String> {
        self.want(count);
        loop {
            let mut ended = std::pin::pin!(self.ended.notified());
            // Whoever comes to look has to hear of what ends from now on.
            ended.as_mut().enable();
            {
                let state = self.state();
                if state.durable >= count {
                    return Ok(());
                }
                if let Some(why) = &state.failed {
                    return Err(why.clone());
                }
            }
            ended.await;
        }
    }

    fn want(self: &Arc<Self>, count: u64) {
        let mut state = self.state();
        state.wanted = state.wanted.max(count);
        if state.durable >= state.wanted || state.failed.is_some() {
            return;
        }
        if let Some(writer) = state.writer.take() {
            let commits = Commits {
                shared: self.clone(),
                writer: Some(writer),
            };
            #[expect(
                clippy::disallowed_methods,
                reason = "it comes to its end whatever becomes of the lanes that wait, and tells of a panic"
            )]
            drop(tokio::spawn(commits.work_off()));
        }
    }
}

/// The writer at work, until nobody waits any more.
struct Commits {
    shared: Arc<Shared>,
    writer: Option<Box<dyn JournalWriter>>,
}

impl Commits {
    async fn work_off(mut self) {
        while let Some((lines, count)) = self.next() {
            let Some(writer) = &mut self.writer else {
                return;
            };
            let result = writer.commit(lines).await;
            let mut state = self.shared.state();
            match result {
                Ok(()) => state.durable = count,
                Err(error) => state.failed = Some(error.to_string()),
            }
            drop(state);
            self.shared.ended.notify_waiters();
        }
    }

    /// What is to be written next. Where there is nothing, the writer goes back in the same moment, so
    /// that nobody comes in between.
    fn next(&mut self) -> Option<(Vec<u8>, u64)> {
        let mut state = self.shared.state();
        if state.failed.is_some() || state.durable >= state.wanted {
            state.writer = self.writer.take();
            return None;
        }
        Some((std::mem::take(&mut state.pending), state.count))
    }
}

impl Drop for Commits {
    fn drop(&mut self) {
        if self.writer.is_some() {
            // It did not come to its end.
            let mut state = self.shared.state();
            state
                .failed
                .get_or_insert_with(|| "the writer broke".into());
            drop(state);
            self.shared.ended.notify_waiters();
        }
    }
}

impl Journal {
    /// A journal that keeps nothing.
    pub fn none() -> Self {
        Self(None)
    }

    /// Begins a journal with its header, which is durable when this ends well.
    pub async fn begin(writer: Box<dyn JournalWriter>, header: &JournalHeader) -> io::Result<Self> {
        let state = State {
            writer: Some(writer),
            ..State::default()
        };
        let journal = Self(Some(Arc::new(Shared {
            state: Mutex::new(state),
            ended: Notify::new(),
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
