//! Reads a live instance into the model, in few requests.
//!
//! [`Scope::of`] works out what a manifest makes it necessary to read, [`read`] reads it, and
//! [`Reread`] with [`satisfies`] answers one question about one operation: was it done? [`Recheck`]
//! answers one about an account: is it still what a plan saw?

mod accounts;
mod convert;
mod error;
mod fetch;
pub mod offer;
mod precondition;
mod read;
mod recheck;
mod reread;
mod satisfy;
mod scope;
mod tally;
pub mod wire;

pub use error::ReadError;
pub use precondition::preconditions;
pub use read::{ReadProgress, read};
pub use recheck::{Checked, Recheck};
pub use reread::{Facts, Missing, Question, Reread, Taken};
pub use satisfy::{Finding, satisfies};
pub use scope::{AccountScope, Scope, StepScope, TemplateScope};
