//! The options of `plan`.

use super::{SaveArgs, TargetArgs};
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Exit with 2 when there are differences
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// Read the secrets, to see which of them changed; `apply` always does
    #[arg(long)]
    pub(crate) with_secrets: bool,
    #[command(flatten)]
    pub(crate) save: SaveArgs,
}
