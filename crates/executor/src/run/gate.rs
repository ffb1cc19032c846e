//! What has to hold before the next wave begins: the cycles of this one run, and lack nothing.

use super::position::Watched;
use super::runtime::Shared;
use crate::explain::{is_throttled, plainly};
use crate::pace::Pace;
use gangplank_cyclr::{Certainty, Error};
use gangplank_live::{Facts, Question, Reread, Taken};
use gangplank_model::CycleStatus;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Looks at cycles, so many at once as lanes may work. Says what is not in order.
pub(super) async fn look(shared: &Arc<Shared>, watched: &[Watched]) -> Vec<String> {
    let window = shared.context.settings.concurrency.max(1);
    let mut left = watched.iter().cloned().enumerate();
    let mut looking = JoinSet::new();
    let mut problems = BTreeMap::new();
    loop {
        while looking.len() < window
            && !shared.cancel.is_cancelled()
            && let Some((index, one)) = left.next()
        {
            let shared = shared.clone();
            looking.spawn(async move { (index, problem(&shared, &one, index).await) });
        }
        match looking.join_next().await {
            Some(Ok((_, None))) => {}
            Some(Ok((index, Some(problem)))) => {
                let problem = shared.client.scrubber().clean(&problem);
                problems.insert(index, problem);
            }
            Some(Err(error)) => {
                let problem = format!("an error of Gangplank itself, please report it: {error}");
                problems.insert(usize::MAX, problem);
            }
            None => break,
        }
    }
    problems.into_values().collect()
}

/// What is not in order with one cycle.
async fn problem(shared: &Shared, watched: &Watched, index: usize) -> Option<String> {
    let settings = shared.context.settings;
    let mut pace = Pace::new(settings.backoff, settings.seed ^ !(index as u64));
    let Watched {
        account,
        address,
        cycle,
        once,
    } = watched;
    let question = Question::Cycle(account.clone(), cycle.clone());
    let status = match read(shared, question, &mut pace).await {
        Ok(Facts::Cycle(cycle)) => cycle.status,
        Ok(Facts::Missing) => return Some(format!("{address}: the cycle is not there any more")),
        Ok(_) => return Some(format!("{address}: the instance answered something else")),
        Err(why) => return Some(format!("{address}: the cycle could not be read: {why}")),
    };
    let question = Question::Prerequisites(account.clone(), cycle.clone());
    match read(shared, question, &mut pace).await {
        Ok(Facts::Prerequisites(missing)) if !missing.is_empty() => {
            let words: Vec<String> = missing.iter().map(|it| it.words(&[])).collect();
            return Some(format!("{address}: the cycle needs: {}", words.join("; ")));
        }
        Ok(Facts::Prerequisites(_)) => {}
        Ok(_) => return Some(format!("{address}: the instance answered something else")),
        Err(why) => {
            return Some(format!(
                "{address}: what the cycle needs could not be read: {why}"
            ));
        }
    }
    match status {
        CycleStatus::Active => None,
        CycleStatus::Paused | CycleStatus::Other(_) if *once => None,
        CycleStatus::Paused => Some(format!("{address}: the cycle does not run any more")),
        CycleStatus::Other(word) => Some(format!("{address}: the cycle does not run: {word}")),
    }
}

/// Asks a question, as often as a call may be made; a stop ends it.
async fn read(shared: &Shared, question: Question, pace: &mut Pace) -> Result<Facts, String> {
    let mut reread = Reread::new(question);
    let mut failures = 0;
    loop {
        let mut request = reread.request();
        request.again = failures > 0;
        let result = tokio::select! {
            biased;
            () = shared.cancel.cancelled() => return Err("it was stopped".to_owned()),
            result = shared.client.send(&request) => result,
        };
        let error = match result {
            Ok(response) => match reread.take(&response)? {
                Taken::More => continue,
                Taken::All(facts) => return Ok(facts),
            },
            Err(error) if error.is_not_found() => return Ok(Facts::Missing),
            Err(error) => error,
        };
        failures += 1;
        if is_permanent(&error)
            || error.is_not_tried()
            || failures >= shared.context.settings.attempts
        {
            return Err(plainly(&error));
        }
        let delay = pace.delay(failures, error.retry_after());
        tokio::select! {
            biased;
            () = shared.cancel.cancelled() => return Err("it was stopped".to_owned()),
            () = tokio::time::sleep(delay) => {}
        }
    }
}

fn is_permanent(error: &Error) -> bool {
    error.certainty() == Certainty::Refused && !is_throttled(error)
}
