//! Where a journal's lines go.

use std::fs::File;
use std::io::{self, Write as _};
use std::pin::Pin;
use std::sync::Arc;

/// Lines on their way to a durable place.
pub type Committing<'a> = Pin<Box<dyn Future<Output = io::Result<()>> + Send + 'a>>;

/// Where a journal's lines go. The caller opens it; this room only appends.
pub trait JournalWriter: Send {
    /// Appends whole lines, then makes them durable. It ends when they are, or cannot be.
    ///
    /// It is not called again after it failed: what a failed sync has lost, no later one brings back.
    fn commit(&mut self, lines: Vec<u8>) -> Committing<'_>;
}

/// A file, which is written and synced on a thread that may block.
#[derive(Clone, Debug)]
pub struct JournalFile(Arc<File>);

impl JournalFile {
    /// Appends to a file that is open for writing.
    pub fn new(file: File) -> Self {
        Self(Arc::new(file))
    }
}

impl JournalWriter for JournalFile {
    fn commit(&mut self, lines: Vec<u8>) -> Committing<'_> {
        let file = self.0.clone();
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || {
                (&*file).write_all(&lines)?;
                file.sync_data()
            });
            written.await.map_err(io::Error::other)?
        })
    }
}
