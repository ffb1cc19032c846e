//! The instance and its ledger in SQLite, so that they survive a kill at any moment.
//!
//! One thread owns the database (`writer.rs`). Requests hand it what they changed and go on; their
//! answers wait until it is on disk. So the requests that come while one transaction is being
//! synced share the next one.

mod file;
mod writer;

pub(crate) use file::Batch;
pub(crate) use writer::{Opened, Receipt, Store};
