//! The waves of a plan: which of its accounts go when.

use crate::ending::{counted, spelled};
use crate::escape;
use crate::layout::{columns, pad, shorten};
use gangplank_model::{Lane, Plan};

/// A line for each wave, with how many of the plan's accounts are in it.
pub(crate) fn lines(plan: &Plan, width: usize) -> Vec<String> {
    let rollout = &plan.rollout;
    if !rollout.is_some() {
        return Vec::new();
    }
    let works = |lane: &&Lane| !lane.operations.is_empty();
    let count = |wave: Option<usize>| {
        let lanes = plan.lanes.iter().filter(works);
        lanes.filter(|lane| lane.wave == wave).count()
    };
    let wide = rollout
        .waves
        .iter()
        .map(|it| columns(it))
        .max()
        .unwrap_or(0);
    let wide = wide.min(width / 2);
    let mut lines = vec![match rollout.soak {
        soak if soak.is_zero() => "Waves, each looked at before the next one:".to_owned(),
        soak => {
            let soak = spelled(soak);
            format!("Waves, each looked at, left to itself for {soak}, and looked at again:")
        }
    }];
    for (wave, takes) in rollout.waves.iter().enumerate() {
        let takes = pad(&shorten(&escape::line(takes), wide), wide);
        lines.push(format!(
            "  {}  {takes}  {}",
            wave + 1,
            counted(count(Some(wave)))
        ));
    }
    let left = count(None);
    if left > 0 {
        lines.push(format!(
            "  -  in none of them, and left alone: {}",
            counted(left)
        ));
    }
    lines
}
