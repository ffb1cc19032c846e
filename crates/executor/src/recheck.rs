//! Before the first write of a lane: whether its account is still what the plan was made for.

use crate::explain::{is_throttled, plainly};
use crate::lane::{Input, LaneMachine, Next, Step};
use gangplank_cyclr::{Certainty, Error};
use gangplank_live::{Checked, Recheck};
use gangplank_model::{Lane, Outcome, Preconditions};
use std::time::Duration;

/// An account that is being read once more.
#[derive(Debug)]
pub(crate) struct Check {
    recheck: Recheck,
    failures: u32,
}

impl Check {
    /// What has to be read before a lane begins. One that sends nothing needs nothing, and one that makes
    /// its account has no precondition.
    pub(crate) fn of(lane: &Lane, preconditions: &Preconditions) -> Option<Self> {
        let precondition = preconditions.get(&lane.account)?;
        (!lane.operations.is_empty()).then(|| Self {
            recheck: Recheck::new(lane.account.clone(), precondition.clone()),
            failures: 0,
        })
    }
}

/// What follows from what happened.
enum Turn {
    Ask,
    Wait(Duration, String),
    /// The account is what it was.
    Begin,
    Moved(String),
    Unreadable(String),
}

impl LaneMachine {
    /// Goes on with reading the account; nothing was sent before.
    pub(crate) fn recheck(&mut self, mut check: Check, input: Input) -> Step {
        if self.stopped {
            return self.begin();
        }
        match self.checked(&mut check, input) {
            Turn::Ask => {
                let mut request = check.recheck.request();
                request.again = check.failures > 0;
                self.check = Some(check);
                Step::Send {
                    request,
                    intent: None,
                }
            }
            Turn::Wait(delay, why) => {
                self.check = Some(check);
                Step::Wait {
                    index: 0,
                    delay,
                    why,
                }
            }
            Turn::Begin => self.begin(),
            Turn::Moved(what) => {
                let next = self.stale(format!(
                    "the account changed since the plan was made, so that nothing was sent to it: {what}; \
                     plan again"
                ));
                self.turn(next)
            }
            Turn::Unreadable(why) => {
                self.over = true;
                let why = format!(
                    "whether the account is still what was planned could not be read, so that nothing was \
                     sent to it: {why}"
                );
                self.turn(Next::End(Outcome::Refused(why), None))
            }
        }
    }

    fn checked(&mut self, check: &mut Check, input: Input) -> Turn {
        match input {
            Input::Begin | Input::Elapsed => Turn::Ask,
            Input::Answered(Ok(response)) => match check.recheck.take(&response) {
                Ok(Checked::More) => Turn::Ask,
                Ok(Checked::Same) => Turn::Begin,
                Ok(Checked::Moved(what)) => Turn::Moved(what),
                Err(why) => self.unread(check, why, None),
            },
            Input::Answered(Err(error)) if error.is_not_found() => {
                Turn::Moved(check.recheck.missing())
            }
            Input::Answered(Err(error)) => {
                let why = plainly(&error);
                if is_final(&error) {
                    return Turn::Unreadable(why);
                }
                self.unread(check, why, error.retry_after())
            }
            Input::Abandoned | Input::Withheld => {
                Turn::Unreadable("it was stopped before the answer came".into())
            }
            Input::Halted(why) => Turn::Unreadable(why),
        }
    }

    /// An answer that says nothing is asked for again, as often as any call.
    fn unread(&mut self, check: &mut Check, why: String, asked: Option<Duration>) -> Turn {
        check.failures += 1;
        if check.failures >= self.context.settings.attempts {
            return Turn::Unreadable(why);
        }
        Turn::Wait(self.pace.delay(check.failures, asked), why)
    }
}

fn is_final(error: &Error) -> bool {
    let is_refused = error.certainty() == Certainty::Refused && !is_throttled(error);
    is_refused || error.is_not_tried()
}
