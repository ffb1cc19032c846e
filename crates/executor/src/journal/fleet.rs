//! What a journal says of the accounts and the waves of the run that wrote it.

use super::group_commit::JournalHeader;
use super::reader::{JournalReader, UnreadableJournal};
use crate::run::Watched;
use gangplank_model::file::receipts_v1::{AccountEndV1, RecordV1, StageV1};
use gangplank_model::{AccountId, Address};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::time::Duration;

/// The accounts and waves of an earlier run, as far as its journal tells.
#[derive(Clone, Debug)]
pub struct PastFleet {
    /// How its last round began.
    pub header: JournalHeader,
    /// Accounts that were begun and did not end well. Where the journal ends before an account did, it is
    /// one of them.
    pub went_wrong: BTreeSet<AccountId>,
    /// How many accounts were not begun.
    pub not_begun: usize,
    /// What the waves take that were passed, by their place, from 0.
    pub passed: BTreeMap<usize, String>,
    /// The wave that was left to itself when the journal ends, if one was.
    pub soaking: Option<PastSoak>,
}

/// A wave that was left to itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastSoak {
    /// Its place, from 0.
    pub wave: usize,
    /// What it takes.
    pub takes: String,
    /// When the round began in which that was recorded, ISO 8601 in UTC.
    pub round: String,
    /// When, in that round, it was recorded.
    pub at: Duration,
    /// How long it had been left to itself before.
    pub before: Duration,
    /// The cycles that were started in it.
    pub watched: Vec<Watched>,
}

impl PastFleet {
    /// Reads a journal to its end.
    pub fn read(source: impl Read) -> Result<Self, UnreadableJournal> {
        let mut fleet = None;
        let mut ends: BTreeMap<AccountId, AccountEndV1> = BTreeMap::new();
        let mut watched: BTreeMap<usize, Vec<Watched>> = BTreeMap::new();
        for record in JournalReader::new(source) {
            match record? {
                RecordV1::Header {
                    run,
                    started,
                    instance,
                    manifest_digest,
                    number: _,
                    version: _,
                } => {
                    let header = JournalHeader {
                        run,
                        started,
                        instance,
                        manifest_digest,
                    };
                    fleet = Some(Self::of(header));
                }
                // Until its account says how it ended, it did not end.
                RecordV1::Intent { address, .. } | RecordV1::Outcome { address, .. } => {
                    if let Ok(address) = address.parse::<Address>() {
                        ends.insert(address.account, AccountEndV1::Stopped);
                    }
                }
                RecordV1::Account { account, end, .. } => {
                    ends.insert(AccountId::new(&account), end);
                }
                RecordV1::Watched {
                    wave,
                    address,
                    cycle,
                    once,
                    ..
                } => {
                    if let (Ok(parsed), Some(wave)) =
                        (address.parse::<Address>(), wave.checked_sub(1))
                    {
                        watched.entry(wave).or_default().push(Watched {
                            account: parsed.account,
                            address,
                            cycle,
                            once,
                        });
                    }
                }
                record @ RecordV1::Wave { .. } => {
                    if let Some(fleet) = &mut fleet {
                        fleet.wave(record, &mut watched);
                    }
                }
            }
        }
        let mut fleet = fleet.ok_or(UnreadableJournal::Empty)?;
        for (account, end) in ends {
            match end {
                AccountEndV1::Good => {}
                AccountEndV1::NotBegun => fleet.not_begun += 1,
                AccountEndV1::Failed
                | AccountEndV1::Unknown
                | AccountEndV1::TimedOut
                | AccountEndV1::Stopped => {
                    fleet.went_wrong.insert(account);
                }
            }
        }
        Ok(fleet)
    }

    fn of(header: JournalHeader) -> Self {
        Self {
            header,
            went_wrong: BTreeSet::new(),
            not_begun: 0,
            passed: BTreeMap::new(),
            soaking: None,
        }
    }

    fn wave(&mut self, record: RecordV1, watched: &mut BTreeMap<usize, Vec<Watched>>) {
        let RecordV1::Wave {
            wave,
            takes,
            stage,
            soaked_milliseconds,
            milliseconds,
            number: _,
        } = record
        else {
            return;
        };
        let Some(wave) = wave.checked_sub(1) else {
            return;
        };
        self.soaking = None;
        match stage {
            StageV1::Begun | StageV1::Held => {
                self.passed.remove(&wave);
            }
            StageV1::Soaking => {
                self.soaking = Some(PastSoak {
                    wave,
                    takes,
                    round: self.header.started.clone(),
                    at: Duration::from_millis(milliseconds),
                    before: Duration::from_millis(soaked_milliseconds),
                    watched: watched.remove(&wave).unwrap_or_default(),
                });
            }
            StageV1::Passed => {
                self.passed.insert(wave, takes);
            }
        }
    }
}
