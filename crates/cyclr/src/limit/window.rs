//! `Window`: how many calls may be under way at once, learned from losses and latencies.

use super::curve::Curve;
use super::latency::Latency;
use std::time::Duration;
use tokio::time::Instant;

/// So many calls at once to begin with.
pub(crate) const START: f64 = 10.0;
/// What a loss leaves of the window.
const CUT: f64 = 0.8;
/// What a round leaves of it in which most calls were lost.
const DEEP_CUT: f64 = 0.5;
/// Calls at once to begin with after a pause.
const RESTART: f64 = 4.0;
/// How steep the way back is: calls at once a second, to the third.
const STEEPNESS: f64 = 20.0;
/// Seconds until the way back is flat, at least.
const FLAT_AT: f64 = 1.0;
/// Where so many of all calls are lost, the window may become as small as it goes. Where fewer are,
/// losses are taken for chance, and it stays where it began: else one fault in twenty would leave one
/// call at once.
const LOSSY: f64 = 0.08;
/// It grows by no more than this share of itself in a round trip: so late it is known what comes of it.
const GROWTH: f64 = 0.1;
/// It does not grow while answers take so many times longer than usual.
const CROWDED: f64 = 1.2;
/// It shrinks for good, but not below the start, when they take so many times longer.
const JAMMED: f64 = 1.7;

/// Slow start, then cuts by a factor and a way back by a curve; once a round trip, not once a loss.
#[derive(Debug)]
pub(crate) struct Window {
    limit: f64,
    ceiling: f64,
    growth: Growth,
    /// Calls that began before do not count once more.
    cut_at: Option<Instant>,
    /// Calls that ended, and that were lost, of the round of the last cut.
    round: (u32, u32),
    is_deep: bool,
    /// The share of calls that were lost lately.
    lost: f64,
    /// When a call had to wait for a place last.
    full_at: Option<Instant>,
    updated: Instant,
}

#[derive(Clone, Copy, Debug)]
enum Growth {
    /// Doubles each round trip, up to a bound.
    Doubling(f64),
    /// So many seconds after a cut.
    Curve(Curve, f64),
}

impl Window {
    pub(crate) fn new(ceiling: usize, now: Instant) -> Self {
        let ceiling = f64::from(u32::try_from(ceiling.max(1)).unwrap_or(u32::MAX));
        Self {
            limit: START.min(ceiling),
            ceiling,
            growth: Growth::Doubling(ceiling),
            cut_at: None,
            round: (0, 0),
            is_deep: false,
            lost: 0.0,
            full_at: None,
            updated: now,
        }
    }

    /// How many calls may be under way; at least 1.
    pub(crate) fn width(&self) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 1 to the ceiling"
        )]
        let width = self.limit.max(1.0) as usize;
        width
    }

    /// A call has to wait for a place: only then is there a reason to grow.
    pub(crate) fn is_full(&mut self, now: Instant) {
        self.full_at = Some(now);
    }

    /// A call was answered that began then.
    pub(crate) fn answered(&mut self, began: Instant, now: Instant, latency: &Latency) {
        self.count(began, false);
        let passed = now.saturating_duration_since(self.updated);
        let passed = passed.min(now.saturating_duration_since(began));
        self.updated = now;
        if self.full_at.is_none_or(|full| full < began) {
            return;
        }
        match &mut self.growth {
            Growth::Doubling(_) if latency.impression() > CROWDED => self.level_off(),
            Growth::Doubling(bound) if self.limit + 1.0 < *bound => self.limit += 1.0,
            Growth::Doubling(_) => self.level_off(),
            Growth::Curve(..) if latency.slowdown() > CROWDED => {}
            Growth::Curve(curve, seconds) => {
                *seconds += passed.as_secs_f64();
                let more = (curve.at(*seconds) - self.limit) / self.limit;
                self.limit = (self.limit + more.clamp(0.0, GROWTH)).min(self.ceiling);
            }
        }
    }

    /// A call was lost that began then, when so many were under way.
    pub(crate) fn lost(&mut self, began: Instant, now: Instant, under_way: usize) {
        self.count(began, true);
        let is_new = self.cut_at.is_none_or(|cut| began >= cut);
        let (ended, lost) = self.round;
        if is_new {
            let under_way = f64::from(u32::try_from(under_way).unwrap_or(u32::MAX));
            let base = self.limit.min(under_way + 1.0);
            self.cut(base, base * CUT, now);
            self.round = (1, 1);
            self.is_deep = false;
        } else if !self.is_deep && ended >= 8 && lost * 2 > ended {
            self.is_deep = true;
            self.cut(self.limit, self.limit * (DEEP_CUT / CUT), now);
        }
    }

    /// Answers took so many times longer than usual for a whole round of them.
    pub(crate) fn slow(&mut self, slowdown: f64, now: Instant) {
        let floor = START.min(self.ceiling);
        if slowdown <= CROWDED || self.limit <= floor {
            return;
        }
        if slowdown <= JAMMED {
            return self.level_off();
        }
        // What takes twice as long as usual waits for half of that time, behind half of the others.
        let left = (1.1 / slowdown).clamp(DEEP_CUT, CUT);
        self.cut(self.limit, (self.limit * left).max(floor), now);
    }

    /// After a pause it begins small, and is soon what it was.
    pub(crate) fn restart(&mut self, now: Instant) {
        let bound = match self.growth {
            Growth::Doubling(bound) if bound > self.limit => bound.min(self.ceiling),
            Growth::Doubling(_) | Growth::Curve(..) => (self.limit * CUT).max(2.0),
        };
        self.growth = Growth::Doubling(bound);
        self.limit = self.limit.min(RESTART);
        self.updated = now;
    }

    fn count(&mut self, began: Instant, is_lost: bool) {
        self.lost += (f64::from(u8::from(is_lost)) - self.lost) / 32.0;
        if self.cut_at.is_some_and(|cut| began < cut) {
            self.round.0 += 1;
            self.round.1 += u32::from(is_lost);
        }
    }

    fn cut(&mut self, top: f64, low: f64, now: Instant) {
        let floor = if self.lost > LOSSY {
            1.0
        } else {
            START.min(self.ceiling)
        };
        self.limit = low.max(floor).min(self.limit);
        // Where there is less room than at the last cut, there may be still less.
        let top = match self.growth {
            Growth::Curve(curve, seconds) if seconds < curve.flat_at() => f64::midpoint(top, low),
            Growth::Curve(..) | Growth::Doubling(_) => top,
        };
        self.growth = Growth::Curve(way_back(self.limit, top), 0.0);
        self.cut_at = Some(now);
        self.updated = now;
    }

    /// The end of doubling: it is where it should be, as far as is known.
    fn level_off(&mut self) {
        let curve = way_back(self.limit * CUT, self.limit);
        self.growth = Growth::Curve(curve, curve.flat_at());
    }
}

fn way_back(low: f64, top: f64) -> Curve {
    let height = (top - low).max(0.1);
    Curve::new(low, top, (height / STEEPNESS).cbrt().max(FLAT_AT))
}

/// How long a call may be under way before it gives its place in the window to another.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    const TRIP: Duration = Duration::from_millis(100);

    /// One round trip of a full window, of which so many calls are lost.
    fn trip(window: &mut Window, now: &mut Instant, lost: usize) {
        let began = *now;
        *now += TRIP;
        window.is_full(*now);
        let width = window.width();
        for call in 0..width {
            if call < lost {
                window.lost(began, *now, width - call);
            } else {
                window.answered(began, *now, &Latency::default());
            }
        }
    }

    #[test]
    fn it_doubles_until_the_first_loss_and_is_cut_once_a_round_trip() {
        let start = Instant::now();
        let (mut window, mut now) = (Window::new(256, start), start);
        for width in [20, 40, 80] {
            trip(&mut window, &mut now, 0);
            assert_eq!(window.width(), width);
        }
        trip(&mut window, &mut now, 5);
        assert!((60..=66).contains(&window.width()), "{}", window.width());
    }

    #[test]
    fn most_calls_lost_are_a_deeper_cut_down_to_one() {
        let start = Instant::now();
        let (mut window, mut now) = (Window::new(256, start), start);
        for _ in 0..4 {
            trip(&mut window, &mut now, 0);
        }
        let mut widths = vec![window.width()];
        for _ in 0..12 {
            trip(&mut window, &mut now, usize::MAX);
            widths.push(window.width());
        }
        assert!(widths[1] <= widths[0] / 2 + 1, "{widths:?}");
        assert_eq!(widths.last(), Some(&1), "{widths:?}");
    }

    #[test]
    fn a_fault_in_twenty_leaves_what_it_began_with() {
        let start = Instant::now();
        let (mut window, mut now) = (Window::new(256, start), start);
        for number in 0..200 {
            trip(&mut window, &mut now, usize::from(number % 2 == 0));
            assert!(window.width() >= 10, "{}", window.width());
        }
    }

    #[test]
    fn it_does_not_grow_without_need_nor_while_answers_slow_down() {
        let start = Instant::now();
        let mut window = Window::new(256, start);
        let mut latency = Latency::default();
        for _ in 0..50 {
            window.answered(start, start + TRIP, &latency);
        }
        assert_eq!(window.width(), 10, "nobody waited");
        window.is_full(start + TRIP);
        for milliseconds in [100, 160, 160] {
            for _ in 0..64 {
                let took = Duration::from_millis(milliseconds);
                latency.answered(("x", took), 10, start);
            }
        }
        for _ in 0..50 {
            window.answered(start, start + TRIP, &latency);
        }
        assert_eq!(window.width(), 10, "answers took longer");
        window.slow(3.0, start + TRIP);
        assert_eq!(window.width(), 10, "not below the start");
    }
}
