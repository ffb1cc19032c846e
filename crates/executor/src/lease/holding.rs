//! Keeping the lease: look whether the claim stands, and write the next one.

use super::end::End;
use super::machine::{Input, LeaseMachine, Look, Sent, State, Step, told};
use std::time::Duration;

/// How long one call may take while the lease is held.
const CALL: Duration = Duration::from_secs(10);

impl LeaseMachine {
    /// Waits until it is time to renew.
    pub(super) fn hold(&mut self) -> Step {
        let next = self.proved() + self.terms.renewal();
        self.wait(State::Holding, next.saturating_sub(self.now))
    }

    pub(super) fn look_held(&mut self) -> Step {
        match self.left() {
            Some(left) => self.send(State::LookingHeld, Look::request(), left.min(CALL)),
            None => self.give_up("no call was made in time"),
        }
    }

    pub(super) fn looked_held(&mut self, input: Input) -> Step {
        let found = match Look::of(input) {
            Look::Found(found) => found,
            Look::Absent => return self.over(End::Lost("its account is gone".to_owned())),
            Look::Failed(error) => return self.shaky(&told(error.as_ref())),
        };
        let Some(count) = found.count_of(&self.claimant.run) else {
            let why = match found.claim {
                Some(claim) => format!("run {} ({}) has claimed it", claim.run, claim.holder),
                None => "its record is not there any more".to_owned(),
            };
            return self.over(End::Lost(why));
        };
        if let Some(sent) = self.sent.filter(|sent| sent.count == count) {
            self.written = Some(sent);
        }
        let Some(left) = self.left() else {
            return self.give_up("no call was made in time");
        };
        let (claim, sent) = self.claim();
        self.send(State::Renewing(sent), claim.write(), left.min(CALL))
    }

    pub(super) fn renewed(&mut self, claim: Sent, input: &Input) -> Step {
        match input {
            Input::Answered(Ok(_)) => {
                self.failing = None;
                self.written = Some(claim);
                self.hold()
            }
            // Whether it was done, the next look tells.
            Input::Answered(Err(error)) => self.shaky(&told(Some(error))),
            Input::Begin | Input::Elapsed | Input::Abandoned => self.shaky(&told(None)),
        }
    }

    /// When the last claim was sent that is known to be written: from then on others may have counted.
    fn proved(&self) -> Duration {
        self.written.map_or(Duration::ZERO, |claim| claim.at)
    }

    /// How long the lease may still be held without another renewal.
    fn left(&self) -> Option<Duration> {
        let until = self.proved() + self.terms.give_up();
        until.checked_sub(self.now).filter(|left| !left.is_zero())
    }

    /// A call failed. It is tried again until others may think that this run is dead.
    fn shaky(&mut self, why: &str) -> Step {
        let Some(left) = self.left() else {
            return self.give_up(why);
        };
        let (count, since) = self.failing.unwrap_or((0, self.now));
        self.failing = Some((count + 1, since));
        let pause = self
            .pace
            .look(count + 1)
            .min(self.terms.renewal())
            .min(left);
        self.wait(State::Holding, pause)
    }

    fn give_up(&mut self, why: &str) -> Step {
        let seconds = self.terms.give_up().as_secs();
        self.end = End::Lost(format!("it could not be renewed for {seconds} s: {why}"));
        self.leaving = true;
        self.begin_to_leave(&State::Holding, &Input::Elapsed)
    }
}
