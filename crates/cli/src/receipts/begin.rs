//! The receipts of one run: those it goes on from, and those it writes.

use super::earlier::{Resumed, resume};
use super::file::{self, FOLDER, Refused};
use super::fleet;
use crate::args::ApplyArgs;
use crate::clock;
use crate::exit::Exit;
use crate::printer::{self, Printer};
use gangplank_executor::{Earlier, Journal, JournalFile, JournalHeader, Position};
use gangplank_model::Plan;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The receipts of a run.
#[derive(Debug)]
pub(crate) struct Receipts {
    resumed: Option<Resumed>,
    /// The file, once something is to be sent, and the journal in it.
    written: Option<Written>,
}

type Written = (PathBuf, Journal);

impl Receipts {
    /// Reads those that the run goes on from, and tells what they say.
    pub(crate) fn open(args: &ApplyArgs, plan: &Plan, printer: Printer) -> Result<Self, Exit> {
        let settle = Duration::from_secs(args.settle);
        Ok(Self {
            resumed: resume(args.resume.as_deref(), plan, settle, printer)?,
            written: None,
        })
    }

    /// What the earlier run may still have under way.
    pub(crate) fn earlier(&self, settle: Duration) -> Earlier {
        let resumed = self.resumed.as_ref();
        resumed.map_or_else(Earlier::default, |it| it.earlier(settle))
    }

    /// Where the roll-out of the earlier run was.
    pub(crate) fn position(&self, plan: &Plan) -> Position {
        let resumed = self.resumed.as_ref();
        resumed.map_or_else(Position::default, |it| fleet::position(it.path(), plan))
    }

    /// Where they are, once something is to be sent.
    pub(crate) fn path(&self) -> &Path {
        self.written
            .as_ref()
            .map_or(Path::new(FOLDER), |(path, _)| path)
    }

    /// Makes the file in the first round, and goes on with it in the second.
    pub(crate) async fn begin(
        &mut self,
        args: &ApplyArgs,
        plan: &Plan,
        printer: Printer,
    ) -> Result<Journal, Exit> {
        let now = clock::now();
        let header = JournalHeader {
            run: format!("{now}-{}", std::process::id()),
            started: now.clone(),
            instance: plan.instance.api_url.clone(),
            manifest_digest: plan.manifest_digest.clone(),
        };
        let (begun, sent) = if let Some((path, journal)) = self.written.take() {
            let round = journal.round(&header).await;
            let begun = round.map(|()| (path, journal)).map_err(Refused::from);
            (begun, "nothing more was sent")
        } else {
            let begun = create(args.receipts.clone(), now, &header).await;
            (begun, "nothing was sent")
        };
        match begun {
            Ok(begun) => Ok(self.written.insert(begun).1.clone()),
            Err(refused) => {
                let asked = args.receipts.as_deref().unwrap_or(Path::new(FOLDER));
                Err(tell((asked, sent), refused, printer))
            }
        }
    }
}

async fn create(
    asked: Option<PathBuf>,
    now: String,
    header: &JournalHeader,
) -> Result<Written, Refused> {
    let created = tokio::task::spawn_blocking(move || file::create(asked.as_deref(), &now));
    let (path, file) = created.await.map_err(io::Error::other)??;
    let journal = Journal::begin(Box::new(JournalFile::new(file)), header).await?;
    Ok((path, journal))
}

fn tell((asked, sent): (&Path, &str), refused: Refused, printer: Printer) -> Exit {
    match refused {
        Refused::Unsafe { why, remedy } => {
            printer.error(&format!("receipts cannot be kept, so {sent}: {why}"));
            printer::hint(&remedy);
            Exit::Refused
        }
        Refused::Failed(error) => {
            printer.error(&format!(
                "receipts cannot be written to {}, so {sent}: {error}",
                asked.display()
            ));
            printer::hint("make room there, or name another file with --receipts");
            Exit::Failed
        }
    }
}
