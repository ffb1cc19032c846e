//! Secret references to values, at the last moment.
//!
//! References come from the manifest and may be printed; values live in [`gangplank_model::Secret`],
//! which cannot. All references of a run are resolved before the first call, each once, and every
//! failure is named at once, by reference and never by value.

mod auth;
mod env;
mod error;
mod file;
mod fingerprint;
mod resolve;

pub use auth::auth_value;
pub use error::SecretError;
pub use fingerprint::MarkKey;
pub use resolve::{Secrets, resolve};
