//! Checks manifests without a network, for one instance or for each that is declared.

use crate::sources::Disk;
use gangplank_manifest::Manifest;
use gangplank_model::{Diagnostics, Levels};
use std::collections::BTreeSet;

/// What a check found.
#[derive(Debug)]
pub(crate) struct Checked {
    /// The manifests, with their text.
    pub(crate) manifest: Manifest,
    /// How many accounts they have.
    pub(crate) accounts: usize,
    /// Every problem, each once.
    pub(crate) diagnostics: Diagnostics,
}

/// Checks manifests for the named instance, or else for all, and treats lints as they are to be.
pub(crate) fn check(paths: &[String], instance: Option<&str>, levels: &Levels) -> Checked {
    let (manifest, mut diagnostics) = gangplank_manifest::load(&Disk, paths);
    let names: Vec<Option<String>> = match instance {
        Some(name) => vec![Some(name.to_owned())],
        None if manifest.instances().len() == 0 => vec![None],
        None => manifest
            .instances()
            .map(|name| Some(name.to_owned()))
            .collect(),
    };
    let mut accounts = 0;
    let mut seen = BTreeSet::new();
    for name in names {
        let (checked, lowered) = manifest.check(name.as_deref());
        accounts = accounts.max(checked);
        // A problem that every instance has is told once.
        for diagnostic in lowered {
            if seen.insert(format!("{diagnostic:?}")) {
                diagnostics.push(diagnostic);
            }
        }
    }
    diagnostics.extend(manifest.lints(levels));
    let mut diagnostics = levels.settle(diagnostics);
    diagnostics.sort();
    Checked {
        manifest,
        accounts,
        diagnostics,
    }
}
