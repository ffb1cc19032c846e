//! Drives one lane's machine: sends, waits and records what it asks for.

use super::bounds::Bounds;
use super::runtime::{Kept, Shared, lock};
use crate::lane::{Input, Intent, LaneMachine, Step};
use gangplank_cyclr::{Departure, Request, Scrubber};
use gangplank_model::{Event, Lane, Outcome};
use std::sync::Arc;
use tokio::time::Instant;

/// How a lane came to its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Driven {
    /// Whether every operation ended well.
    pub(super) good: bool,
    /// Whether its own time was over before that.
    pub(super) timed_out: bool,
}

/// Does for one machine what it asks for.
pub(super) async fn drive(
    mut machine: LaneMachine,
    lane: Lane,
    shared: Arc<Shared>,
    kept: Kept,
) -> Driven {
    let time = shared.context.settings.account_timeout;
    let until = time.and_then(|time| Instant::now().checked_add(time));
    let bounds = Bounds::new(shared.cancel.clone(), until);
    let mut timed_out = false;
    let mut input = Input::Begin;
    loop {
        if bounds.is_over() {
            machine.stop();
            timed_out |= bounds.is_timed_out();
        }
        input = match machine.next(shared.started.elapsed(), input) {
            Step::Send { request, intent } => {
                let begins = intent.as_ref().is_some_and(|it| it.retracts.is_none());
                match record(&lane, &shared, intent.as_ref()).await {
                    Ok(()) => {
                        shared
                            .crew
                            .at_work(send(&shared, (&request, begins), &bounds))
                            .await
                    }
                    Err(why) => Input::Halted(why),
                }
            }
            Step::Wait { index, delay, why } => {
                (shared.events)(Event::Waiting {
                    address: lane.operations[index].address.clone(),
                    delay,
                    why: shared.client.scrubber().clean(&why),
                });
                let _rest = shared.crew.rest();
                tokio::select! {
                    biased;
                    () = tokio::time::sleep(delay) => {}
                    () = bounds.over() => {}
                }
                Input::Elapsed
            }
            Step::Ended(mut receipt) => {
                receipt.outcome = scrubbed(receipt.outcome, shared.client.scrubber());
                shared.journal.outcome(&receipt, shared.started.elapsed());
                lock(&kept).push(receipt.clone());
                (shared.events)(Event::Finished(receipt));
                Input::Begin
            }
            Step::Done { good } => {
                shared.journal.settle().await;
                let timed_out = timed_out && !good;
                return Driven { good, timed_out };
            }
        };
    }
}

/// What the instance holds may repeat a secret as well as what it says.
fn scrubbed(outcome: Outcome, scrubber: &Scrubber) -> Outcome {
    match outcome {
        Outcome::Refused(why) => Outcome::Refused(scrubber.clean(&why)),
        Outcome::Diverged(why) => Outcome::Diverged(scrubber.clean(&why)),
        Outcome::Unknown(why) => Outcome::Unknown(scrubber.clean(&why)),
        Outcome::Waiting(why) => Outcome::Waiting(scrubber.clean(&why)),
        Outcome::Done | Outcome::Confirmed | Outcome::Skipped => outcome,
    }
}

/// Sees to it that a write is on record before it is sent.
async fn record(lane: &Lane, shared: &Shared, intent: Option<&Intent>) -> Result<(), String> {
    let Some(Intent {
        index,
        attempt,
        retracts,
    }) = intent
    else {
        return Ok(());
    };
    let at = shared.started.elapsed();
    let planned = &lane.operations[*index];
    let retraction = retracts
        .as_ref()
        .map(|id| LaneMachine::retraction(planned, id));
    let operation = retraction.as_ref().unwrap_or(planned);
    shared.journal.intent(operation, *index, *attempt, at).await
}

/// Sends one request. Once nothing more may be begun, a write of the plan that has not left yet is taken back,
/// and all else gets what is left of the grace, and no more.
async fn send(shared: &Shared, (request, begins): (&Request, bool), bounds: &Bounds) -> Input {
    let departure = Departure::default();
    let mut sending = std::pin::pin!(shared.client.send_observed(request, &departure));
    if !bounds.is_over() {
        tokio::select! {
            biased;
            result = &mut sending => return Input::Answered(result),
            () = bounds.over() => {}
        }
    }
    if begins && !departure.is_gone() {
        return Input::Withheld;
    }
    let end = bounds.end_of_grace().unwrap_or_else(Instant::now);
    if Instant::now() >= end {
        return Input::Abandoned;
    }
    tokio::select! {
        biased;
        result = sending => Input::Answered(result),
        () = tokio::time::sleep_until(end) => Input::Abandoned,
    }
}
