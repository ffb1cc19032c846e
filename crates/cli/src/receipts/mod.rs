//! Receipts on disk: the file of a run, and the files of earlier ones.

mod begin;
mod earlier;
mod file;
mod go_on;

pub(crate) use begin::Receipts;
