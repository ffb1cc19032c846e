//! How fast the instance is called.

use clap::Args;
use gangplank_cyclr::Rate;

/// The most calls that may be under way at once.
pub(crate) const MOST: u16 = 256;

/// Bounds of a client.
#[derive(Clone, Copy, Debug, Default, Args)]
pub(crate) struct LimitArgs {
    /// How many calls may be made in a time: 50 or 50/s, 300/m, 10000/h; default: learned
    #[arg(long, value_name = "N/s")]
    pub(crate) rate: Option<Rate>,
    /// How many calls may be under way at once at most (1 to 256; default 256); it begins with 10
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST)))]
    pub(crate) concurrency: Option<u16>,
}
