//! What must be true of a contest.

use super::contestant::{Fate, Run};
use gangplank_executor::lease::{End, Refusal, SETTLE, Terms};
use std::time::Duration;

/// What pauses and calls add, where no call is late.
const SLACK: Duration = Duration::from_secs(8);

/// No two runs hold the lease at once.
pub(super) fn one_at_a_time(runs: &[Run]) -> Result<(), String> {
    let mut holds: Vec<_> = runs
        .iter()
        .filter_map(|run| Some((run.held?, &run.name)))
        .collect();
    holds.sort();
    for pair in holds.windows(2) {
        let [((_, ended), first), ((began, _), second)] = pair else {
            continue;
        };
        if began < ended {
            let both = ended.duration_since(*began).as_millis();
            return Err(format!(
                "{first} and {second} held it at once, for {both} ms"
            ));
        }
    }
    Ok(())
}

/// Whoever is neither killed nor without patience gets it; an instance in trouble may be given up, and
/// nothing else is ever said of it.
pub(super) fn everybody_gets_it(runs: &[Run], trouble: bool) -> Result<(), String> {
    for run in runs {
        match &run.fate {
            Fate::Left(End::Released) | Fate::Killed | Fate::GaveUp | Fate::DiedWaiting => {}
            Fate::Left(End::NotReleased(_) | End::Lost(_))
            | Fate::Lost(_)
            | Fate::Refused(End::Refused(Refusal::Failed(_)))
                if trouble => {}
            Fate::Left(end) | Fate::Refused(end) => {
                return Err(format!("{} ended with {end:?}", run.name));
            }
            Fate::Lost(why) => return Err(format!("{} lost it: {why}", run.name)),
        }
    }
    Ok(())
}

/// Where calls are not late, whoever waits has it at once when it is given back, and within a term and a
/// claim when its holder was killed.
pub(super) fn soon(runs: &[Run], terms: Terms) -> Result<(), String> {
    let mut holds: Vec<_> = runs.iter().filter(|run| run.held.is_some()).collect();
    holds.sort_by_key(|run| run.held);
    for run in &holds {
        let Some((began, _)) = run.held else {
            continue;
        };
        let free = |other: &&&Run| other.held.is_some_and(|(_, ended)| ended <= began);
        let before = holds.iter().rev().find(free);
        let ended = before
            .and_then(|before| before.held)
            .map(|(_, ended)| ended);
        let from = ended.map_or(run.wanted, |ended| ended.max(run.wanted));
        // Whoever gives up may have claimed it first; whoever is killed leaves what he had claimed.
        let count = |fits: fn(&Fate) -> bool| {
            let before = runs.iter().filter(|other| other.wanted < began);
            let count = before.filter(|other| fits(&other.fate)).count();
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        let dead = count(|fate| matches!(fate, Fate::Killed | Fate::DiedWaiting));
        let tries = 1 + count(|fate| matches!(fate, Fate::GaveUp));
        let took = began.duration_since(from);
        if took > terms.term() * dead + (SETTLE + SLACK) * tries {
            let took = took.as_millis();
            return Err(format!("{} had to wait for {took} ms", run.name));
        }
    }
    Ok(())
}
