//! `State`: everything that is known of the instance's limits, and what follows for the next call.

use super::bucket::Bucket;
use super::budget::Budget;
use super::end::End;
use super::latency::Latency;
use super::learned::LearnedRate;
use super::outage::Outage;
use super::pause::Pause;
use super::place::Began;
use super::rate::Rate;
use super::told::{Told, ToldPace};
use super::window::Window;
use std::time::Duration;
use tokio::time::Instant;

/// Whether a call may begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    Now,
    /// Not before then.
    At(Instant),
    /// When another one has ended.
    Full,
}

/// What is known, and who is under way. It is told the time and waits for nothing.
#[derive(Debug)]
pub(crate) struct State {
    ceiling: usize,
    window: Window,
    latency: Latency,
    fixed: Option<Bucket>,
    told: ToldPace,
    learned: LearnedRate,
    pause: Pause,
    pub(crate) outage: Outage,
    budget: Budget,
    under_way: usize,
    /// Those of them that take so long that others have their place in the window.
    slow: usize,
    /// When somebody answered last, and when a call last began or ended.
    pub(crate) answered_at: Option<Instant>,
    pub(crate) moved_at: Option<Instant>,
}

impl State {
    pub(crate) fn new(concurrency: usize, rate: Option<Rate>, now: Instant) -> Self {
        Self {
            ceiling: concurrency.max(1),
            window: Window::new(concurrency, now),
            latency: Latency::default(),
            fixed: rate.map(|rate| Bucket::new(rate.calls_per_second(), now)),
            told: ToldPace::default(),
            learned: LearnedRate::new(),
            pause: Pause::default(),
            outage: Outage::default(),
            budget: Budget::new(),
            under_way: 0,
            slow: 0,
            answered_at: None,
            moved_at: None,
        }
    }

    /// Whether whoever is first in the line may begin.
    pub(crate) fn admit(&mut self, now: Instant) -> Admission {
        if let Some(at) = self.pause.over_at(now) {
            return Admission::At(at);
        }
        if self.under_way >= self.ceiling || self.under_way - self.slow >= self.width() {
            self.window.is_full(now);
            return Admission::Full;
        }
        let fixed = self.fixed.as_mut().and_then(|it| it.ready_at(now));
        let told = self.told.bucket(now).and_then(|it| it.ready_at(now));
        let learned = self.learned.ready_at(now);
        match [fixed, told, learned].into_iter().flatten().max() {
            Some(at) => Admission::At(at),
            None => Admission::Now,
        }
    }

    /// How many calls may be under way.
    pub(crate) fn width(&self) -> usize {
        if self.outage.is_suspected() {
            1
        } else {
            self.window.width()
        }
    }

    /// Whether so many at work leave room for one more: where the number of calls can still grow, one that waits
    /// tells that more would be made of more.
    pub(crate) fn takes_one_beside(&self, others: usize) -> bool {
        let width = self.width();
        others < width || (others == width && width < self.ceiling)
    }

    /// Whether calls are held back by more than their number.
    pub(crate) fn is_held_back(&self, now: Instant) -> bool {
        self.pause.over_at(now).is_some() || self.outage.is_suspected()
    }

    /// The pace that refusals taught.
    pub(crate) fn learned_rate(&self) -> Option<f64> {
        self.learned.per_second()
    }

    /// Pays for a call that an undisturbed run would not make, if there is enough.
    pub(crate) fn pay(&mut self, now: Instant) -> bool {
        let answered = self.outage.silence(now).is_none();
        self.budget.pay(answered)
    }

    /// Whether any call is under way.
    pub(crate) fn is_busy(&self) -> bool {
        self.under_way > 0
    }

    pub(crate) fn begin(&mut self, is_first: bool, now: Instant) {
        self.moved_at = Some(now);
        self.under_way += 1;
        if let Some(bucket) = &mut self.fixed {
            bucket.take(now);
        }
        if let Some(bucket) = self.told.bucket(now) {
            bucket.take(now);
        }
        self.learned.take(now);
        if is_first {
            self.budget.tried();
        }
    }

    /// A call takes long: another may have its place in the window, if there are not too many of these.
    pub(crate) fn slows_down(&mut self) -> bool {
        let may = self.slow < (self.window.width() / 8).max(1);
        self.slow += usize::from(may);
        may
    }

    /// A call is no longer under way, and nobody knows how it ended.
    pub(crate) fn abandon(&mut self, call: &Began) {
        self.under_way -= 1;
        self.slow -= usize::from(call.is_slow);
    }

    /// A call ended, and this is what its headers told.
    pub(crate) fn end(&mut self, call: &Began, end: End, told: Option<Told>, now: Instant) {
        let under_way = self.under_way;
        self.abandon(call);
        self.moved_at = Some(now);
        let began = call.since;
        match end {
            End::Answered => self.answered(call, now),
            End::Throttled { asked } => {
                let is_first = self.learned.per_second().is_none();
                let asked = asked.unwrap_or_default();
                if self.learned.refused(began, now, asked) && is_first {
                    self.window.lost(began, now, under_way);
                }
                self.outage.refused(now);
            }
            End::Lost { asked } => {
                // Where one at a time is still too much, it is their number in a time.
                let is_rate = self.window.width() == 1 || self.learned.per_second().is_some();
                if is_rate && !self.outage.is_suspected() {
                    self.learned.refused(began, now, asked.unwrap_or_default());
                }
                self.window.lost(began, now, under_way);
                self.failed(began, now);
            }
            End::Failed => self.failed(began, now),
        }
        if let Some(told) = told
            && let Some(pause) = self.told.hear(told, self.under_way, now)
        {
            self.pause.extend(pause, now);
        }
        if let Some(asked) = end.asked() {
            self.hold_back(asked, now);
        }
    }

    fn answered(&mut self, call: &Began, now: Instant) {
        let took = now.saturating_duration_since(call.since);
        let round = self
            .latency
            .answered((call.route, took), self.window.width(), now);
        self.window.answered(call.since, now, &self.latency);
        if let Some(slowdown) = round {
            self.window.slow(slowdown, now);
        }
        self.learned.passed(call.since, now);
        if self.outage.answered() {
            self.window.restart(now);
        }
        if call.is_first {
            self.budget.answered();
        }
        self.answered_at = Some(now);
    }

    fn failed(&mut self, began: Instant, now: Instant) {
        if let Some(pause) = self.outage.failed(began, now) {
            self.pause.extend(pause, now);
        }
    }

    /// The instance asked for a pause: it is one for all calls, and they do not all begin at its end.
    fn hold_back(&mut self, asked: Duration, now: Instant) {
        if self.pause.extend(asked, now) {
            self.window.restart(now);
            let seconds = asked.as_secs();
            tracing::info!(seconds, "the instance asked for a pause");
        }
    }
}
