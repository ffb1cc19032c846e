//! The options of a roll-out in waves.

use clap::Args;
use gangplank_model::Choice;
use gangplank_planner::Waves;
use gangplank_sandbox::Span;

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct RolloutArgs {
    /// The accounts to begin with: a label such as wave=canary, or a share such as 10%; several add up
    #[arg(help_heading = "Waves", long, value_name = "LABEL|N%")]
    pub(crate) wave: Vec<Choice>,
    /// The next wave, once the one before is in order; up to 100%
    #[arg(
        help_heading = "Waves",
        long,
        value_name = "LABEL|N%",
        requires = "wave"
    )]
    pub(crate) then: Vec<Choice>,
    /// Write nothing for so long after each wave but the last, such as 5m, then look again
    #[arg(help_heading = "Waves", long, value_name = "TIME", requires = "wave")]
    pub(crate) soak: Option<Span>,
}

impl RolloutArgs {
    /// The waves that were asked for, if any.
    pub(crate) fn waves(&self) -> Option<Waves> {
        if self.wave.is_empty() {
            return None;
        }
        let first = std::iter::once(self.wave.clone());
        let rest = self.then.iter().map(|choice| vec![choice.clone()]);
        Some(Waves {
            sets: first.chain(rest).collect(),
            soak: self.soak.unwrap_or_default().0,
            passed: 0,
        })
    }
}
