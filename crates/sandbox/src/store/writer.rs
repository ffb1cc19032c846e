//! `Store`: the thread that owns the database, and what others may ask of it.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use tokio::sync::watch;

use super::file::{Batch, File, Stored};
use crate::error::SandboxError;
use crate::ledger::{LedgerCommit, LedgerRequest};
use crate::state::Instance;

/// The most batches in one transaction.
const LARGEST_GROUP: usize = 1_024;

/// Rows of the ledger.
type Rows = (Vec<LedgerRequest>, Vec<LedgerCommit>);

/// What is asked of the thread, in order.
enum Job {
    Write(Batch),
    /// Tells when everything before it has been written.
    Wait(Sender<()>),
    Ledger(Sender<Result<Rows, SandboxError>>),
    ResetLedger(Sender<Result<(), SandboxError>>),
}

/// How far the thread has come.
#[derive(Debug, Clone, Default)]
struct Progress {
    /// Batches that are on disk.
    written: u64,
    /// Why no more are written.
    failure: Option<Arc<SandboxError>>,
}

/// A handle on the database.
#[derive(Debug)]
pub(crate) struct Store {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    progress: watch::Receiver<Progress>,
    /// Batches that were handed over.
    sent: u64,
}

/// Says when everything that was handed over up to now is on disk.
#[derive(Debug)]
pub(crate) struct Receipt {
    progress: watch::Receiver<Progress>,
    jobs: Sender<Job>,
    batch: u64,
}

impl Store {
    /// Opens the file, which is made when it is not there, and fills a new one.
    pub(crate) fn open(path: &Path) -> Result<(Opened, Option<Stored>), SandboxError> {
        let file = File::open(path)?;
        let stored = file.load()?;
        Ok((Opened(file), stored))
    }

    /// Hands over what a request changed.
    pub(crate) fn write(&mut self, batch: Batch) {
        if let Some(jobs) = &self.jobs
            && jobs.send(Job::Write(batch)).is_ok()
        {
            self.sent += 1;
        }
    }

    /// For whoever has to wait until all that was handed over is on disk; none when it is already.
    pub(crate) fn receipt(&self) -> Option<Receipt> {
        let progress = self.progress.borrow();
        let done = progress.written >= self.sent && progress.failure.is_none();
        let jobs = self.jobs.as_ref().filter(|_| !done)?;
        Some(Receipt {
            progress: self.progress.clone(),
            jobs: jobs.clone(),
            batch: self.sent,
        })
    }

    /// Reads the ledger.
    pub(crate) fn ledger(&self) -> Result<Rows, SandboxError> {
        self.ask(Job::Ledger)?
    }

    /// Forgets the rows of the ledger, and keeps their last numbers.
    pub(crate) fn reset_ledger(&self) -> Result<(), SandboxError> {
        self.ask(Job::ResetLedger)?
    }

    fn ask<T>(&self, job: impl FnOnce(Sender<T>) -> Job) -> Result<T, SandboxError> {
        let (tell, told) = channel();
        if let Some(jobs) = &self.jobs {
            drop(jobs.send(job(tell)));
        }
        told.recv().map_err(|_| not_stored(&self.progress.borrow()))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of the database has panicked");
        }
    }
}

impl Receipt {
    /// Waits until it is on disk, and blocks the thread meanwhile.
    pub(crate) fn wait(self) -> Result<(), SandboxError> {
        let (tell, told) = channel();
        let asked = self.jobs.send(Job::Wait(tell));
        // An error says that the thread has ended; its progress says how.
        drop(asked.map(|()| told.recv()));
        self.verdict()
    }

    /// Waits until it is on disk.
    pub(crate) async fn written(mut self) -> Result<(), SandboxError> {
        let batch = self.batch;
        let far = |progress: &Progress| progress.written >= batch || progress.failure.is_some();
        // An error says that the thread has ended; its progress says how.
        drop(self.progress.wait_for(far).await);
        self.verdict()
    }

    fn verdict(&self) -> Result<(), SandboxError> {
        let progress = self.progress.borrow();
        if progress.written >= self.batch && progress.failure.is_none() {
            return Ok(());
        }
        Err(not_stored(&progress))
    }
}

fn not_stored(progress: &Progress) -> SandboxError {
    SandboxError::NotStored {
        source: progress.failure.clone(),
    }
}

/// A database that is open, and whose thread has not started.
#[derive(Debug)]
pub(crate) struct Opened(File);

impl Opened {
    /// Writes an instance into a new file.
    pub(crate) fn begin(&mut self, instance: &Instance) -> Result<(), SandboxError> {
        self.0.begin(instance)
    }

    /// Starts the thread.
    pub(crate) fn start(self) -> Store {
        let (jobs, todo) = channel();
        let (tell, progress) = watch::channel(Progress::default());
        let thread = std::thread::spawn(move || work(self.0, &todo, &tell));
        Store {
            jobs: Some(jobs),
            thread: Some(thread),
            progress,
            sent: 0,
        }
    }
}

/// Does the jobs in order; all writes that are waiting go into one transaction.
fn work(mut file: File, todo: &Receiver<Job>, progress: &watch::Sender<Progress>) {
    while let Ok(first) = todo.recv() {
        let mut batches = Vec::new();
        let mut other = None;
        let mut next = Some(first);
        while let Some(job) = next.take() {
            match job {
                Job::Write(batch) => batches.push(batch),
                Job::Wait(_) | Job::Ledger(_) | Job::ResetLedger(_) => {
                    other = Some(job);
                    break;
                }
            }
            if batches.len() < LARGEST_GROUP {
                next = todo.try_recv().ok();
            }
        }
        if !batches.is_empty() {
            write(&mut file, &batches, progress);
        }
        match other {
            Some(Job::Wait(tell)) => drop(tell.send(())),
            Some(Job::Ledger(tell)) => drop(tell.send(file.ledger())),
            Some(Job::ResetLedger(tell)) => drop(tell.send(file.reset_ledger())),
            Some(Job::Write(_)) | None => {}
        }
    }
}

/// Writes a group, unless one before it could not be written: a hole would be a lie.
fn write(file: &mut File, batches: &[Batch], progress: &watch::Sender<Progress>) {
    if progress.borrow().failure.is_some() {
        return;
    }
    let count = u64::try_from(batches.len()).unwrap_or(u64::MAX);
    let result = file.write(batches);
    progress.send_modify(|progress| match result {
        Ok(()) => progress.written += count,
        Err(error) => {
            tracing::error!(%error, "commits could not be stored");
            progress.failure = Some(Arc::new(error));
        }
    });
}
