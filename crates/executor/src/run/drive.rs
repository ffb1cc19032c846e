//! Drives one lane's machine: sends, waits and records what it asks for.

use super::runtime::{Kept, Shared, lock};
use crate::cancel::GRACE;
use crate::lane::{Input, Intent, LaneMachine, Step};
use gangplank_cyclr::Scrubber;
use gangplank_model::{Event, Lane, Outcome};
use std::sync::Arc;
use tokio::time::Instant;

/// Does for one machine what it asks for. Says whether the lane ended well.
pub(super) async fn drive(
    mut machine: LaneMachine,
    lane: Lane,
    shared: Arc<Shared>,
    kept: Kept,
) -> bool {
    let mut input = Input::Begin;
    let mut grace = None;
    loop {
        if shared.cancel.is_cancelled() {
            machine.stop();
            grace.get_or_insert_with(|| Instant::now() + GRACE);
        }
        input = match machine.next(shared.started.elapsed(), input) {
            Step::Send { request, intent } => match record(&lane, &shared, intent) {
                Ok(()) => send(&shared, &request, &mut grace).await,
                Err(why) => Input::Halted(why),
            },
            Step::Wait { index, delay, why } => {
                (shared.events)(Event::Waiting {
                    address: lane.operations[index].address.clone(),
                    delay,
                    why: shared.client.scrubber().clean(&why),
                });
                tokio::select! {
                    biased;
                    () = tokio::time::sleep(delay) => {}
                    () = shared.cancel.cancelled() => {}
                }
                Input::Elapsed
            }
            Step::Ended(mut receipt) => {
                receipt.outcome = scrubbed(receipt.outcome, shared.client.scrubber());
                lock(&shared.journal).outcome(&receipt, shared.started.elapsed());
                lock(&kept).push(receipt.clone());
                (shared.events)(Event::Finished(receipt));
                Input::Begin
            }
            Step::Done { good } => return good,
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

fn record(lane: &Lane, shared: &Shared, intent: Option<Intent>) -> Result<(), String> {
    let Some(Intent { index, attempt }) = intent else {
        return Ok(());
    };
    let at = shared.started.elapsed();
    lock(&shared.journal).intent(&lane.operations[index], index, attempt, at)
}

/// Sends one request; after a stop it gets what is left of the grace, and no more.
async fn send(
    shared: &Shared,
    request: &gangplank_cyclr::Request,
    grace: &mut Option<Instant>,
) -> Input {
    let given_up = async {
        let until = if let Some(until) = *grace {
            until
        } else {
            shared.cancel.cancelled().await;
            *grace.insert(Instant::now() + GRACE)
        };
        tokio::time::sleep_until(until).await;
    };
    tokio::select! {
        biased;
        result = shared.client.send(request) => Input::Answered(result),
        () = given_up => Input::Abandoned,
    }
}
