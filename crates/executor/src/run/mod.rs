//! All lanes of a plan: concurrently, each alone with its failures, parents before sub-accounts.

mod apply;
mod drive;
mod report;
mod runtime;
mod schedule;

pub use apply::apply;
pub use report::{LaneReport, Report};
pub use runtime::{Listener, Runtime};
