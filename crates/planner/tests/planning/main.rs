//! The planner, held by tables of cases.

mod support;
mod tables;
