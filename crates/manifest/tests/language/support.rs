//! Loads a manifest from memory.

use gangplank_manifest::{Manifest, MemorySources, load};
use gangplank_model::{Desired, Diagnostics};

/// Loads files and lowers them for the instance that is chosen by default.
pub(crate) fn read(files: &[(&str, &str)]) -> (Manifest, Desired, Diagnostics) {
    let mut sources = MemorySources::default();
    for (name, text) in files {
        sources = sources.with(name, *text);
    }
    let paths: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    let (manifest, mut diagnostics) = load(&sources, &paths);
    let (desired, more) = manifest.desired(None);
    diagnostics.extend(more);
    diagnostics.sort();
    (manifest, desired, diagnostics)
}

/// The desired state of a manifest that has no problem.
#[track_caller]
pub(crate) fn desired(text: &str) -> Desired {
    let (_, desired, diagnostics) = read(&[("m.yaml", text)]);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}\n{text}");
    desired
}

/// Every diagnostic as `line:column code`, places of later labels after it.
pub(crate) fn told(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let places = diagnostic
                .labels
                .iter()
                .map(|label| format!("{}:{}", label.origin.line, label.origin.column));
            let places: Vec<String> = places.collect();
            format!("{} {}", places.join(" "), diagnostic.code)
        })
        .collect()
}
