//! Several runs want the lease of one instance: by seed, with late and lost calls, kills and stops.
//!
//! [`contest`] plays one seed with the machine alone, whose holders do nothing but hold. [`turns`] has
//! whole applies work under it. Both check that no two runs hold the lease at once, that nobody waits
//! for ever, and that nobody ever has to unlock anything.

mod contestant;
mod line;
mod oracle;
mod play;
mod turns;

pub use play::{Contest, contest};
pub use turns::turns;
