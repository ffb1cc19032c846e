//! Mischief on demand: rules that say which requests are met, and what happens to them.
//!
//! `docs/sandbox-faults.md` has every key and every effect with an example.

mod chance;
mod due;
mod effect;
mod latency;
mod paging;
mod rate_limit;
mod retry_after;
mod rule;
mod span;

pub(crate) use due::{Counted, Due, Faults, Sight};
pub use effect::{Close, FaultEffect, Revoked};
pub use latency::Latency;
pub(crate) use paging::Paging;
pub use paging::{PageShift, TotalPages};
pub use rate_limit::RateLimit;
pub(crate) use retry_after::retry_after;
pub use rule::FaultRule;
pub use span::Span;
