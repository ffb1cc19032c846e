//! Rosters: accounts from the rows of files.
//!
//! [`load`] reads the files once, and tells what is wrong with their form; [`Expansion`] goes over
//! their rows one by one and makes an account of each. No more than one row is held at a time.

mod absent;
mod capped;
mod csv;
mod expand;
mod json;
mod load;
mod path;
mod row;
mod rows;

pub(crate) use absent::{is_empty, reads_row};
pub(crate) use expand::{Expansion, braced};
pub(crate) use load::{Roster, load};
pub use path::RosterPath;
pub(crate) use row::Row;
pub(crate) use rows::rows;
