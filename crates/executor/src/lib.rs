//! Applies a plan: lanes, unknown outcomes resolved by reading back, receipts.
//!
//! It never plans. What it asks of the live instance is one question only: does it satisfy this
//! operation? A lane is a machine without I/O ([`LaneMachine`]): it takes an answer and gives the
//! next request or wait. [`apply`] drives all lanes of a plan with a client and tokio's clock. A
//! [`lease`] keeps two applies apart that ask for it; it is a machine of the same kind.
#![warn(clippy::wildcard_enum_match_arm)]

mod audit;
mod call;
mod cancel;
mod credential;
mod earlier;
mod explain;
mod journal;
mod lane;
mod learned;
pub mod lease;
mod look;
mod pace;
mod recheck;
mod resolve;
mod rivals;
mod run;
mod settings;
mod values;
mod verdict;
mod written;

pub use cancel::{Cancel, Canceller, Cause, GRACE};
pub use earlier::Earlier;
pub use journal::{
    Committing, Journal, JournalFile, JournalHeader, JournalReader, JournalWriter, OpenCall,
    PastFleet, PastRun, PastSoak, UnreadableJournal,
};
pub use lane::{Context, Input, Intent, LaneMachine, Step};
pub use run::{LaneReport, Listener, Position, Report, Runtime, Watched, apply, apply_from};
pub use settings::Settings;
pub use verdict::Verdict;
