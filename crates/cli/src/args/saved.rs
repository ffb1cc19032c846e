//! The options that save a plan, and that apply a saved one.

use clap::Args;
use gangplank_sandbox::Span;
use std::path::PathBuf;
use std::time::Duration;

/// No saved plan is valid for longer.
const LONGEST: Duration = Duration::from_hours(90 * 24);

/// What `plan` says of saving.
#[derive(Debug, Args)]
pub(crate) struct SaveArgs {
    /// Save the plan to a new file, for `apply --plan`
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How long the saved plan may be applied: 90m, 24h, 7d
    #[arg(long, value_name = "DURATION", default_value = "24h", requires = "out",
        value_parser = validity)]
    pub(crate) valid_for: Span,
}

/// What `apply` says of a plan that was approved before.
#[derive(Debug, Args)]
pub(crate) struct ApprovedArgs {
    /// Apply the plan saved in FILE, without asking; PATH may be left out
    #[arg(long, value_name = "FILE",
        conflicts_with_all = ["max_removals", "wave", "only_failed", "warn", "error", "allow"])]
    pub(crate) plan: Option<PathBuf>,
    /// Apply the plan of this digest and no other, without asking
    #[arg(long, value_name = "SHA256", value_parser = digest)]
    pub(crate) approve_digest: Option<String>,
}

fn validity(text: &str) -> Result<Span, String> {
    let span: Span = text.parse()?;
    if span.0 < Duration::from_secs(1) || span.0 > LONGEST {
        return Err("from 1s to 90d".to_owned());
    }
    Ok(span)
}

fn digest(text: &str) -> Result<String, String> {
    let is_digest = text.len() == 64 && text.bytes().all(|it| it.is_ascii_hexdigit());
    if is_digest {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("64 hexadecimal digits, as `plan --out` prints them".to_owned())
    }
}
