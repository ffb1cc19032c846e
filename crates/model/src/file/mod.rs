//! Stored formats: the only types of this room that know serialisation.

pub mod applied_v1;
pub mod plan_access;
pub mod plan_call;
mod plan_call_read;
mod plan_call_write;
pub mod plan_file;
mod plan_problem;
mod plan_read;
pub mod plan_secret;
pub mod plan_v1;
pub mod plan_watch;
mod plan_write;
pub mod problems_v1;
pub mod receipts_v1;
mod seen_v1;

pub use plan_file::{PlanFile, Validity};
pub use plan_problem::PlanProblem;
