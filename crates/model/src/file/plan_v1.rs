//! Version 1 of the plan as JSON.
