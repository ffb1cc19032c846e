//! Secrets from environment variables.

use crate::SecretError;
use gangplank_model::Secret;
use std::env::VarError;

/// Reads a variable.
pub(crate) fn read(name: &str) -> Result<Secret, SecretError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this room reads secrets from the environment"
    )]
    match std::env::var(name) {
        Ok(value) if value.is_empty() => Err(SecretError::EnvEmpty(name.to_owned())),
        Ok(value) => Ok(Secret::new(value)),
        Err(VarError::NotPresent) => Err(SecretError::EnvMissing(name.to_owned())),
        Err(VarError::NotUnicode(_)) => Err(SecretError::EnvNotUnicode(name.to_owned())),
    }
}

/// A variable that is set and not empty.
pub(crate) fn given(name: &str) -> Option<String> {
    match read(name) {
        Ok(value) => Some(value.expose().to_owned()),
        Err(_) => None,
    }
}
