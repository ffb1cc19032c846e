//! The age keys of this run, from where `sops` looks for them.

use super::age::Identity;
use crate::error::SopsError;
use crate::{env, file};
use zeroize::Zeroizing;

/// No file of keys is larger than this.
const LIMIT: u64 = 1024 * 1024;

/// Reads the keys in `SOPS_AGE_KEY` and in the file that `SOPS_AGE_KEY_FILE` names.
pub(super) fn identities() -> Result<Vec<Identity>, SopsError> {
    let mut all = Vec::new();
    if let Some(text) = env::given("SOPS_AGE_KEY") {
        all.extend(Identity::all_in(&Zeroizing::new(text)));
    }
    if let Some(path) = env::given("SOPS_AGE_KEY_FILE") {
        let bytes = file::read_named(&path, LIMIT).map_err(|_| SopsError::KeyFile)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| SopsError::KeyFile)?;
        all.extend(Identity::all_in(text));
    }
    if all.is_empty() {
        return Err(SopsError::NoKey);
    }
    Ok(all)
}
