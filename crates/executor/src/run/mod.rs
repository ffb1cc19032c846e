//! All lanes of a plan: concurrently, each alone with its failures, parents before sub-accounts, wave
//! after wave.

mod apply;
mod bounds;
mod crew;
mod drive;
mod gate;
mod position;
mod report;
mod runtime;
mod schedule;
mod waves;

pub use apply::{apply, apply_from};
pub use position::{Position, Watched};
pub use report::{LaneReport, Report};
pub use runtime::{Listener, Runtime};
