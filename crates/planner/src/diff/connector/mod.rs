//! Account connectors: install, update, authenticate, wait.

mod decide;
mod decision;
mod install;
mod memory;
mod shown;
mod update;

pub(crate) use decide::decide;
pub(crate) use decision::{Decision, State};
