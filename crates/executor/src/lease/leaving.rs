//! Giving the lease back, so that nobody waits for it.

use super::claim::release;
use super::end::End;
use super::machine::{Input, LeaseMachine, Look, State, Step, told};
use std::time::Duration;

/// How long one call may take at the end, when a stop may have only seconds left.
pub(super) const LAST_CALL: Duration = Duration::from_secs(2);
/// How often a call is tried at the end.
const TRIES: u32 = 3;

impl LeaseMachine {
    /// What was asked for last is not gone on with; what its answer tells is still worth knowing.
    pub(super) fn begin_to_leave(&mut self, state: &State, input: &Input) -> Step {
        if let Input::Answered(Ok(_)) = input {
            match state {
                State::Claiming(attempt) => self.written = Some(attempt.claim),
                State::Creating(claim) | State::Renewing(claim) => self.written = Some(*claim),
                State::Fresh
                | State::Looking(_)
                | State::ReadingBack(_)
                | State::Settling(_)
                | State::Deciding(_)
                | State::Taken
                | State::Holding
                | State::LookingHeld
                | State::LookingBack
                | State::Releasing(_)
                | State::Over => {}
            }
        }
        let Some(sent) = self.sent else {
            let end = self.end.clone();
            return self.over(end);
        };
        let is_sure = self.written.is_some_and(|claim| claim.count == sent.count);
        // While it waits, somebody else's claim may stand there, or none.
        let waits = matches!(state, State::Fresh | State::Looking(_));
        if is_sure && !waits {
            self.give_back(sent.count)
        } else {
            self.look_which()
        }
    }

    /// Several claims of ours may have been written: only the one that stands there can be given back.
    fn look_which(&mut self) -> Step {
        self.send(State::LookingBack, Look::request(), LAST_CALL)
    }

    pub(super) fn looked_back(&mut self, input: Input) -> Step {
        match Look::of(input) {
            Look::Found(found) => match found.count_of(&self.claimant.run) {
                Some(count) => self.give_back(count),
                None => self.left_behind(None),
            },
            Look::Absent => self.left_behind(None),
            Look::Failed(error) => {
                let why = told(error.as_ref());
                self.once_more(why, Self::look_which)
            }
        }
    }

    fn give_back(&mut self, count: u64) -> Step {
        let request = release(&self.claimant.run, count);
        self.send(State::Releasing(count), request, LAST_CALL)
    }

    pub(super) fn released(&mut self, count: u64, input: &Input) -> Step {
        let error = match input {
            Input::Answered(Ok(_)) => return self.left_behind(None),
            Input::Answered(Err(error)) if error.is_not_found() => return self.left_behind(None),
            Input::Answered(Err(error)) => Some(error),
            Input::Begin | Input::Elapsed | Input::Abandoned => None,
        };
        self.once_more(told(error), |machine| machine.give_back(count))
    }

    fn once_more(&mut self, why: String, again: impl FnOnce(&mut Self) -> Step) -> Step {
        self.releases += 1;
        if self.releases < TRIES {
            again(self)
        } else {
            self.left_behind(Some(why))
        }
    }

    /// The end. What was to be told anyway is more than that the lease stands a while longer.
    fn left_behind(&mut self, problem: Option<String>) -> Step {
        let end = match (self.end.clone(), problem) {
            (End::Released, Some(why)) => End::NotReleased(why),
            (end, _) => end,
        };
        self.over(end)
    }
}
