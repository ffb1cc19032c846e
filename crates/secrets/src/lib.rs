//! Secret references to values, at the last moment.
//!
//! References come from the manifest and may be printed; values live in [`gangplank_model::Secret`],
//! which cannot. All references of a run are resolved before the first call, each once, and every
//! failure is named at once, by reference and never by value.

mod auth;
mod command;
mod env;
mod error;
mod file;
mod fingerprint;
mod resolve;
mod sops;
mod vault;

pub use auth::auth_value;
pub use error::{CommandError, SecretError, SopsError, VaultError};
pub use fingerprint::MarkKey;
pub use resolve::{Options, Secrets};
