//! One lane's machine: it takes an answer and gives the next request or wait, and does no I/O.

use crate::call;
use crate::earlier::Earlier;
use crate::learned::Learned;
use crate::look::Look;
use crate::pace::Pace;
use crate::recheck::Check;
use crate::rivals::{Contested, Retraction};
use crate::settings::Settings;
use gangplank_cyclr::{Error, Request, Response, Urgency};
use gangplank_model::{Lane, Operation, Outcome, Preconditions, Receipt};
use gangplank_secrets::{MarkKey, Secrets};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// What all lanes of an apply share.
#[derive(Debug)]
pub struct Context {
    /// The values of every reference in the plan.
    pub secrets: Secrets,
    /// The key of fingerprints.
    pub mark_key: MarkKey,
    /// The bounds.
    pub settings: Settings,
    /// What has to hold of accounts before anything is written to them: of a saved plan.
    pub preconditions: Preconditions,
    /// What an earlier run may still have under way.
    pub earlier: Earlier,
}

/// What happened outside since the last step.
#[derive(Debug)]
pub enum Input {
    /// Nothing: the lane begins, or its last receipt was taken.
    Begin,
    /// The request of the last step was answered, or failed.
    Answered(Result<Response, Error>),
    /// The last step's wait is over, or was cut short by a stop.
    Elapsed,
    /// The last step's request was given up on.
    Abandoned,
    /// The last step's request was taken back before it was sent, since a stop was asked for.
    Withheld,
    /// The last step's intent could not be written, so its request was not sent: why.
    Halted(String),
}

/// What is to be done next.
#[derive(Debug)]
pub enum Step {
    /// Send one request.
    Send {
        /// The request.
        request: Request,
        /// Set for a write, which is to be recorded before it is sent.
        intent: Option<Intent>,
    },
    /// Wait.
    Wait {
        /// The operation's place in its lane.
        index: usize,
        /// How long.
        delay: Duration,
        /// Why, in a few words.
        why: String,
    },
    /// An operation ended.
    Ended(Receipt),
    /// The lane is through.
    Done {
        /// Whether every operation ended well.
        good: bool,
    },
}

/// Names a write that is about to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The operation's place in its lane.
    pub index: usize,
    /// Which attempt, from 1.
    pub attempt: u32,
    /// The cycle that it deletes again, since somebody else installed the same at the same time.
    pub retracts: Option<String>,
}

/// A write whose outcome is unknown.
#[derive(Clone, Debug)]
pub(crate) struct Doubt {
    /// Until when it may still be done.
    pub(crate) until: Duration,
    pub(crate) why: String,
    pub(crate) looks: u32,
    /// Whether the instance answered with a refusal: then nothing is still on its way to be done.
    pub(crate) answered: bool,
    /// Whether it was an earlier run that sent it, and this one has not.
    pub(crate) inherited: bool,
}

/// The operation at work.
#[derive(Debug)]
pub(crate) struct Current {
    pub(crate) index: usize,
    /// How often the write was sent.
    pub(crate) attempts: u32,
    /// Attempts that count against the bound.
    pub(crate) tries: u32,
    pub(crate) started: Duration,
    pub(crate) doubt: Option<Doubt>,
    /// Whether any attempt of this call had an unknown outcome. Only then may something that is in
    /// its way be our own (`reliability.md` 1.4).
    pub(crate) doubted: bool,
    /// Whether a create was sent again after its settle window.
    pub(crate) resent: bool,
    /// Until when a stopped cycle may drain.
    pub(crate) drain_until: Option<Duration>,
    /// How often it was looked whether somebody else installs the same, and since when.
    pub(crate) contest: Option<(Duration, u32)>,
    /// What this lane installed beside somebody else's, who has not given way yet.
    pub(crate) contested: Vec<Contested>,
    state: State,
}

#[derive(Debug)]
enum State {
    Fresh,
    Writing,
    Looking(Look),
    Resting(Box<Next>),
    Retracting(Retraction),
}

/// What a handler decided.
#[derive(Debug)]
pub(crate) enum Next {
    /// Send the write.
    Write,
    /// Send the write after a wait.
    WriteAfter(Duration, String),
    /// Read something.
    Look(Look),
    /// Read something after a wait.
    LookAfter(Look, Duration, String),
    /// Delete a cycle that this lane installed beside somebody else's.
    Retract(Retraction),
    /// Delete it after a wait.
    RetractAfter(Retraction, Duration, String),
    /// The operation is over.
    End(Outcome, Option<String>),
}

/// One lane at work.
#[derive(Debug)]
pub struct LaneMachine {
    pub(crate) lane: Lane,
    pub(crate) context: Arc<Context>,
    pub(crate) learned: Learned,
    pub(crate) pace: Pace,
    pub(crate) now: Duration,
    pub(crate) current: Current,
    pub(crate) stopped: bool,
    /// Until when an earlier run's call of an operation, by its place, may be done.
    pub(crate) inherited: BTreeMap<usize, Duration>,
    /// Whether nothing more may be sent but what starts a stopped cycle again.
    pub(crate) over: bool,
    /// What has to be read before anything is written.
    pub(crate) check: Option<Check>,
    /// Whether each operation that is through ended well.
    ended: Vec<bool>,
    /// Whether anything went wrong.
    failed: bool,
}

impl LaneMachine {
    /// Makes the machine of a lane; the seed decides its delays.
    pub fn new(lane: Lane, context: Arc<Context>, seed: u64) -> Self {
        let inherited = context.earlier.inherited(&lane);
        let mut learned = Learned::of(&lane.operations);
        learned.late_stops.extend(inherited.late_stops);
        Self {
            learned,
            inherited: inherited.calls,
            pace: Pace::new(context.settings.backoff, seed),
            check: Check::of(&lane, &context.preconditions),
            lane,
            context,
            now: Duration::ZERO,
            current: Current::new(0, Duration::ZERO),
            stopped: false,
            over: false,
            ended: Vec::new(),
            failed: false,
        }
    }

    /// Asks for a stop: no further operation begins, and no more waiting is done.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Takes what happened and says what to do next. `now` is on a monotonic clock.
    pub fn next(&mut self, now: Duration, input: Input) -> Step {
        self.now = now;
        if let Some(check) = self.check.take() {
            return self.recheck(check, input);
        }
        let state = std::mem::replace(&mut self.current.state, State::Fresh);
        let next = match (state, input) {
            (State::Fresh, _) => return self.begin(),
            (State::Writing, Input::Answered(Ok(response))) => self.written(&response),
            (State::Writing, Input::Answered(Err(error))) => self.not_written(&error),
            (State::Writing, Input::Halted(why)) => self.halted(&why),
            (State::Writing, Input::Withheld) => {
                self.current.attempts -= 1;
                self.stopped_end()
            }
            (State::Writing, Input::Begin | Input::Elapsed | Input::Abandoned) => Next::End(
                Outcome::Unknown(
                    "it was stopped before the answer came; apply again to find out".into(),
                ),
                None,
            ),
            (State::Looking(look), Input::Answered(result)) => self.looked(look, result),
            (State::Retracting(retraction), Input::Answered(result)) => {
                self.retracted(retraction, result)
            }
            (
                State::Retracting(retraction),
                Input::Begin
                | Input::Elapsed
                | Input::Abandoned
                | Input::Withheld
                | Input::Halted(_),
            ) => self.not_retracted(&retraction, "it was stopped before the answer came"),
            (
                State::Looking(look),
                Input::Begin
                | Input::Elapsed
                | Input::Abandoned
                | Input::Withheld
                | Input::Halted(_),
            ) => self.look_failed(&look, "it was stopped before the answer came"),
            (State::Resting(next), Input::Elapsed | Input::Begin) => self.rested(*next),
            (
                State::Resting(_),
                Input::Answered(_) | Input::Abandoned | Input::Withheld | Input::Halted(_),
            ) => self.stopped_end(),
        };
        self.turn(next)
    }

    /// The operation at work.
    pub(crate) fn operation(&self) -> &Operation {
        &self.lane.operations[self.current.index]
    }

    /// Begins the current operation, or tells that the lane is through.
    pub(crate) fn begin(&mut self) -> Step {
        if self.current.index >= self.lane.operations.len() {
            return Step::Done { good: !self.failed };
        }
        self.current.started = self.now;
        if let Some(outcome) = self.lost() {
            return self.turn(Next::End(outcome, None));
        }
        if self.stopped || !self.may_begin() {
            // What was installed must not stay beside somebody else's, even if nothing more is made of it.
            let next = match self.contest() {
                Some(look) if !self.learned.looked_in_vain => Next::Look(look),
                Some(_) | None => Next::End(Outcome::Skipped, None),
            };
            return self.turn(next);
        }
        let next = match self.inherit() {
            Some(next) => next,
            None => self.prepare(),
        };
        self.turn(next)
    }

    /// Whether what came before leaves room for the current operation. A refusal stops only what
    /// depends on it. What starts a cycle again is tried whenever its stop was done, so that a
    /// customer's work does not stand still because a change was refused.
    pub(crate) fn may_begin(&self) -> bool {
        let good = |earlier: usize| self.ended.get(earlier).copied().unwrap_or(false);
        if let Some(stop) = self.lane.stop_before(self.current.index) {
            return good(stop);
        }
        let needs = &self.operation().depends_on;
        !self.over && needs.iter().all(|earlier| good(*earlier))
    }

    /// The account is not what the plan was made for: nothing more of the plan is sent.
    pub(crate) fn stale(&mut self, why: String) -> Next {
        self.over = true;
        Next::End(Outcome::Diverged(why), None)
    }

    /// Turns a decision into a step.
    pub(crate) fn turn(&mut self, next: Next) -> Step {
        let index = self.current.index;
        match next {
            Next::Write if self.stopped => {
                let next = self.stopped_end();
                self.turn(next)
            }
            Next::Write => match call::request(self.operation(), &self.learned, &self.context) {
                Ok(mut request) => {
                    request.again = self.current.tries > 0;
                    if self.lane.stop_before(index).is_some() {
                        request.urgency = Urgency::Restart;
                    }
                    self.current.attempts += 1;
                    self.current.tries += 1;
                    self.current.state = State::Writing;
                    let attempt = self.current.attempts;
                    Step::Send {
                        request,
                        intent: Some(Intent {
                            index,
                            attempt,
                            retracts: None,
                        }),
                    }
                }
                Err(why) => self.end(Outcome::Refused(why), None),
            },
            Next::Look(look) => {
                let request = look.request();
                self.current.state = State::Looking(look);
                Step::Send {
                    request,
                    intent: None,
                }
            }
            Next::WriteAfter(delay, why) => self.rest(Next::Write, delay, why),
            Next::LookAfter(look, delay, why) => self.rest(Next::Look(look), delay, why),
            Next::Retract(mut retraction) => {
                retraction.tries += 1;
                self.current.attempts += 1;
                let request = retraction.request(self.operation().address.account.as_str());
                let intent = Intent {
                    index,
                    attempt: self.current.attempts,
                    retracts: Some(retraction.id().to_owned()),
                };
                self.current.state = State::Retracting(retraction);
                Step::Send {
                    request,
                    intent: Some(intent),
                }
            }
            Next::RetractAfter(retraction, delay, why) => {
                self.rest(Next::Retract(retraction), delay, why)
            }
            Next::End(outcome, id) => self.end(outcome, id),
        }
    }

    fn rest(&mut self, next: Next, delay: Duration, why: String) -> Step {
        if self.stopped {
            let next = self.rested(next);
            return self.turn(next);
        }
        self.current.state = State::Resting(Box::new(next));
        Step::Wait {
            index: self.current.index,
            delay,
            why,
        }
    }

    /// Goes on after a wait. After a stop there is no going on: what was to be read is not known.
    fn rested(&mut self, next: Next) -> Next {
        match next {
            next if !self.stopped => next,
            Next::Look(look) => self.look_failed(&look, "it was stopped before that was read"),
            Next::Retract(retraction) | Next::RetractAfter(retraction, ..) => {
                self.not_retracted(&retraction, "it was stopped before")
            }
            Next::Write | Next::WriteAfter(..) | Next::LookAfter(..) | Next::End(..) => {
                self.stopped_end()
            }
        }
    }

    pub(crate) fn stopped_end(&mut self) -> Next {
        let outcome = match &self.current.doubt {
            Some(doubt) => Outcome::Unknown(format!(
                "{}; it was stopped before that could be resolved; apply again to find out",
                doubt.why
            )),
            None => Outcome::Skipped,
        };
        Next::End(outcome, None)
    }

    fn halted(&mut self, why: &str) -> Next {
        self.current.attempts -= 1;
        self.over = true;
        let why = format!("the journal cannot be written ({why}), so nothing more is sent");
        Next::End(
            match &self.current.doubt {
                Some(doubt) => Outcome::Unknown(format!("{}; {why}", doubt.why)),
                None if self.current.doubted => Outcome::Unknown(format!(
                    "an earlier attempt's answer was lost, and it may be done late; {why}"
                )),
                None => Outcome::Refused(why),
            },
            None,
        )
    }

    /// The request was not even sent, and it is of no use to try again.
    pub(crate) fn not_tried(&mut self, why: String) -> Next {
        self.current.attempts -= 1;
        match &self.current.doubt {
            _ if self.stopped => self.stopped_end(),
            Some(doubt) => Next::End(Outcome::Unknown(format!("{}; {why}", doubt.why)), None),
            None => Next::End(Outcome::Refused(why), None),
        }
    }

    fn end(&mut self, outcome: Outcome, id: Option<String>) -> Step {
        // What was sent again after its settle window may have been done by the first attempt after all.
        let outcome = if let (Outcome::Refused(why), true) = (&outcome, self.current.resent) {
            Outcome::Unknown(format!(
                "{why}; an earlier attempt's answer was lost, and it may be done late"
            ))
        } else {
            outcome
        };
        self.ended.push(outcome.is_good());
        self.failed |= outcome.is_failure();
        // What may still be committed late would make later read-backs ambiguous.
        self.over |= matches!(outcome, Outcome::Unknown(_));
        let operation = self.operation();
        let receipt = Receipt {
            address: operation.address.clone(),
            index: self.current.index,
            verb: operation.verb(),
            route: operation.route(),
            outcome,
            id,
            attempts: self.current.attempts,
            elapsed: self.now.saturating_sub(self.current.started),
        };
        self.current = Current::new(self.current.index + 1, self.now);
        Step::Ended(receipt)
    }
}

impl Current {
    fn new(index: usize, started: Duration) -> Self {
        Self {
            index,
            attempts: 0,
            tries: 0,
            started,
            doubt: None,
            doubted: false,
            resent: false,
            drain_until: None,
            contest: None,
            contested: Vec::new(),
            state: State::Fresh,
        }
    }
}
