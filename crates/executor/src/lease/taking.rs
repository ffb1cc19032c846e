//! Taking the lease: look until it is free, claim it, wait, look whether the claim stands.

use super::claim::Found;
use super::end::{Refusal, Waiting};
use super::machine::{Attempt, Input, LeaseMachine, Look, Sent, State, Step, told};
use super::terms::{PROMPT, SETTLE};
use gangplank_cyclr::resource::account;
use gangplank_cyclr::{Certainty, Error};
use std::time::Duration;

/// How long one look may take.
const LOOK: Duration = Duration::from_secs(15);
/// How long the call that makes the account may take.
const CREATE: Duration = Duration::from_secs(30);
/// The longest pause between two looks at somebody else's lease.
const POLL: Duration = Duration::from_secs(5);
/// How often an instance that never answered is asked: as often as for any other read.
const TRIES: u32 = 4;
/// For how long one that did answer may then answer nothing that helps.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often a claim may be answered and then not be seen by anybody.
const UNSEEN: u32 = 3;

impl LeaseMachine {
    pub(super) fn look(&mut self) -> Step {
        self.send(State::Looking(self.now), Look::request(), LOOK)
    }

    pub(super) fn looked(&mut self, sent: Duration, input: Input) -> Step {
        match Look::of(input) {
            Look::Failed(error) => self.trouble(error.as_ref()),
            Look::Found(found) => self.found(sent, found),
            Look::Absent => self.create(),
        }
    }

    /// There is no account: of all who make it, the instance lets one.
    fn create(&mut self) -> Step {
        self.sighting = None;
        let (claim, sent) = self.claim();
        self.made.insert(sent.count);
        self.send(State::Creating(sent), claim.create(), CREATE)
    }

    pub(super) fn created(&mut self, claim: Sent, input: Input) -> Step {
        let Input::Answered(answer) = input else {
            return self.trouble(None);
        };
        let create = account::create(&account::AccountBody::default());
        match answer.and_then(|response| create.parse(&response)) {
            Ok(account) => {
                self.written = Some(claim);
                if Found::of(account).count_of(&self.claimant.run) == Some(claim.count) {
                    return self.held(claim);
                }
                // Whether it is there after all, the look that decides will tell.
                self.decide(Attempt {
                    claim,
                    looked: self.now,
                    over: String::new(),
                })
            }
            Err(error) if error.says("ID already in use") => self.look(),
            Err(error) => match error.certainty() {
                Certainty::Refused if !error.is_retryable() => self.not_taken(&error),
                Certainty::Refused | Certainty::NotSent | Certainty::Unknown => {
                    self.trouble(Some(&error))
                }
            },
        }
    }

    /// The account is there. `sent` is when the look was sent that found it so.
    fn found(&mut self, sent: Duration, found: Found) -> Step {
        if !found.is_lease() {
            return self.refused(Refusal::Customer);
        }
        self.failing = None;
        let since = match &self.sighting {
            Some((text, since)) if *text == found.text => *since,
            Some(_) | None => {
                self.looks = 0;
                self.sighting = Some((found.text.clone(), self.now));
                self.now
            }
        };
        let term = found.term();
        let left = (since + term).saturating_sub(sent);
        // What made the account covers nobody's claim, so that nobody holds it but who wrote it. Any other
        // claim of ours that stands here came too late, and may cover one.
        let made = found.count_of(&self.claimant.run);
        let made = made.is_some_and(|count| self.made.contains(&count));
        if found.is_released() || made || left.is_zero() {
            return self.claim_over(sent, found.text);
        }
        self.looks += 1;
        let pause = self.pace.look(self.looks).min(POLL).min(left);
        self.state = State::Fresh;
        Step::Wait {
            delay: pause,
            waiting: Some(Waiting {
                claim: found.claim,
                free_in: left.min(term),
            }),
        }
    }

    /// Claims what a look found free.
    fn claim_over(&mut self, looked: Duration, over: String) -> Step {
        let left = (looked + PROMPT).saturating_sub(self.now);
        if left.is_zero() {
            return self.trouble(None);
        }
        let (record, claim) = self.claim();
        let attempt = Attempt {
            claim,
            looked,
            over,
        };
        self.send(State::Claiming(attempt), record.write(), left)
    }

    pub(super) fn claimed(&mut self, attempt: Attempt, input: Input) -> Step {
        match input {
            Input::Answered(Ok(_)) => self.settle(attempt),
            Input::Answered(Err(error)) => match error.certainty() {
                Certainty::Unknown => self.look_back(attempt),
                Certainty::Refused if error.is_not_found() => self.look(),
                Certainty::Refused if !error.is_retryable() => self.not_taken(&error),
                Certainty::Refused | Certainty::NotSent => self.trouble(Some(&error)),
            },
            Input::Begin | Input::Elapsed | Input::Abandoned => self.trouble(None),
        }
    }

    /// The outcome is unknown: a look tells, as long as there is time.
    fn look_back(&mut self, attempt: Attempt) -> Step {
        let left = (attempt.looked + PROMPT).saturating_sub(self.now);
        if left.is_zero() {
            return self.trouble(None);
        }
        self.send(State::ReadingBack(attempt), Look::request(), left)
    }

    pub(super) fn read_back(&mut self, attempt: Attempt, input: Input) -> Step {
        match Look::of(input) {
            Look::Found(found) if self.is(&found, attempt.claim) => self.settle(attempt),
            Look::Failed(error) => self.trouble(error.as_ref()),
            Look::Found(_) | Look::Absent => self.trouble(None),
        }
    }

    /// The claim is written. It counts if that was in time; whoever else saw the lease free writes within
    /// the wait that follows, or his claim counts for nothing.
    fn settle(&mut self, attempt: Attempt) -> Step {
        self.written = Some(attempt.claim);
        if self.now > attempt.looked + PROMPT {
            return self.trouble(None);
        }
        self.wait(State::Settling(attempt), SETTLE)
    }

    pub(super) fn decide(&mut self, mut attempt: Attempt) -> Step {
        attempt.looked = self.now;
        self.send(State::Deciding(attempt), Look::request(), LOOK)
    }

    pub(super) fn decided(&mut self, attempt: Attempt, input: Input) -> Step {
        match Look::of(input) {
            Look::Found(found) if self.is(&found, attempt.claim) => self.held(attempt.claim),
            // Ours made the account: nobody else could write a text that says nothing.
            Look::Found(found) if found.claim.is_none() && self.has_made(attempt.claim) => {
                self.refused(Refusal::NotReadBack)
            }
            Look::Found(found) if found.text == attempt.over => {
                self.unseen += 1;
                if self.unseen >= UNSEEN {
                    return self.refused(Refusal::NotReadBack);
                }
                self.trouble(None)
            }
            Look::Found(found) => self.found(attempt.looked, found),
            Look::Absent => self.look(),
            Look::Failed(Some(error)) if error.is_auth() => self.not_taken(&error),
            Look::Failed(_) if self.is_fresh(attempt.claim) => {
                let pause = self.pace.look(1);
                self.wait(State::Settling(attempt), pause)
            }
            Look::Failed(error) => self.trouble(error.as_ref()),
        }
    }

    fn held(&mut self, claim: Sent) -> Step {
        if !self.is_fresh(claim) {
            return self.look();
        }
        self.failing = None;
        self.written = Some(claim);
        self.state = State::Taken;
        Step::Held
    }

    fn is(&self, found: &Found, claim: Sent) -> bool {
        found.count_of(&self.claimant.run) == Some(claim.count)
    }

    fn has_made(&self, claim: Sent) -> bool {
        self.made.contains(&claim.count)
    }

    /// Whether nobody can think yet that whoever wrote it is dead.
    fn is_fresh(&self, claim: Sent) -> bool {
        self.now < claim.at + self.terms.give_up()
    }

    /// A no that another attempt would not change.
    fn not_taken(&mut self, error: &Error) -> Step {
        let why = told(Some(error));
        self.refused(if error.is_auth() {
            Refusal::Auth(why)
        } else {
            Refusal::Failed(why)
        })
    }

    /// Something did not go as it should: look again, after a pause, for a minute at most. An instance that
    /// was never reached is not waited for so long.
    fn trouble(&mut self, error: Option<&Error>) -> Step {
        let (count, since) = self.failing.unwrap_or((0, self.now));
        self.failing = Some((count + 1, since));
        if let Some(error) = error
            && error.is_auth()
            && error.status() != Some(401)
        {
            return self.not_taken(error);
        }
        let reached = self.sighting.is_some() || self.sent.is_some();
        let given_up = if reached {
            self.now.saturating_sub(since) >= PATIENCE
        } else {
            count + 1 >= TRIES
        };
        if given_up {
            return match error {
                Some(error) => self.not_taken(error),
                None => self.refused(Refusal::Failed(told(None))),
            };
        }
        let asked = error.and_then(Error::retry_after);
        let pause = self.pace.delay(count + 1, asked);
        self.wait(State::Fresh, pause)
    }
}
