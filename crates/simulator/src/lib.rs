//! Drives the real engine against the sandbox in memory: by seed, with faults, late commits and kills.
//!
//! [`simulate`] plays one seed. Everything in it is drawn from the seed: what the manifests say, how
//! long calls take, what goes wrong. The clock is simulated, so that a settle window of two minutes
//! passes at once. What runs is the code of the program: [`gangplank_live::read`], the planner,
//! [`gangplank_executor::apply`] and the client; only the wire and the disk are not.

mod contest;
mod crowd;
mod disk;
mod fate;
mod instance;
mod life;
pub mod limits;
mod mischief;
mod oracle;
mod play;
mod resumed;
mod saved;
mod scene;
mod seed;
mod stage;
mod testimony;
mod wire;

pub use contest::{Contest, contest, turns};
pub use crowd::play_all;
pub use fate::Point;
pub use mischief::{Mischief, Trouble};
pub use play::{Rival, Turn};
pub use resumed::{resume, resume_lies};
pub use seed::{Failure, Tally, simulate};
pub use stage::Stage;
