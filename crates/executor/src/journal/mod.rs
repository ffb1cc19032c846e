//! The journal: one record before and one after each write. For people and audits, and for a later run
//! that wants to know sooner what an earlier one has left open; never needed to be right.

#[cfg(test)]
mod damage;
mod fleet;
mod group_commit;
mod line;
mod past;
mod reader;
#[cfg(test)]
mod sharing;
mod writer;

pub use fleet::{PastFleet, PastSoak};
pub use group_commit::{Journal, JournalHeader};
pub(crate) use group_commit::{milliseconds, short};
pub use past::{OpenCall, PastRun};
pub use reader::{JournalReader, UnreadableJournal};
pub use writer::{Committing, JournalFile, JournalWriter};
