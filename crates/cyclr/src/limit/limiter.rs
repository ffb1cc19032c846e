//! `Limiter`: where calls wait until they may begin.

use super::end::End;
use super::line::{Line, Position, Urgency};
use super::place::{Began, Place};
use super::rate::Rate;
use super::state::{Admission, State};
use super::told::Told;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// Who cannot pay for a call gives up when nobody has been answered for so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// And sooner, where nobody else makes any call.
const PATIENCE_ALONE: Duration = Duration::from_secs(5);

/// Where calls wait until they may begin, all of a client's.
#[derive(Debug)]
pub(crate) struct Limiter {
    shared: Mutex<Shared>,
}

#[derive(Debug)]
struct Shared {
    state: State,
    /// Those who wait to begin.
    places: Line,
    /// Those who wait until they can pay.
    payers: Line,
}

impl Limiter {
    pub(crate) fn new(concurrency: usize, rate: Option<Rate>) -> Self {
        Self {
            shared: Mutex::new(Shared {
                state: State::new(concurrency, rate, Instant::now()),
                places: Line::default(),
                payers: Line::default(),
            }),
        }
    }

    /// Waits until a call may begin that an undisturbed run would not make. Fails, with the reason, when
    /// there is no budget for it and nobody makes any progress.
    pub(crate) async fn pay(&self, urgency: Urgency) -> Result<(), String> {
        let ticket = Ticket::new(self, Which::Payers, urgency);
        let joined = Instant::now();
        loop {
            let gives_up_at = {
                let now = Instant::now();
                let mut shared = self.lock();
                if let Some(why) = shared.refusal(now) {
                    return Err(why);
                }
                if shared.payers.is_first(ticket.position) && shared.state.pay(now) {
                    return Ok(());
                }
                let gives_up_at = shared.gives_up_at(joined);
                if gives_up_at <= now {
                    return Err(shared.give_up(now));
                }
                gives_up_at
            };
            ticket.wait(Some(gives_up_at)).await;
        }
    }

    /// Waits until a call may begin. Fails, with the reason, when none may.
    pub(crate) async fn enter(
        &self,
        route: &'static str,
        urgency: Urgency,
        is_first: bool,
    ) -> Result<Place<'_>, String> {
        let ticket = Ticket::new(self, Which::Places, urgency);
        loop {
            let until = {
                let now = Instant::now();
                let mut shared = self.lock();
                if let Some(why) = shared.refusal(now) {
                    return Err(why);
                }
                let is_first_in_line = shared.places.is_first(ticket.position);
                match is_first_in_line.then(|| shared.state.admit(now)) {
                    Some(Admission::Now) => {
                        shared.state.begin(is_first, now);
                        shared.payers.wake_first();
                        let call = Began {
                            route,
                            since: now,
                            is_first,
                            is_slow: false,
                        };
                        return Ok(Place::new(self, call));
                    }
                    Some(Admission::At(at)) => Some(at),
                    Some(Admission::Full) | None => None,
                }
            };
            ticket.wait(until).await;
        }
    }

    /// Whether somebody who makes calls one after the other could begin with the first at once, while so
    /// many others do so.
    pub(crate) fn has_room(&self, others: usize) -> bool {
        let now = Instant::now();
        let shared = self.lock();
        if shared.refusal(now).is_some() {
            // Nothing is sent any more; then everything may as well end.
            return true;
        }
        let is_free = shared.state.takes_one_beside(others) && shared.places.is_empty();
        is_free && !shared.state.is_held_back(now)
    }

    /// The calls a second that refusals taught.
    pub(crate) fn learned_rate(&self) -> Option<f64> {
        self.lock().state.learned_rate()
    }

    pub(super) fn slows_down(&self) -> bool {
        let mut shared = self.lock();
        let slows_down = shared.state.slows_down();
        shared.places.wake_first();
        slows_down
    }

    pub(super) fn abandon(&self, call: &Began) {
        let mut shared = self.lock();
        shared.state.abandon(call);
        shared.places.wake_first();
    }

    pub(super) fn end(&self, call: &Began, end: End, told: Option<Told>) {
        let now = Instant::now();
        let mut shared = self.lock();
        let before = shared.state.learned_rate().is_some();
        shared.state.end(call, end, told, now);
        if let (Some(rate), false) = (shared.state.learned_rate(), before) {
            tracing::info!(calls_per_second = rate.round(), "the instance has a limit");
        }
        if shared.state.outage.is_down(now) {
            shared.wake_all();
        } else {
            shared.places.wake_first();
            shared.payers.wake_first();
        }
    }

    /// Nothing that was begun under the lock is left half done by a panic.
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    /// Why no call begins.
    fn refusal(&self, now: Instant) -> Option<String> {
        let outage = &self.state.outage;
        let silent = || outage.silence(now).unwrap_or_default();
        outage.is_down(now).then(|| silence(silent()))
    }

    /// When somebody who cannot pay since then gives up, unless something changes.
    fn gives_up_at(&self, since: Instant) -> Instant {
        let after = |progress: Option<Instant>| progress.map_or(since, |at| at.max(since));
        if self.state.is_busy() || !self.places.is_empty() {
            after(self.state.answered_at) + PATIENCE
        } else {
            after(self.state.moved_at) + PATIENCE_ALONE
        }
    }

    /// Somebody cannot pay, and nobody makes progress that would earn it.
    fn give_up(&mut self, now: Instant) -> String {
        let silent = self.state.outage.silence(now).unwrap_or_default();
        if silent < PATIENCE {
            return "too many calls have failed to try any of them again; try again later"
                .to_owned();
        }
        self.state.outage.give_up(now);
        self.wake_all();
        silence(silent)
    }

    fn wake_all(&self) {
        self.places.wake_all();
        self.payers.wake_all();
    }
}

fn silence(silence: Duration) -> String {
    let seconds = silence.max(PATIENCE).as_secs();
    format!("the instance has not answered any call for {seconds} s; try again when it does")
}

/// In which line.
#[derive(Clone, Copy, Debug)]
enum Which {
    Places,
    Payers,
}

/// A place in a line, given up when it is dropped.
#[derive(Debug)]
struct Ticket<'a> {
    limiter: &'a Limiter,
    which: Which,
    position: Position,
    bell: Arc<Notify>,
}

impl<'a> Ticket<'a> {
    fn new(limiter: &'a Limiter, which: Which, urgency: Urgency) -> Self {
        let (position, bell) = which.line(&mut limiter.lock()).join(urgency);
        Self {
            limiter,
            which,
            position,
            bell,
        }
    }

    /// Waits until something has changed, or until then.
    async fn wait(&self, until: Option<Instant>) {
        match until {
            Some(until) => tokio::select! {
                biased;
                () = self.bell.notified() => {}
                () = sleep_until(until) => {}
            },
            None => self.bell.notified().await,
        }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.which
            .line(&mut self.limiter.lock())
            .leave(self.position);
    }
}

impl Which {
    fn line(self, shared: &mut Shared) -> &mut Line {
        match self {
            Self::Places => &mut shared.places,
            Self::Payers => &mut shared.payers,
        }
    }
}
