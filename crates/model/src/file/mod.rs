//! Stored formats: the only types of this room that know serialisation.

pub mod plan_v1;
pub mod problems_v1;
pub mod receipts_v1;
