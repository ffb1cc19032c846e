//! Installed templates: install, adopt, change, stop, restart, wait.

mod decide;
mod decision;
mod existing;
mod install;
mod moved;
mod needs;
mod run;
mod tags;

pub(crate) use decide::{decide, removal};
pub(crate) use decision::{Scene, TemplateDecision};
pub(crate) use moved::{aside, hold_up};
