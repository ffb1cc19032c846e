//! What goes wrong with one call, drawn from the seed.

use crate::fate::Point;
use fastrand::Rng;
use gangplank_sandbox::{Close, FaultEffect, FaultRule, Span};
use std::collections::BTreeMap;
use std::time::Duration;

/// Everything that goes wrong in one life of the process.
#[derive(Clone, Debug, Default)]
pub struct Mischief {
    /// By the number of the call, from 0, the token's included.
    pub calls: BTreeMap<u64, Trouble>,
    /// At which write the process dies, and at which point of it.
    pub dies_at: Option<(u64, Point)>,
    /// Journal records until the disk is full.
    pub room: Option<u64>,
    /// The call at which somebody asks for a stop.
    pub stopped_at: Option<u64>,
    /// Rules of the sandbox that hold all the time.
    pub rules: Vec<FaultRule>,
    /// Calls from the first to before the second find no instance at all.
    pub outage: Option<(u64, u64)>,
}

/// What goes wrong with one call.
#[derive(Clone, Debug, PartialEq)]
pub enum Trouble {
    /// No connection is made.
    NoConnection,
    /// The sandbox does this.
    Effect(FaultEffect),
    /// It is done and answered, and the answer takes so much longer.
    Slow(Duration),
}

impl Mischief {
    /// How many troubles there are.
    pub(crate) fn size(&self) -> u64 {
        let outage = self.outage.map_or(0, |(first, end)| end - first);
        let others = [
            self.dies_at.is_some(),
            self.room.is_some(),
            !self.rules.is_empty(),
        ];
        let others = others.iter().filter(|it| **it).count() as u64;
        self.calls.len() as u64 + outage + others
    }

    /// Beside a second apply nothing is done late. An install whose answer was lost and that is done when the
    /// other has installed the same already leaves a copy behind, paused and never run, which the plan shows as
    /// `!`: nothing in the instance tells whose it is.
    pub(crate) fn in_company(&mut self) {
        for trouble in self.calls.values_mut() {
            if let Trouble::Effect(FaultEffect::LateCommit { .. }) = trouble {
                *trouble = Trouble::Effect(FaultEffect::DropAfter);
            }
            trouble.come_before();
        }
    }

    /// Of two at once one at most loses its life or its answers. What two leave behind that both lost theirs
    /// is ambiguous, and left to a person.
    pub(crate) fn lucky(&mut self) {
        self.dies_at = None;
        self.room = None;
        self.stopped_at = None;
        self.outage = None;
        self.rules.clear();
        // Several in a row are as good as an end: nothing is tried more than four times.
        let calls: Vec<u64> = self.calls.keys().copied().collect();
        self.calls
            .retain(|call, _| *call == 0 || !calls.contains(&(call - 1)));
        for trouble in self.calls.values_mut() {
            if let Trouble::Effect(effect) = trouble
                && !matches!(
                    effect,
                    FaultEffect::StatusBefore { .. } | FaultEffect::DropBefore
                )
            {
                *trouble = Trouble::NoConnection;
            }
        }
    }

    /// Draws up to `most` troubles over about so many calls and writes.
    pub(crate) fn draw(random: &mut Rng, calls: u64, writes: u64) -> Self {
        let mut mischief = Self::default();
        let calls = calls.max(1);
        for _ in 0..random.u32(1..=6) {
            match random.u32(0..100) {
                0..70 => {
                    let first = random.u64(0..=calls + calls / 4);
                    let trouble = Trouble::draw(random);
                    let row = if random.u32(0..4) == 0 {
                        random.u64(1..6)
                    } else {
                        1
                    };
                    for call in first..first + row {
                        mischief.calls.insert(call, trouble.clone());
                    }
                }
                70..88 if writes > 0 => {
                    let point = Point::ALL[random.usize(0..Point::ALL.len())];
                    mischief.dies_at = Some((random.u64(0..writes), point));
                }
                88..91 => mischief.room = Some(random.u64(1..2 * writes + 2)),
                91..94 => mischief.stopped_at = Some(random.u64(0..calls)),
                94..97 => {
                    let first = random.u64(0..calls);
                    mischief.outage = Some((first, first + random.u64(1..40)));
                }
                _ => {
                    let by = span(random.u64(1..20_000));
                    mischief.rules = vec![FaultRule::new(FaultEffect::StaleReads { by })];
                }
            }
        }
        if !mischief.rules.is_empty() {
            mischief.calls.values_mut().for_each(Trouble::come_before);
        }
        mischief
    }
}

impl Trouble {
    /// A refusal that comes after the deed and a list that lags behind it, both at once, hide a deed from
    /// everybody: no rule tells it from a refusal that is true; and somebody else may take what was made for
    /// theirs meanwhile. The one or the other is survived.
    fn come_before(&mut self) {
        if let Self::Effect(FaultEffect::StatusAfter {
            code: code @ (401 | 429),
            retry_after,
        }) = self
        {
            *self = Self::Effect(FaultEffect::StatusBefore {
                code: *code,
                retry_after: retry_after.take(),
            });
        }
    }

    fn draw(random: &mut Rng) -> Self {
        let effect = match random.u32(0..20) {
            0 => return Self::NoConnection,
            1 => FaultEffect::HtmlPage { code: None },
            2 => FaultEffect::Empty,
            3 => return Self::Slow(Duration::from_millis(random.u64(1..60_000))),
            4 => FaultEffect::DropBefore,
            5 | 6 => FaultEffect::DropAfter,
            7 => FaultEffect::ResetAfter,
            8 => FaultEffect::SilenceBefore,
            9 | 10 => FaultEffect::SilenceAfter,
            11 => FaultEffect::CutBody {
                bytes: None,
                close: Close::Reset,
            },
            12 => FaultEffect::StatusBefore {
                code: refusal(random),
                retry_after: retry_after(random),
            },
            13 => FaultEffect::StatusAfter {
                code: refusal(random),
                retry_after: retry_after(random),
            },
            14 | 15 => FaultEffect::StatusBefore {
                code: failure(random),
                retry_after: None,
            },
            16 | 17 => FaultEffect::StatusAfter {
                code: failure(random),
                retry_after: None,
            },
            _ => FaultEffect::LateCommit {
                by: span(
                    *random
                        .choice(&[1, 400, 5_000, 30_000, 90_000, 119_000])
                        .unwrap_or(&1),
                ),
                code: random.bool().then(|| failure(random)),
            },
        };
        Self::Effect(effect)
    }
}

fn refusal(random: &mut Rng) -> u16 {
    if random.bool() { 429 } else { 401 }
}

fn failure(random: &mut Rng) -> u16 {
    *random.choice(&[500, 502, 503, 504]).unwrap_or(&500)
}

fn retry_after(random: &mut Rng) -> Option<String> {
    let forms = [
        "0",
        "1",
        "7",
        "-3",
        "1000000000",
        "soon",
        "date+30s",
        "date-30s",
    ];
    let form = random.usize(0..=forms.len());
    forms.get(form).map(|text| (*text).to_owned())
}

fn span(milliseconds: u64) -> Span {
    format!("{milliseconds}ms")
        .parse()
        .expect("a number of milliseconds is a span")
}
