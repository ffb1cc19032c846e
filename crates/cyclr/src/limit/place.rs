//! `Place`: leave to make one call, which is given back.

use super::end::End;
use super::limiter::Limiter;
use super::told::Told;
use std::time::Duration;
use tokio::time::Instant;

/// A call under way.
#[derive(Debug)]
pub(crate) struct Began {
    pub(crate) route: &'static str,
    pub(crate) since: Instant,
    /// Whether it is made for the first time, as an undisturbed run would make it.
    pub(crate) is_first: bool,
    /// Whether another call has its place in the window.
    pub(crate) is_slow: bool,
}

/// Leave to make one call. Dropped, it is given back, and nothing is learned.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    limiter: &'a Limiter,
    /// `None` once it is given back.
    call: Option<Began>,
}

impl<'a> Place<'a> {
    pub(super) fn new(limiter: &'a Limiter, call: Began) -> Self {
        Self {
            limiter,
            call: Some(call),
        }
    }

    /// The call takes long.
    pub(crate) fn slows_down(&mut self) {
        if let Some(call) = &mut self.call {
            call.is_slow = self.limiter.slows_down();
        }
    }

    /// How long the call has taken.
    pub(crate) fn elapsed(&self) -> Duration {
        self.call
            .as_ref()
            .map_or(Duration::ZERO, |call| call.since.elapsed())
    }

    /// The call is over.
    pub(crate) fn end(mut self, end: End, told: Option<Told>) {
        if let Some(call) = self.call.take() {
            self.limiter.end(&call, end, told);
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Some(call) = self.call.take() {
            self.limiter.abandon(&call);
        }
    }
}
