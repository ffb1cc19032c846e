//! `Knee`: a server that works on so many calls at once, lets half as many more wait, and turns away the
//! rest.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// A server with so many hands.
#[derive(Debug)]
pub(super) struct Knee {
    state: Mutex<State>,
    /// Whether it turns calls away, or lets all of them wait.
    turns_away: bool,
}

#[derive(Debug)]
struct State {
    hands: usize,
    at_work: usize,
    waiting: VecDeque<oneshot::Sender<()>>,
}

/// A call that is worked on, until this is dropped.
#[derive(Debug)]
pub(super) struct Work<'a>(&'a Knee);

impl Knee {
    /// How long a call is worked on, give or take a fifth.
    pub(super) const SERVICE: Duration = Duration::from_millis(100);

    pub(super) fn new(hands: usize, turns_away: bool) -> Self {
        Self {
            state: Mutex::new(State {
                hands,
                at_work: 0,
                waiting: VecDeque::new(),
            }),
            turns_away,
        }
    }

    /// From now on it has so many hands.
    pub(super) fn set(&self, hands: usize) {
        let mut state = self.state();
        state.hands = hands;
        state.call_in();
    }

    /// How many calls it can answer in a second.
    pub(super) fn capacity(hands: usize) -> f64 {
        super::figure::number(hands) / Self::SERVICE.as_secs_f64()
    }

    /// Waits until the call is worked on; `None` where it is turned away.
    pub(super) async fn enter(&self) -> Option<Work<'_>> {
        let turn = {
            let mut state = self.state();
            if state.at_work < state.hands {
                state.at_work += 1;
                return Some(Work(self));
            }
            if self.turns_away && state.waiting.len() >= state.hands / 2 {
                return None;
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.push_back(sender);
            receiver
        };
        // Who calls in has taken the hand for this call already.
        turn.await.ok().map(|()| Work(self))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn call_in(&mut self) {
        while self.at_work < self.hands {
            let Some(next) = self.waiting.pop_front() else {
                break;
            };
            self.at_work += usize::from(next.send(()).is_ok());
        }
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.at_work -= 1;
        state.call_in();
    }
}
