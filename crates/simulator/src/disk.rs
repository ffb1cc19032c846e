//! The disk under the journal: what is appended, what is durable, and when there is no room.

use crate::fate::{Fate, Point};
use gangplank_executor::JournalWriter;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Takes a journal's lines. Nothing arrives once the process is dead.
#[derive(Debug)]
pub(crate) struct Disk {
    fate: Arc<Fate>,
    /// The write that was begun last.
    latest: Arc<AtomicU64>,
    /// Writes under way by their operation.
    writes: BTreeMap<String, u64>,
    /// Records until the disk is full.
    room: Option<u64>,
}

impl Disk {
    pub(crate) fn new(fate: Arc<Fate>, latest: Arc<AtomicU64>, room: Option<u64>) -> Self {
        Self {
            fate,
            latest,
            writes: BTreeMap::new(),
            room,
        }
    }

    fn take_room(&mut self) -> io::Result<()> {
        match &mut self.room {
            Some(0) => Err(io::Error::from(io::ErrorKind::StorageFull)),
            Some(room) => {
                *room -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// One record with the three points around it.
    fn append_at(
        &mut self,
        write: u64,
        before: Point,
        appended: Point,
        durable: Point,
    ) -> io::Result<()> {
        if self.fate.strikes(write, before) {
            return Err(Self::dead());
        }
        self.take_room()?;
        if self.fate.strikes(write, appended) || self.fate.strikes(write, durable) {
            return Err(Self::dead());
        }
        Ok(())
    }

    fn dead() -> io::Error {
        io::Error::other("the process is dead")
    }
}

/// What a journal's line is about.
fn record(line: &[u8]) -> Value {
    let line: Value = serde_json::from_slice(line).unwrap_or_default();
    line["record"].clone()
}

impl JournalWriter for Disk {
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.fate.is_dead() {
            return Err(Self::dead());
        }
        let record = record(lines);
        let operation = format!("{} {}", record["address"], record["index"]);
        match record["type"].as_str() {
            Some("intent") => {
                let write = self.fate.begin();
                self.latest.store(write, Ordering::Relaxed);
                self.writes.insert(operation, write);
                self.append_at(
                    write,
                    Point::BeforeIntent,
                    Point::IntentAppended,
                    Point::IntentDurable,
                )
            }
            Some("outcome") => {
                let write = self.writes.remove(&operation).unwrap_or(u64::MAX);
                self.append_at(
                    write,
                    Point::Answered,
                    Point::ReceiptAppended,
                    Point::ReceiptDurable,
                )
            }
            _ => self.take_room(),
        }
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.fate.is_dead() {
            return Err(Self::dead());
        }
        Ok(())
    }
}
