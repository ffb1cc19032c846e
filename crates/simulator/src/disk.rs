//! The disk under the journal: what is appended, what is durable, and when there is no room.

use crate::fate::{Fate, Point};
use fastrand::Rng;
use gangplank_cyclr::Outgoing;
use gangplank_executor::{Committing, JournalWriter};
use gangplank_model::Address;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::future::pending;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::sleep;

/// What outlives the process that wrote it. Clones are the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Platter(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// The journal, as far as it is durable.
    journal: Vec<u8>,
    /// The write that each account is at.
    under_way: BTreeMap<String, u64>,
    /// Writes whose intent is durable.
    intended: BTreeSet<u64>,
    /// Writes that arrived at the instance, and were on no record.
    unrecorded: Vec<String>,
}

impl Platter {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The journal, as far as it is durable.
    pub(crate) fn journal(&self) -> Vec<u8> {
        self.kept().journal.clone()
    }

    /// Writes that arrived at the instance before their intent was durable.
    pub(crate) fn unrecorded(&self) -> Vec<String> {
        self.kept().unrecorded.clone()
    }

    /// The number of a write that is sent: a lane makes one at a time.
    pub(crate) fn write(&self, outgoing: &Outgoing) -> u64 {
        let number = account(outgoing).and_then(|it| self.kept().under_way.get(&it).copied());
        number.unwrap_or(u64::MAX)
    }

    /// A write arrives at the instance.
    pub(crate) fn arrives(&self, outgoing: &Outgoing) {
        let write = self.write(outgoing);
        let mut kept = self.kept();
        if !kept.intended.contains(&write) {
            let call = format!("{} {}", outgoing.method, outgoing.url);
            kept.unrecorded.push(call);
        }
    }
}

/// The account that a request is about.
fn account(outgoing: &Outgoing) -> Option<String> {
    if let Some(header) = outgoing.headers.get("x-cyclr-account") {
        return header.to_str().ok().map(str::to_owned);
    }
    let path = outgoing.url.split('?').next()?;
    let (_, id) = path.split_once("/accounts")?;
    if let Some(id) = id.strip_prefix('/') {
        return Some(id.to_owned());
    }
    let body: Value = serde_json::from_slice(&outgoing.body).ok()?;
    body["Id"].as_str().map(str::to_owned)
}

/// Takes a journal's lines. Nothing arrives once the process is dead, and what was not durable by then
/// is gone; of the next line there may be a part.
#[derive(Debug)]
pub(crate) struct Disk {
    fate: Arc<Fate>,
    platter: Platter,
    /// Writes under way by their operation.
    writes: BTreeMap<String, u64>,
    /// Records until the disk is full.
    room: Option<u64>,
    random: Rng,
}

/// A line that is written and not durable.
struct Cached {
    line: Vec<u8>,
    write: u64,
    /// The point at which it is durable; none for a header.
    durable: Option<Point>,
}

impl Disk {
    pub(crate) fn new(fate: Arc<Fate>, platter: Platter, room: Option<u64>, seed: u64) -> Self {
        Self {
            fate,
            platter,
            writes: BTreeMap::new(),
            room,
            random: Rng::with_seed(seed),
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

    async fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut cached = Vec::new();
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            let (write, points) = self.place(line);
            if let Some([before, ..]) = points {
                self.unless_struck(write, before, &cached).await;
            }
            self.take_room()?;
            cached.push(Cached {
                line: line.to_vec(),
                write,
                durable: points.map(|[.., durable]| durable),
            });
            if let Some([_, appended, _]) = points {
                self.unless_struck(write, appended, &cached).await;
            }
        }
        sleep(Duration::from_micros(self.random.u64(50..8_000))).await;
        if self.fate.is_dead() {
            pending::<()>().await;
        }
        self.keep(&cached);
        for line in &cached {
            if let Some(durable) = line.durable {
                self.unless_struck(line.write, durable, &[]).await;
            }
        }
        Ok(())
    }

    /// What a line is about: the number of its write, and the three points around it.
    fn place(&mut self, line: &[u8]) -> (u64, Option<[Point; 3]>) {
        let line: Value = serde_json::from_slice(line).unwrap_or_default();
        let record = &line["record"];
        let operation = format!("{} {}", record["address"], record["index"]);
        match record["type"].as_str() {
            Some("intent") => {
                let write = self.fate.begin();
                self.writes.insert(operation, write);
                if let Some(Ok(address)) = record["address"].as_str().map(str::parse::<Address>) {
                    let account = address.account.as_str().to_owned();
                    self.platter.kept().under_way.insert(account, write);
                }
                let points = [
                    Point::BeforeIntent,
                    Point::IntentAppended,
                    Point::IntentDurable,
                ];
                (write, Some(points))
            }
            Some("outcome") => {
                let points = [
                    Point::Answered,
                    Point::ReceiptAppended,
                    Point::ReceiptDurable,
                ];
                let write = self.writes.remove(&operation).unwrap_or(u64::MAX);
                (write, Some(points))
            }
            _ => (u64::MAX, None),
        }
    }

    fn keep(&self, cached: &[Cached]) {
        let mut kept = self.platter.kept();
        for line in cached {
            kept.journal.extend_from_slice(&line.line);
            if line.durable == Some(Point::IntentDurable) {
                kept.intended.insert(line.write);
            }
        }
    }

    /// Goes on, unless this is where the process dies.
    async fn unless_struck(&mut self, write: u64, point: Point, cached: &[Cached]) {
        if self.fate.is_dead() {
            pending::<()>().await;
        }
        if self.fate.strikes(write, point) {
            if let Some(first) = cached.first() {
                let part = self.random.usize(0..first.line.len());
                self.platter
                    .kept()
                    .journal
                    .extend_from_slice(&first.line[..part]);
            }
            pending::<()>().await;
        }
    }
}

impl JournalWriter for Disk {
    fn commit(&mut self, lines: Vec<u8>) -> Committing<'_> {
        Box::pin(async move { self.write(&lines).await })
    }
}
