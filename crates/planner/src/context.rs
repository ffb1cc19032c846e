//! What a plan needs to know besides both sides.

use gangplank_model::{Address, ConnectorMark, InstanceRef};
use std::collections::BTreeMap;

/// The circumstances of a plan.
#[derive(Clone, Debug)]
pub struct Context {
    /// The instance, as the plan is to name it.
    pub instance: InstanceRef,
    /// Whether marks may be kept in the instance.
    pub marks: bool,
    /// What the marks would say of the secrets as they are now; `None` when they were not read.
    pub made_marks: Option<MadeMarks>,
    /// The brakes.
    pub limits: Limits,
}

/// Marks made from the secrets' values.
#[derive(Clone, Debug, Default)]
pub struct MadeMarks {
    /// Which key they were made with.
    pub key: String,
    /// By the connector's address; without an entry there is nothing to remember.
    pub connectors: BTreeMap<Address, ConnectorMark>,
}

/// What a plan may not do without an explicit word.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// How many objects may be removed; none unless said.
    pub removals: Option<usize>,
}
