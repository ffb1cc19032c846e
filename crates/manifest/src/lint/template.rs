//! Templates that are installed and never run.

use super::Found;
use super::layer::{Layers, templates};
use crate::decode::Keyed as _;
use gangplank_model::{Diagnostic, code};
use std::collections::HashSet;

/// Without `run` a new cycle stays as the vendor makes it: paused.
pub(super) fn lint(layers: &Layers<'_>, found: &mut Found<'_>) {
    if !found.wants(code::NEVER_RUN) {
        return;
    }
    let entries = || layers.all.iter().flat_map(|layer| templates(layer.body));
    let run: HashSet<&str> = entries()
        .filter(|entry| entry.value.run.0.is_some())
        .filter_map(|entry| entry.value.key())
        .collect();
    for entry in entries() {
        let template = &entry.value;
        let runs = template.run.0.is_some() || template.key().is_some_and(|it| run.contains(it));
        if runs || template.state.0.is_some() {
            continue;
        }
        let place = template.template.0.as_ref().map(|it| &it.origin);
        found.push(
            Diagnostic::warning(code::NEVER_RUN, "a template that nothing starts")
                .at(place.unwrap_or(&entry.origin), "its new cycle stays paused")
                .hint("write `run: { every: 1h }`, or `run: paused` where that is meant"),
        );
    }
}
