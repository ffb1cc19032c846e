//! The secrets of a run: read before the first call, and every failure told with its place.

use crate::args::TargetArgs;
use crate::exit::Exit;
use crate::flow::tell;
use crate::printer::Printer;
use crate::settings;
use gangplank_manifest::Manifest;
use gangplank_model::{Desired, Diagnostic, Diagnostics, Origin, SecretRef, VaultAuth, code};
use gangplank_secrets::{CommandError, Options, SecretError, Secrets};
use std::collections::{BTreeMap, BTreeSet};

/// Reads what these references lead to, and names every one that fails with its place. Dropped on its
/// way, it ends the programs that it has started.
pub(crate) async fn resolve(
    (args, desired, manifest): (&TargetArgs, &Desired, &Manifest),
    references: BTreeSet<SecretRef>,
    printer: Printer,
) -> Result<Secrets, Exit> {
    let options = Options {
        spec: desired.secrets.clone(),
        allow_commands: args.allow_commands,
    };
    let resolved = Secrets::resolve_all(&references, &options).await;
    resolved.map_err(|failed| {
        let logins = desired
            .secrets
            .vault
            .auth
            .iter()
            .flat_map(VaultAuth::secrets);
        let wanted = failed.iter().map(|(reference, _)| reference).chain(logins);
        let places = manifest.places(args.instance.as_deref(), wanted.cloned().collect());
        let diagnostics = diagnostics(failed, &places);
        tell(&diagnostics, manifest, printer)
            .err()
            .unwrap_or(Exit::Invalid)
    })
}

/// Tells of references without a value, those that fail for the same reason together.
fn diagnostics(
    failed: Vec<(SecretRef, SecretError)>,
    places: &BTreeMap<SecretRef, Origin>,
) -> Diagnostics {
    let mut reasons: BTreeMap<String, Vec<(SecretRef, SecretError)>> = BTreeMap::new();
    for (reference, error) in failed {
        let alike = reasons.entry(settings::flat(&error)).or_default();
        alike.push((reference, error));
    }
    let mut diagnostics = Diagnostics::default();
    for (reason, mut alike) in reasons {
        // In the order of the manifest.
        alike.sort_by_key(|(reference, _)| places.get(reference).cloned());
        diagnostics.push(unresolved(&reason, &alike, places));
    }
    diagnostics.sort();
    diagnostics
}

/// Tells of them by their words, never by what they may have given.
fn unresolved(
    reason: &str,
    alike: &[(SecretRef, SecretError)],
    places: &BTreeMap<SecretRef, Origin>,
) -> Diagnostic {
    let refused = alike
        .iter()
        .any(|(_, error)| matches!(error, SecretError::Command(CommandError::NotAllowed)));
    let what = match alike {
        [(only, _)] => only.to_string(),
        several => format!("{} references", several.len()),
    };
    let mut diagnostic = if refused {
        Diagnostic::error(
            code::COMMAND_NOT_ALLOWED,
            format!("not allowed to run {what}"),
        )
        .detail(
            "A manifest may come from anybody who can open a pull request, so that programs \
                 run only where --allow-commands says so. Nothing was read and nothing was sent.",
        )
        .hint("add --allow-commands where the manifest is trusted")
    } else {
        Diagnostic::error(code::MISSING_SECRET, format!("no value for {what}")).detail(reason)
    };
    for (reference, _) in alike {
        if let Some(origin) = places.get(reference) {
            let text = match alike {
                [_] => "asked for here".to_owned(),
                _ => reference.to_string(),
            };
            diagnostic = diagnostic.at_hidden(origin, text);
        }
    }
    if let Some((_, SecretError::Vault(error))) = alike.first()
        && let Some(login) = error.login()
        && let Some((_, origin)) = places.iter().find(|(it, _)| it.to_string() == login)
    {
        diagnostic = diagnostic.at_hidden(origin, format!("{login}, which the login reads"));
    }
    diagnostic
}
