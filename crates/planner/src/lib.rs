//! Desired and live state in, a plan out: a pure function.
//!
//! No I/O, no clock, no randomness: equal inputs give equal plans, to the byte. [`plan`] reads as the
//! table of contents; [`check`] holds any plan, ours or one from a file, against the invariants.

#![warn(clippy::wildcard_enum_match_arm)]

mod check;
mod context;
mod diff;
mod family;
mod inside;
mod library;
mod moves;
mod notes;
mod offered;
mod order;
mod pair;
mod plan;
mod protect;
mod waves;

pub use check::check;
pub use context::{Context, Limits, MadeMarks, wanted};
pub use offered::{Offered, offered};
pub use plan::plan;
pub use waves::{Waves, waves};
