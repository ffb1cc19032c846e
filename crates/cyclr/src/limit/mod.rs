//! The one limiter in front of every call.
//!
//! Nothing is known of the instance's limits at first (cyclr-api.md 1.7), so they are told or learned:
//!
//! | what | file |
//! | --- | --- |
//! | calls a second as a person says it | `rate.rs` |
//! | calls a second as headers say it | `told.rs` |
//! | calls a second as refusals teach it | `learned.rs` |
//! | calls at once, learned from losses and from how long answers take | `window.rs`, `latency.rs` |
//! | pauses that the instance asks for, and those in an outage | `pause.rs`, `outage.rs` |
//! | how many calls may be made again | `budget.rs` |
//! | who goes first | `line.rs` |
//!
//! All of these are values that are told the time. `limiter.rs` puts them together, and is the only one
//! that waits.

mod bucket;
mod budget;
mod curve;
mod end;
mod latency;
mod learned;
mod limiter;
mod line;
mod outage;
mod pause;
mod place;
mod rate;
mod state;
mod told;
mod window;

pub(crate) use end::End;
pub(crate) use limiter::Limiter;
pub use line::Urgency;
pub(crate) use pause::LONGEST;
pub use rate::{Rate, RateError};
pub(crate) use told::Told;
pub(crate) use window::PATIENCE;
