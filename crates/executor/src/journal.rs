//! The journal: one record before and one after each write. For people and audits; never needed to
//! be right.

use gangplank_model::file::receipts_v1::{RecordV1, VERSION};
use gangplank_model::{Operation, Receipt};
use std::fs::File;
use std::io::{self, Write as _};
use std::time::Duration;

/// After so many records the writer is asked to make them durable.
const RECORDS_A_SYNC: usize = 64;

/// Where records go. The caller opens it (mode 0600, no links followed); this room only appends.
pub trait JournalWriter: Send {
    /// Appends whole lines.
    fn append(&mut self, lines: &[u8]) -> io::Result<()>;

    /// Makes what was appended durable.
    fn sync(&mut self) -> io::Result<()>;
}

impl JournalWriter for File {
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        self.write_all(lines)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// What a journal begins with.
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

/// A journal that is being written. After the first error nothing more is appended, and every
/// further intent fails, so that no write happens that the journal does not know of.
pub struct Journal {
    writer: Option<Box<dyn JournalWriter>>,
    unsynced: usize,
    failed: Option<String>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal")
            .field("unsynced", &self.unsynced)
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

impl Journal {
    /// A journal that keeps nothing.
    pub fn none() -> Self {
        Self {
            writer: None,
            unsynced: 0,
            failed: None,
        }
    }

    /// Begins a journal with its header. Fails when that cannot be written.
    pub fn begin(writer: Box<dyn JournalWriter>, header: &JournalHeader) -> io::Result<Self> {
        let mut journal = Self {
            writer: Some(writer),
            ..Self::none()
        };
        let header = header.clone();
        journal.append(&RecordV1::Header {
            version: VERSION,
            run: header.run,
            started: header.started,
            instance: header.instance,
            manifest_digest: header.manifest_digest,
        });
        match journal.failed.take() {
            Some(why) => Err(io::Error::other(why)),
            None => Ok(journal),
        }
    }

    /// Why the journal could not be written, if so.
    pub fn failure(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    /// Records that a call is about to be sent. `Err` says why it must not be sent.
    pub(crate) fn intent(
        &mut self,
        operation: &Operation,
        index: usize,
        attempt: u32,
        at: Duration,
    ) -> Result<(), String> {
        self.append(&RecordV1::Intent {
            address: operation.address.to_string(),
            index,
            verb: operation.verb(),
            route: operation.route().to_owned(),
            attempt,
            milliseconds: milliseconds(at),
        });
        self.failed.clone().map_or(Ok(()), Err)
    }

    /// Records how an operation ended.
    pub(crate) fn outcome(&mut self, receipt: &Receipt, at: Duration) {
        self.append(&RecordV1::Outcome {
            address: receipt.address.to_string(),
            index: receipt.index,
            outcome: (&receipt.outcome).into(),
            explanation: receipt.outcome.explanation().map(str::to_owned),
            id: receipt.id.clone(),
            attempts: receipt.attempts,
            milliseconds: milliseconds(at),
        });
    }

    /// Makes everything durable.
    pub(crate) fn finish(&mut self) {
        if let (Some(writer), None) = (&mut self.writer, &self.failed)
            && let Err(error) = writer.sync()
        {
            self.failed = Some(error.to_string());
        }
        self.unsynced = 0;
    }

    fn append(&mut self, record: &RecordV1) {
        let Some(writer) = &mut self.writer else {
            return;
        };
        if self.failed.is_some() {
            return;
        }
        let line = line(record);
        self.unsynced += 1;
        let mut result = writer.append(line.as_bytes());
        if result.is_ok() && self.unsynced >= RECORDS_A_SYNC {
            self.unsynced = 0;
            result = writer.sync();
        }
        if let Err(error) = result {
            self.failed = Some(error.to_string());
        }
    }
}

fn milliseconds(at: Duration) -> u64 {
    u64::try_from(at.as_millis()).unwrap_or(u64::MAX)
}

/// One line: the record with its length in bytes and its CRC-32, which tell a torn one.
fn line(record: &RecordV1) -> String {
    let json = serde_json::to_string(record).expect("a record holds nothing but texts and numbers");
    let crc = crc32fast::hash(json.as_bytes());
    let length = json.len();
    format!("{{\"length\":{length},\"crc32\":\"{crc:08x}\",\"record\":{json}}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use gangplank_model::{AccountId, Address, OperationKind, Outcome};
    use std::sync::{Arc, Mutex};

    struct Shared(Arc<Mutex<Vec<u8>>>, usize);

    impl JournalWriter for Shared {
        fn append(&mut self, lines: &[u8]) -> io::Result<()> {
            if self.1 == 0 {
                return Err(io::Error::other("no space left on device"));
            }
            self.1 -= 1;
            self.0.lock().unwrap().extend_from_slice(lines);
            Ok(())
        }

        fn sync(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn journal(room: usize) -> (Journal, Arc<Mutex<Vec<u8>>>) {
        let kept = Arc::new(Mutex::new(Vec::new()));
        let header = JournalHeader {
            run: "r".into(),
            started: "2026-01-01T00:00:00Z".into(),
            instance: "https://api.cyclr.test".into(),
            manifest_digest: "0".into(),
        };
        let writer = Box::new(Shared(kept.clone(), room));
        (Journal::begin(writer, &header).unwrap(), kept)
    }

    fn operation() -> Operation {
        Operation {
            address: Address::account(&AccountId::new("a")),
            kind: OperationKind::DeleteAccount,
            depends_on: Vec::new(),
        }
    }

    fn receipt() -> Receipt {
        let operation = operation();
        Receipt {
            address: operation.address.clone(),
            index: 0,
            verb: operation.verb(),
            route: operation.route(),
            outcome: Outcome::Done,
            id: Some("a".into()),
            attempts: 1,
            elapsed: Duration::from_millis(3),
        }
    }

    #[test]
    fn every_line_carries_length_and_checksum() {
        let (mut journal, kept) = journal(9);
        journal.intent(&operation(), 0, 1, Duration::ZERO).unwrap();
        journal.outcome(&receipt(), Duration::from_millis(3));
        journal.finish();
        let text = String::from_utf8(kept.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 3);
        for line in text.lines() {
            let whole: serde_json::Value = serde_json::from_str(line).unwrap();
            let (_, record) = line.split_once("\"record\":").unwrap();
            let record = &record[..record.len() - 1];
            assert_eq!(whole["length"], record.len());
            let crc = format!("{:08x}", crc32fast::hash(record.as_bytes()));
            assert_eq!(whole["crc32"], crc);
        }
    }

    #[test]
    fn a_full_disk_stops_further_intents() {
        let (mut journal, _) = journal(2);
        journal.intent(&operation(), 0, 1, Duration::ZERO).unwrap();
        journal.outcome(&receipt(), Duration::ZERO);
        let refused = journal.intent(&operation(), 1, 1, Duration::ZERO);
        assert_eq!(refused, Err("no space left on device".into()));
        assert_eq!(journal.failure(), Some("no space left on device"));
    }
}
