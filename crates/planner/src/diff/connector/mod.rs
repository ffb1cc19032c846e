//! Account connectors: install, update, authenticate, wait.

mod decide;
mod decision;
mod install;
mod memory;
mod moved;
mod shown;
mod update;

pub(crate) use decide::decide;
pub(crate) use decision::{Decision, State};
pub(crate) use moved::hold_up;
