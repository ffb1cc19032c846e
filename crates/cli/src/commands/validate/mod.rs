//! `gangplank validate`: every problem of the manifests at once, without a network unless asked for.

mod online;

use super::explain::pages;
use crate::args::{ProblemFormat, ValidateArgs};
use crate::check::{Checked, check};
use crate::exit::Exit;
use crate::flow;
use crate::folders;
use crate::printer::{self, Printer};
use gangplank_manifest::Beside;
use gangplank_model::file::problems_v1::ProblemsV1;
use gangplank_report as report;

/// Checks what the manifests say by themselves.
pub(super) fn run(args: &ValidateArgs, printer: Printer) -> Exit {
    let checked = check(&args.paths, args.instance.as_deref(), &args.lints.levels);
    end(args, &checked, "", printer)
}

/// Checks that, and what the instance offers.
pub(super) async fn online(args: &ValidateArgs, printer: Printer) -> Exit {
    let mut checked = check(&args.paths, args.instance.as_deref(), &args.lints.levels);
    if checked.diagnostics.has_errors() {
        // What is not understood is not looked for.
        return end(args, &checked, "", printer);
    }
    match online::check(&args.target(), &checked.manifest, printer).await {
        Ok((instance, found)) => {
            checked.diagnostics.extend(args.lints.levels.settle(found));
            checked.diagnostics.sort();
            end(
                args,
                &checked,
                &format!(", checked against {instance}"),
                printer,
            )
        }
        Err(exit) => {
            // What was found before is told all the same.
            flow::tell(&checked.diagnostics, &checked.manifest, printer).ok();
            exit
        }
    }
}

fn end(args: &ValidateArgs, checked: &Checked, how: &str, printer: Printer) -> Exit {
    if let Some(result) = for_tools(args.format, checked) {
        printer::result(&result);
        return if checked.diagnostics.has_errors() {
            Exit::Invalid
        } else {
            Exit::Done
        };
    }
    if let Err(exit) = flow::tell(&checked.diagnostics, &checked.manifest, printer) {
        return exit;
    }
    folders::tell_unread(&args.paths);
    if checked.accounts == 0 && folders::is_among(&args.paths) {
        printer::hint("no file of the directory declares an account");
    }
    let s = if checked.accounts == 1 { "" } else { "s" };
    let accounts = gangplank_model::plan::grouped(checked.accounts);
    let beside = beside(checked.manifest.beside());
    printer::result(&format!("Valid: {accounts} account{s}{beside}{how}"));
    Exit::Done
}

/// What was not read as a manifest: ` (beside them: 1 roster, 1 SOPS file)`.
fn beside(found: Beside) -> String {
    let counted = |count: usize, one: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {one}s")),
    };
    let parts = [
        counted(found.rosters, "roster"),
        counted(found.sops, "SOPS file"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!(" (beside the manifests: {})", parts.join(", "))
    }
}

/// The result in a form for tools; none where it is for people.
fn for_tools(format: ProblemFormat, checked: &Checked) -> Option<String> {
    let Checked {
        manifest,
        accounts,
        diagnostics,
    } = checked;
    let problems = || ProblemsV1::new(diagnostics, manifest.sources(), *accounts);
    Some(match format {
        ProblemFormat::Text => return None,
        ProblemFormat::Json => report::diagnostics_json(&problems()),
        ProblemFormat::Sarif => report::diagnostics_sarif(
            &problems(),
            report::Tool {
                version: env!("CARGO_PKG_VERSION"),
                page: &pages::of,
            },
        ),
        ProblemFormat::Github => report::diagnostics_github(&problems()),
        ProblemFormat::Junit => report::diagnostics_junit(&problems(), manifest.sources().names()),
    })
}
