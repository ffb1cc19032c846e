//! The lease: at most one apply at a time works on an instance, where both ask for it.
//!
//! It is an account with a reserved id ([`gangplank_model::lease`]), and nothing else than calls that
//! the API has anyway. Its first creation is a test-and-set, since the instance refuses an id that is
//! in use. From then on it can only be read and written, so that taking it is Fischer's algorithm:
//! look until it is free, write a claim, wait [`SETTLE`], look whether the claim still stands. A claim
//! whose answer came later than [`PROMPT`] after the look before it counts for nothing, whatever
//! becomes of it. So of all who looked at the same free lease the last to write has it, and nobody who
//! looks afterwards finds it free. What this needs of the instance: a look sees what was answered half of
//! `SETTLE - PROMPT` before.
//!
//! The claim stands in `AuditInfo` and the release in `TaskAuditInfo`, which a PUT changes each alone
//! (cyclr-api.md 2.1). Every claim that is written is another one ([`Claim::run`] and
//! [`Claim::count`]), and a release names the one it gives back: a release, or a renewal, that is done
//! long after it was given up can therefore never make a lease look free that somebody else has. It can
//! only cover his claim: his next renewal finds that, and stops his run.
//!
//! A lease whose claim did not change for a whole term is free, as measured by whoever wants it on his
//! own monotonic clock from the moment he first saw it. Clocks of two machines are never compared. The
//! holder renews eight times in a term, and stops by his own clock well before others may think that he
//! is dead.

mod claim;
mod driver;
mod end;
mod holding;
mod leaving;
mod machine;
mod taking;
mod terms;

pub use claim::{Claim, Claimant};
pub use driver::{Lease, Status, Watch};
pub use end::{End, Refusal, Waiting};
pub use machine::{Input, LeaseMachine, Step};
pub use terms::{LONGEST, PROMPT, SETTLE, SHORTEST, TERM, Terms};
