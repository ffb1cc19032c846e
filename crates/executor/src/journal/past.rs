//! What a journal says of the run that wrote it.

use super::group_commit::JournalHeader;
use super::reader::{JournalReader, MOST_OPEN, UnreadableJournal};
use gangplank_model::Address;
use gangplank_model::file::receipts_v1::{OutcomeV1, RecordV1};
use std::collections::BTreeMap;
use std::io::Read;
use std::time::Duration;

/// An earlier run, as far as its journal tells.
#[derive(Clone, Debug)]
pub struct PastRun {
    /// How its first round began.
    pub header: JournalHeader,
    /// How many operations ended how.
    pub ended: BTreeMap<OutcomeV1, u64>,
    /// Calls that may still be done: those without an outcome, and those whose outcome nobody knew.
    pub open: Vec<OpenCall>,
    /// When its last round began, ISO 8601 in UTC.
    pub last_round: String,
    /// When, in that round, the last record was made.
    pub last_record: Duration,
    /// Bytes at the end that were left out, since their line was not whole.
    pub torn: u64,
}

/// A call that may still be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCall {
    /// The object.
    pub address: Address,
    /// What was to be done, in a few words.
    pub verb: String,
    /// Method and route pattern.
    pub route: String,
    /// When the round began in which it was sent, ISO 8601 in UTC.
    pub round: String,
    /// When, in that round, it was last recorded that it was about to be sent.
    pub at: Duration,
    /// Whether the run itself gave up on finding out.
    pub given_up: bool,
}

impl PastRun {
    /// Reads a journal to its end. It holds no more of it than the calls that are open.
    pub fn read(source: impl Read) -> Result<Self, UnreadableJournal> {
        let mut reader = JournalReader::new(source);
        let Some(first) = reader.next().transpose()? else {
            return Err(UnreadableJournal::Empty);
        };
        let mut past = Self::of(first)?;
        let mut open = BTreeMap::new();
        let mut round = 0;
        while let Some(record) = reader.next().transpose()? {
            round += usize::from(matches!(record, RecordV1::Header { .. }));
            past.take(round, record, &mut open);
            if open.len() > MOST_OPEN {
                return Err(reader.damaged("too many calls are open"));
            }
        }
        past.torn = reader.torn();
        past.open = open.into_values().collect();
        Ok(past)
    }

    fn of(first: RecordV1) -> Result<Self, UnreadableJournal> {
        match first {
            RecordV1::Header {
                run,
                started,
                instance,
                manifest_digest,
                number: _,
                version: _,
            } => Ok(Self {
                last_round: started.clone(),
                header: JournalHeader {
                    run,
                    started,
                    instance,
                    manifest_digest,
                },
                ended: BTreeMap::new(),
                open: Vec::new(),
                last_record: Duration::ZERO,
                torn: 0,
            }),
            // The reader lets nothing else come first.
            RecordV1::Intent { .. }
            | RecordV1::Outcome { .. }
            | RecordV1::Account { .. }
            | RecordV1::Watched { .. }
            | RecordV1::Wave { .. } => Err(UnreadableJournal::Empty),
        }
    }

    fn take(&mut self, round: usize, record: RecordV1, open: &mut Open) {
        match record {
            RecordV1::Header { started, .. } => {
                self.last_round = started;
                self.last_record = Duration::ZERO;
            }
            RecordV1::Intent {
                address,
                index,
                verb,
                route,
                milliseconds,
                number: _,
                attempt: _,
            } => {
                let at = self.at(milliseconds);
                // The reader lets no other text through.
                let Ok(parsed) = address.parse::<Address>() else {
                    return;
                };
                let call = OpenCall {
                    address: parsed,
                    verb,
                    route,
                    round: self.last_round.clone(),
                    at,
                    given_up: false,
                };
                open.insert((round, address, index), call);
            }
            RecordV1::Outcome {
                address,
                index,
                outcome,
                milliseconds,
                ..
            } => {
                self.at(milliseconds);
                *self.ended.entry(outcome).or_default() += 1;
                let key = (round, address, index);
                if outcome != OutcomeV1::Unknown {
                    open.remove(&key);
                } else if let Some(call) = open.get_mut(&key) {
                    call.given_up = true;
                }
            }
            RecordV1::Account { milliseconds, .. }
            | RecordV1::Watched { milliseconds, .. }
            | RecordV1::Wave { milliseconds, .. } => {
                self.at(milliseconds);
            }
        }
    }

    fn at(&mut self, milliseconds: u64) -> Duration {
        let at = Duration::from_millis(milliseconds);
        self.last_record = self.last_record.max(at);
        at
    }
}

/// Calls without an outcome, by their round, address and place in their lane.
type Open = BTreeMap<(usize, String, usize), OpenCall>;
