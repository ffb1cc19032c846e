//! Arguments: what a profile declares, what an account gives, and what expressions read.
//!
//! [`check`] tells what the text of the profiles shows by itself; [`Declarations`] are what a
//! profile and those under it declare together; [`Arguments`] are the values of one account.

mod check;
mod declared;
mod given;
mod value;

pub(crate) use check::{Uses, check, tell_unused};
pub(crate) use declared::{Declarations, DeclaredMaps};
pub(crate) use given::{Given, Under};
pub(crate) use value::Arguments;
