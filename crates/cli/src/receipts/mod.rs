//! Receipts on disk: the file of a run, and the files of earlier ones.

mod begin;
mod earlier;
mod file;
mod fleet;

pub(crate) use begin::Receipts;
pub(crate) use fleet::{narrow, note};
