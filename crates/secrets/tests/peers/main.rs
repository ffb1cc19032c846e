//! Secrets from real peers: OpenBao, SOPS and age, which `tests/peers.sh` installs; and from programs.
#![cfg(test)]

mod bao;
mod commands;
mod listener;
mod logins;
mod sops;
mod vault;

use gangplank_model::{Secret, SecretRef};
use gangplank_secrets::{Options, Secrets};
use std::path::{Path, PathBuf};

/// A tool of `tests/peers.sh`. Without it, tests say so and do nothing, except in CI, where that is
/// a failure.
#[expect(
    clippy::disallowed_methods,
    reason = "a test that is not run has to be noticed"
)]
fn tool(name: &str) -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/peers/bin")
        .join(name);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::iter::once(own)
        .chain(std::env::split_paths(&path).map(|folder| folder.join(name)))
        .find(|path| path.is_file());
    if found.is_none() {
        let missing = format!("THERE IS NO {name}: secrets are not tested against it");
        let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
        assert!(!in_ci, "{missing}");
        eprintln!("\n{missing}; run tests/peers.sh\n");
    }
    found
}

/// What became of one reference: its value, or why not.
async fn outcome(reference: &SecretRef, options: &Options) -> String {
    match Secrets::resolve_all([reference], options).await {
        Ok(secrets) => secrets
            .get(reference)
            .map(Secret::expose)
            .unwrap()
            .to_owned(),
        Err(failed) => {
            assert!(failed.len() == 1 && failed[0].0 == *reference);
            failed[0].1.to_string()
        }
    }
}
