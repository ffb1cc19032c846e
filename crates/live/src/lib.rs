//! Reads a live instance into the model, in few requests.
//!
//! [`Scope::of`] works out what a manifest makes it necessary to read, [`read`] reads it, and
//! [`Reread`] with [`satisfies`] answers one question about one operation: was it done?

mod accounts;
mod convert;
mod error;
mod fetch;
pub mod offer;
mod read;
mod reread;
mod satisfy;
mod scope;
mod tally;
pub mod wire;

pub use error::ReadError;
pub use read::{ReadProgress, read};
pub use reread::{Facts, Missing, Question, Reread, Taken};
pub use satisfy::{Finding, satisfies};
pub use scope::{AccountScope, Scope, StepScope, TemplateScope};
