//! One account's changes, and its calls in order.

mod account;
mod calls;
mod lane;
mod mark;
mod remove;
mod turns;
mod undeclared;

pub(crate) use lane::lane;
pub(crate) use remove::{Leaving, remove};
