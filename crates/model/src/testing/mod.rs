//! Short builders for tests: what is wanted, what an instance offers, and what it holds.

mod desired;
mod library;
mod live;

pub use desired::{account, connector, desired, origin, secret, sourced, template};
pub use library::{library_connector, library_template, parameter};
pub use live::{live, live_account, live_connector, live_cycle, live_step};
