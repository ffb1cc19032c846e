//! What `plan` and `apply` have in common.

use super::{Format, LimitArgs, RolloutArgs};
use crate::lints::LintArgs;
use clap::Args;
use std::path::PathBuf;

/// Where to read and what to compare.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// Manifests: files, directories (all *.yaml and *.yml) or `-`
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// The instance, as named in the manifest; default: the only one, or the one with `default: true`
    #[arg(long, value_name = "NAME")]
    pub(crate) instance: Option<String>,
    /// Use an embedded sandbox instead of the instance; what it holds is kept in FILE
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true,
        default_missing_value = crate::embedded::DEFAULT_DATABASE)]
    pub(crate) sandbox: Option<PathBuf>,
    /// The form of the result on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    /// Let apply remove up to N accounts, connectors and templates
    #[arg(long, value_name = "N")]
    pub(crate) max_removals: Option<usize>,
    /// Run the programs behind `{ command: ... }` where their secrets are read
    #[arg(long)]
    pub(crate) allow_commands: bool,
    /// Only the accounts that did not end well in the receipts of an earlier apply
    #[arg(long, value_name = "RECEIPTS")]
    pub(crate) only_failed: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) rollout: RolloutArgs,
    #[command(flatten)]
    pub(crate) lints: LintArgs,
}

impl TargetArgs {
    /// One manifest, and everything else as it is when nobody says.
    pub(crate) fn of(path: &str) -> Self {
        Self {
            paths: vec![path.to_owned()],
            instance: None,
            sandbox: None,
            format: Format::Text,
            limits: LimitArgs::default(),
            max_removals: None,
            allow_commands: false,
            only_failed: None,
            rollout: RolloutArgs::default(),
            lints: LintArgs::default(),
        }
    }
}
