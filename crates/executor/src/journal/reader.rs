//! A journal that is read: line by line, in little memory, as input that nobody vouches for.

use super::line::{self, LONGEST};
use gangplank_model::Address;
use gangplank_model::file::receipts_v1::{RecordV1, VERSION};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

/// So many calls may be without an outcome at once.
pub(super) const MOST_OPEN: usize = 100_000;

/// Why a journal cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableJournal {
    /// The file cannot be read.
    #[error("it cannot be read")]
    Io(#[from] io::Error),
    /// There is no whole line in it, so that nothing was recorded.
    #[error("nothing was recorded in it")]
    Empty,
    /// It is of another version.
    #[error("it is of version {0}, and this program reads version {VERSION}")]
    Version(u64),
    /// A line before the end of the file is not as it was written.
    #[error("line {line} is not as it was written: {why}")]
    Damaged {
        /// Which, from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
}

/// Reads the records of a journal, and stops at the first line that is not as it was written. What
/// follows the last line's end was being written when the process or its machine came to their end: it is
/// left out, and [`JournalReader::torn`] says so.
#[derive(Debug)]
pub struct JournalReader<R> {
    source: BufReader<R>,
    /// Lines so far.
    lines: u64,
    torn: u64,
    /// Whether nothing more comes.
    over: bool,
    /// The attempt that each call under way is at, by address and place in its lane.
    open: BTreeMap<(String, usize), u32>,
}

impl<R: Read> JournalReader<R> {
    /// Reads from a source, of which no more than a line is held at a time.
    pub fn new(source: R) -> Self {
        Self {
            source: BufReader::new(source),
            lines: 0,
            torn: 0,
            over: false,
            open: BTreeMap::new(),
        }
    }

    /// How many bytes at the end were left out, since their line was not whole.
    pub fn torn(&self) -> u64 {
        self.torn
    }

    fn record(&mut self) -> Result<Option<RecordV1>, UnreadableJournal> {
        let mut line = Vec::new();
        let most = LONGEST as u64 + 1;
        self.source
            .by_ref()
            .take(most)
            .read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            if line.len() > LONGEST {
                return Err(self.damaged("it is longer than any line of receipts"));
            }
            self.torn = line.len() as u64;
            return if self.lines == 0 {
                Err(UnreadableJournal::Empty)
            } else {
                Ok(None)
            };
        }
        self.lines += 1;
        let record = match line::read(&line) {
            Ok(record) => record,
            Err(why) => return Err(self.not_ours(&line, why)),
        };
        self.check(&record)?;
        Ok(Some(record))
    }

    /// A first line may be of another version, which this one need not understand.
    fn not_ours(&self, line: &[u8], why: &str) -> UnreadableJournal {
        let json: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
        match json["record"]["version"].as_u64() {
            Some(version) if self.lines == 1 && version != u64::from(VERSION) => {
                UnreadableJournal::Version(version)
            }
            Some(_) | None => self.damaged(why),
        }
    }

    /// Holds a record to its order: nothing is missing, nothing comes twice, no call ends that was not sent.
    fn check(&mut self, record: &RecordV1) -> Result<(), UnreadableJournal> {
        if record.number() != self.lines - 1 {
            return Err(self.damaged("it is not at the place where it was written"));
        }
        match record {
            RecordV1::Header { version, .. } => {
                self.open.clear();
                if *version != VERSION {
                    return Err(UnreadableJournal::Version(u64::from(*version)));
                }
            }
            RecordV1::Intent { .. }
            | RecordV1::Outcome { .. }
            | RecordV1::Account { .. }
            | RecordV1::Watched { .. }
            | RecordV1::Wave { .. }
                if self.lines == 1 =>
            {
                return Err(self.damaged("the first line is no header"));
            }
            RecordV1::Intent {
                address,
                index,
                attempt,
                ..
            } => {
                self.check_address(address)?;
                let before = self.open.insert((address.clone(), *index), *attempt);
                if before.unwrap_or(0).checked_add(1) != Some(*attempt) {
                    return Err(self.damaged("the attempt before it is missing"));
                }
                if self.open.len() > MOST_OPEN {
                    return Err(self.damaged("too many calls were under way"));
                }
            }
            RecordV1::Outcome {
                address,
                index,
                attempts,
                ..
            } => {
                self.check_address(address)?;
                let sent = self.open.remove(&(address.clone(), *index));
                if sent.unwrap_or(0) < *attempts {
                    return Err(self.damaged("it ends a call that was not sent"));
                }
            }
            RecordV1::Watched { address, .. } => self.check_address(address)?,
            RecordV1::Account { .. } | RecordV1::Wave { .. } => {}
        }
        Ok(())
    }

    fn check_address(&self, address: &str) -> Result<(), UnreadableJournal> {
        match address.parse::<Address>() {
            Ok(_) => Ok(()),
            Err(_) => Err(self.damaged("it names no object")),
        }
    }

    pub(super) fn damaged(&self, why: &str) -> UnreadableJournal {
        UnreadableJournal::Damaged {
            line: self.lines.max(1),
            why: why.to_owned(),
        }
    }
}

impl<R: Read> Iterator for JournalReader<R> {
    type Item = Result<RecordV1, UnreadableJournal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let read = self.record().transpose();
        self.over = !matches!(read, Some(Ok(_)));
        read
    }
}
