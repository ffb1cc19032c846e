//! The planner, held by tables of cases and by properties of whatever can be generated.

mod properties;
mod support;
mod tables;
