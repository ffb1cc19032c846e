//! Which live object belongs to an entry that was moved: `moved: { from: ... }`.
//!
//! Pure. A former name counts only while nothing stands under the new one, or while what stands there
//! moves away itself. Names that are exchanged go through a temporary one, which says where its
//! object is bound for: so a run that was cut off is finished by the next.

mod claim;
mod held;
mod names;
#[cfg(test)]
mod tests;

pub use claim::{Claim, moved, resolve};
pub use held::{Connectors, Cycles, Held};
pub use names::{Names, bound_for, circles, temporary};
