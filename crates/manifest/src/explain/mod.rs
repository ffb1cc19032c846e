//! Where each value of an account comes from: which file, profile, default or row, and what lies under it.
//!
//! Entries forget what they replaced as they are merged. So the files are read again here, as trees, and
//! the layers of one account are laid over each other once more, without losing any. What comes out in
//! the end is taken from the account as it is planned, so that both cannot part company.

mod effective;
mod explanation;
mod field;
mod layers;
mod telling;
mod written;

pub use explanation::{ArgumentRead, Explained, ExplainedObject, ExplainedValue, Given, Standing};
pub use field::FieldPath;
