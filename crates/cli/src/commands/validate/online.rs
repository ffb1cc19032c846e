//! The part of `validate` that asks the instance. It only reads.

use crate::args::TargetArgs;
use crate::credentials;
use crate::exit::Exit;
use crate::flow;
use crate::printer::Printer;
use crate::settings;
use gangplank_cyclr::Client;
use gangplank_live::offer;
use gangplank_manifest::Manifest;
use gangplank_model::code;
use gangplank_model::{Desired, Diagnostic, Diagnostics, Offer};
use std::collections::BTreeSet;

/// Holds the manifests against what the instance offers; gives its name and what was found. An `Err`
/// says how to end where it could not be asked, which has been told.
pub(super) async fn check(
    target: &TargetArgs,
    manifest: &Manifest,
    printer: Printer,
) -> Result<(String, Diagnostics), Exit> {
    let (desired, problems) = manifest.desired(target.instance.as_deref());
    if problems.has_errors() {
        // Which instance is meant: all the others have been told.
        return Err(flow::tell(&problems, manifest, printer)
            .err()
            .unwrap_or(Exit::Invalid));
    }
    let references = settings::instance_secrets(target, &desired);
    let references = references.into_iter().collect();
    let secrets = credentials::resolve((target, &desired, manifest), references, printer).await?;
    let connection = settings::connect(target, &desired, &secrets, printer).await?;
    let found = ask(&connection.client, &desired).await;
    if let Some(embedded) = connection.embedded {
        embedded.stop().await;
    }
    let found = found.map_err(|error| flow::unreadable(&error, printer))?;
    Ok((connection.instance.name, found))
}

async fn ask(client: &Client, desired: &Desired) -> Result<Diagnostics, gangplank_live::ReadError> {
    let mut offer = offer::offer(client, desired).await?;
    let mut offered = gangplank_planner::offered(desired, &offer);
    if !offered.look_into.is_empty() {
        offer::look_into(client, desired, &offered.look_into, &mut offer).await?;
        offered = gangplank_planner::offered(desired, &offer);
    }
    let mut diagnostics = offered.diagnostics;
    if let Some(unread) = unread(desired, &offer) {
        diagnostics.push(unread);
    }
    Ok(diagnostics)
}

/// Some instances show their library to an account only (cyclr-api.md 1.3).
fn unread(desired: &Desired, offer: &Offer) -> Option<Diagnostic> {
    let names: BTreeSet<&str> = desired
        .accounts
        .iter()
        .flat_map(|account| &account.connectors)
        .map(|connector| connector.name.as_str())
        .collect();
    (offer.connectors.is_none() && !names.is_empty()).then(|| {
        Diagnostic::warning(
            code::UNCHECKED_CONNECTORS,
            "connectors could not be checked",
        )
        .detail(
            "The instance shows its connector library to accounts only, and there is no account \
             yet.",
        )
    })
}
