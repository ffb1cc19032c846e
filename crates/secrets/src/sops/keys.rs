//! The age keys of this run, from where `sops` looks for them.

use super::age::Identity;
use crate::env;
use crate::error::SopsError;
use zeroize::Zeroizing;

/// Reads the keys in `SOPS_AGE_KEY` and in the file that `SOPS_AGE_KEY_FILE` names.
pub(super) fn identities() -> Result<Vec<Identity>, SopsError> {
    let mut all = Vec::new();
    if let Some(text) = env::given("SOPS_AGE_KEY") {
        all.extend(Identity::all_in(&Zeroizing::new(text)));
    }
    if let Some(path) = env::given("SOPS_AGE_KEY_FILE") {
        let text = std::fs::read_to_string(path).map_err(|_| SopsError::KeyFile)?;
        all.extend(Identity::all_in(&Zeroizing::new(text)));
    }
    if all.is_empty() {
        return Err(SopsError::NoKey);
    }
    Ok(all)
}
