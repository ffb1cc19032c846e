//! Profiles that nobody has.

use super::Found;
use super::layer::Layers;
use crate::merge::Merged;
use gangplank_model::{Diagnostic, code};
use std::collections::BTreeSet;

/// A profile without an account is likely misspelt elsewhere, or left over. Where no account is in sight,
/// the files are a library for others.
pub(super) fn lint(merged: &Merged, layers: &Layers<'_>, found: &mut Found<'_>) {
    let empty = merged.accounts.is_empty() && merged.rosters.is_empty();
    if empty || layers.named_by_rows || !found.wants(code::UNUSED_PROFILE) {
        return;
    }
    let profiles = merged.profiles.values();
    let extended: BTreeSet<&str> = profiles
        .filter_map(|(_, profile)| profile.extends.get().map(String::as_str))
        .collect();
    for (name, (key, _)) in &merged.profiles {
        if layers.profiles[name.as_str()] == 0 && !extended.contains(name.as_str()) {
            found.push(
                Diagnostic::warning(code::UNUSED_PROFILE, "a profile that no account has")
                    .at(&key.origin, "neither an account nor a roster names it")
                    .hint("name it with `profile:`, or take it away"),
            );
        }
    }
}
