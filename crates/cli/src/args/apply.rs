//! The options of `apply`.

use super::{ApprovedArgs, BudgetArgs, LockArgs, TargetArgs};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(mut_arg("paths", |paths| paths.required(false).required_unless_present("plan")))]
pub(crate) struct ApplyArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    #[command(flatten)]
    pub(crate) approved: ApprovedArgs,
    /// Do not ask; needed where nobody can be asked
    #[arg(long, alias = "yes")]
    pub(crate) auto_approve: bool,
    /// Seconds to look for a lost create before it is sent again
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub(crate) settle: u64,
    /// Where to record what was done (JSON Lines); default: a new file in .gangplank/receipts
    #[arg(long, value_name = "FILE")]
    pub(crate) receipts: Option<PathBuf>,
    /// The receipts of an earlier run: what it may still have under way is waited for; or `last`
    #[arg(long, value_name = "FILE|last")]
    pub(crate) resume: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) lock: LockArgs,
    #[command(flatten)]
    pub(crate) budget: BudgetArgs,
}
