//! The machine: it takes what happened and says what to do next, and does no I/O.

use super::claim::{Claim, Claimant, Found};
use super::end::{End, Refusal, Waiting};
use super::terms::Terms;
use crate::pace::Pace;
use gangplank_cyclr::resource::account;
use gangplank_cyclr::{Error, Request, Response};
use gangplank_model::lease::{LEASE_ACCOUNT, is_lease};
use std::collections::BTreeSet;
use std::time::Duration;

/// What happened since the last step.
#[derive(Debug)]
pub enum Input {
    /// Nothing: the work begins, or the lease is held from now on.
    Begin,
    /// The request of the last step was answered, or failed.
    Answered(Result<Response, Error>),
    /// The last step's wait is over, or was cut short.
    Elapsed,
    /// The last step's request was given up: its time is over.
    Abandoned,
}

/// What is to be done next.
#[derive(Debug)]
pub enum Step {
    /// Send one request.
    Send {
        /// The request.
        request: Request,
        /// After how long it is given up.
        within: Duration,
    },
    /// Wait.
    Wait {
        /// How long.
        delay: Duration,
        /// For whom, while the lease is somebody else's.
        waiting: Option<Waiting>,
    },
    /// The lease is held. Go on with [`Input::Begin`] at once: it has to be renewed.
    Held,
    /// It is over.
    Ended(End),
}

/// A claim that was sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) count: u64,
    pub(super) at: Duration,
}

/// A claim on its way to be the one that counts.
#[derive(Debug)]
pub(super) struct Attempt {
    pub(super) claim: Sent,
    /// When the look was sent that found the lease free, or the one that decides.
    pub(super) looked: Duration,
    /// What that look found.
    pub(super) over: String,
}

/// What was asked for last.
#[derive(Debug)]
pub(super) enum State {
    /// A look is to be sent.
    Fresh,
    /// A look, sent then.
    Looking(Duration),
    /// The call that makes the account.
    Creating(Sent),
    /// A claim.
    Claiming(Attempt),
    /// A look for a claim whose outcome is unknown.
    ReadingBack(Attempt),
    /// The wait between a claim and the look that decides.
    Settling(Attempt),
    /// The look that decides.
    Deciding(Attempt),
    /// Nothing: it was just told that the lease is held.
    Taken,
    /// The wait between two renewals.
    Holding,
    /// The look before a renewal.
    LookingHeld,
    /// A renewal.
    Renewing(Sent),
    /// The look that tells which claim is to be given back.
    LookingBack,
    /// The release.
    Releasing(u64),
    /// The end.
    Over,
}

/// Takes a lease, keeps it and gives it back.
#[derive(Debug)]
pub struct LeaseMachine {
    pub(super) claimant: Claimant,
    pub(super) terms: Terms,
    pub(super) pace: Pace,
    pub(super) now: Duration,
    pub(super) state: State,
    /// The claim that was sent last.
    pub(super) sent: Option<Sent>,
    /// The claim that is known to be written, by its answer or by a look.
    pub(super) written: Option<Sent>,
    /// The counts that went into calls that make the account. One that stands there covers nothing.
    pub(super) made: BTreeSet<u64>,
    /// The text that was seen last, and when it was seen first.
    pub(super) sighting: Option<(String, Duration)>,
    pub(super) looks: u32,
    /// Calls that failed one after the other, and since when.
    pub(super) failing: Option<(u32, Duration)>,
    /// How often a claim that was answered was not there to be seen.
    pub(super) unseen: u32,
    pub(super) leaving: bool,
    /// What is told at the end, and how often a release was tried.
    pub(super) end: End,
    pub(super) releases: u32,
}

impl LeaseMachine {
    /// Makes a machine; the seed decides its pauses.
    pub fn new(claimant: Claimant, terms: Terms, seed: u64) -> Self {
        Self {
            claimant,
            terms,
            pace: Pace::new(Duration::from_millis(500), seed),
            now: Duration::ZERO,
            state: State::Fresh,
            sent: None,
            written: None,
            made: BTreeSet::new(),
            sighting: None,
            looks: 0,
            failing: None,
            unseen: 0,
            leaving: false,
            end: End::Released,
            releases: 0,
        }
    }

    /// Asks to give the lease back, held or not. Heard by the next step.
    pub fn leave(&mut self) {
        self.leaving = true;
    }

    /// Takes what happened and says what to do next. `now` is on a monotonic clock.
    pub fn next(&mut self, now: Duration, input: Input) -> Step {
        self.now = now;
        let state = std::mem::replace(&mut self.state, State::Over);
        match state {
            State::LookingBack => self.looked_back(input),
            State::Releasing(count) => self.released(count, &input),
            State::Over => Step::Ended(self.end.clone()),
            state if self.leaving => self.begin_to_leave(&state, &input),
            State::Fresh => self.look(),
            State::Looking(sent) => self.looked(sent, input),
            State::Creating(claim) => self.created(claim, input),
            State::Claiming(attempt) => self.claimed(attempt, input),
            State::ReadingBack(attempt) => self.read_back(attempt, input),
            State::Settling(attempt) => self.decide(attempt),
            State::Deciding(attempt) => self.decided(attempt, input),
            State::Taken => self.hold(),
            State::Holding => self.look_held(),
            State::LookingHeld => self.looked_held(input),
            State::Renewing(claim) => self.renewed(claim, &input),
        }
    }

    pub(super) fn send(&mut self, state: State, request: Request, within: Duration) -> Step {
        self.state = state;
        Step::Send { request, within }
    }

    pub(super) fn wait(&mut self, state: State, delay: Duration) -> Step {
        self.state = state;
        Step::Wait {
            delay,
            waiting: None,
        }
    }

    pub(super) fn over(&mut self, end: End) -> Step {
        self.state = State::Over;
        self.end = end.clone();
        Step::Ended(end)
    }

    pub(super) fn refused(&mut self, refusal: Refusal) -> Step {
        self.over(End::Refused(refusal))
    }

    /// The next claim of this run, which is none that was ever sent.
    pub(super) fn claim(&mut self) -> (Claim, Sent) {
        let sent = Sent {
            count: self.sent.map_or(1, |last| last.count + 1),
            at: self.now,
        };
        self.sent = Some(sent);
        (Claim::new(&self.claimant, sent.count, self.terms), sent)
    }
}

/// What a look came to.
pub(super) enum Look {
    /// There is no such account.
    Absent,
    /// It is there.
    Found(Found),
    /// Nobody knows; the error, if there is one.
    Failed(Option<Error>),
}

impl Look {
    pub(super) fn request() -> Request {
        account::get(LEASE_ACCOUNT).into_request()
    }

    pub(super) fn of(input: Input) -> Self {
        let Input::Answered(answer) = input else {
            return Self::Failed(None);
        };
        match answer.and_then(|response| account::get(LEASE_ACCOUNT).parse(&response)) {
            Ok(account) if is_lease(&account.id) => Self::Found(Found::of(account)),
            Ok(_) => Self::Failed(None),
            Err(error) if error.is_not_found() => Self::Absent,
            Err(error) => Self::Failed(Some(error)),
        }
    }
}

/// What went wrong, in a few words.
pub(super) fn told(error: Option<&Error>) -> String {
    let Some(error) = error else {
        return "no answer came in time".to_owned();
    };
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause {
        text = format!("{text}: {source}");
        cause = source.source();
    }
    text
}
