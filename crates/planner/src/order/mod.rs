//! One account's changes, and its calls in order.

mod account;
mod calls;
mod lane;
mod remove;

pub(crate) use calls::on_installed;
pub(crate) use lane::lane;
