//! The way to the instance: how long it takes, what is lost on it, and what went over it when.

use super::knee::Knee;
use crate::instance::Instance;
use fastrand::Rng;
use gangplank_cyclr::{ErrorKind, Exchange, Failure, Incoming, Outgoing, Transport};
use gangplank_sandbox::{Answer, FaultEffect, FaultRule, Request};
use std::future::pending;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How calls fare in an outage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// No connection is made.
    Refused,
    /// A gateway says that nobody is there.
    Unavailable,
    /// Nothing is said at all.
    Silent,
}

/// What the way is like.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) instance: Instance,
    /// How long one way takes, give or take a tenth.
    pub(super) latency: Duration,
    /// How much an answer's time is spread: the deviation of its logarithm.
    pub(super) spread: f64,
    /// An account whose calls take so long.
    pub(super) slow: Option<(String, Duration)>,
    /// How likely something goes wrong with a call.
    pub(super) faults: f64,
    /// From which call on nobody answers, and how that looks.
    pub(super) outage: Option<(u64, Silence)>,
    /// How many calls are worked on at once.
    pub(super) knee: Option<Arc<Knee>>,
    pub(super) random: Mutex<Rng>,
    pub(super) traffic: Arc<Traffic>,
}

/// What went over a way.
#[derive(Debug)]
pub(super) struct Traffic {
    began: Instant,
    calls: AtomicU64,
    under_way: AtomicUsize,
    seen: Mutex<Vec<Seen>>,
}

/// One call that came to its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// When it was answered, from the beginning.
    pub(super) at: Duration,
    /// The status; 0 where there was no answer.
    pub(super) status: u16,
    /// How many were under way when it began, itself included.
    pub(super) under_way: usize,
}

impl Way {
    pub(super) fn new(instance: Instance, seed: u64) -> Self {
        Self {
            instance,
            latency: Duration::from_millis(10),
            spread: 0.0,
            slow: None,
            faults: 0.0,
            outage: None,
            knee: None,
            random: Mutex::new(Rng::with_seed(seed)),
            traffic: Arc::new(Traffic {
                began: Instant::now(),
                calls: AtomicU64::new(0),
                under_way: AtomicUsize::new(0),
                seen: Mutex::default(),
            }),
        }
    }

    async fn carry(&self, outgoing: Outgoing) -> Result<Incoming, Failure> {
        let traffic = &self.traffic;
        let call = traffic.calls.fetch_add(1, Ordering::Relaxed);
        let under_way = Underway::new(&traffic.under_way);
        let end = self.call(call, outgoing).await;
        let status = end.as_ref().map_or(0, |answer| answer.status);
        traffic.seen().push(Seen {
            at: traffic.began.elapsed(),
            status,
            under_way: under_way.count,
        });
        end
    }

    async fn call(&self, call: u64, outgoing: Outgoing) -> Result<Incoming, Failure> {
        sleep(self.trip()).await;
        if let Some((from, silence)) = self.outage
            && call >= from
        {
            return match silence {
                Silence::Refused => Err(ErrorKind::Connect("the instance: refused".into()).into()),
                Silence::Unavailable => Ok(plain(503)),
                Silence::Silent => pending().await,
            };
        }
        if let Some((account, by)) = &self.slow
            && outgoing
                .headers
                .get("x-cyclr-account")
                .is_some_and(|it| it == account.as_str())
        {
            sleep(*by).await;
        }
        let work = match &self.knee {
            Some(knee) => knee.enter().await,
            None => None,
        };
        if self.knee.is_some() && work.is_none() {
            sleep(self.trip()).await;
            return Ok(plain(503));
        }
        if work.is_some() {
            let jitter = self.random().f64();
            sleep(Knee::SERVICE.mul_f64(0.8 + 0.4 * jitter)).await;
        }
        let fault = self.fault();
        let answer = self.instance.handle(&request(outgoing), fault);
        drop(work);
        sleep(self.trip() + self.tail() + answer.delay).await;
        let mut received = received(answer).await?;
        received
            .headers
            .insert(http::header::DATE, self.instance.date());
        Ok(received)
    }

    fn trip(&self) -> Duration {
        let chance = self.random().f64();
        self.latency.mul_f64(0.9 + 0.2 * chance)
    }

    /// What an answer takes beside the ways: nothing, or by a logarithmic normal distribution whose median is
    /// that of the two ways.
    fn tail(&self) -> Duration {
        if self.spread == 0.0 {
            return Duration::ZERO;
        }
        let normal: f64 = {
            let mut random = self.random();
            (0..12).map(|_| random.f64()).sum::<f64>() - 6.0
        };
        (self.latency * 2).mul_f64((self.spread * normal).exp())
    }

    /// What goes wrong with a call, each kind as likely as the others: three before it is done, three
    /// after.
    fn fault(&self) -> Option<FaultRule> {
        let mut random = self.random();
        if random.f64() >= self.faults {
            return None;
        }
        let status = |code| FaultEffect::StatusBefore {
            code,
            retry_after: None,
        };
        Some(FaultRule::new(match random.u32(0..6) {
            0 => status(503),
            1 => status(429),
            2 => FaultEffect::DropBefore,
            3 => FaultEffect::DropAfter,
            4 => FaultEffect::SilenceAfter,
            _ => FaultEffect::StatusAfter {
                code: 500,
                retry_after: None,
            },
        }))
    }

    fn random(&self) -> MutexGuard<'_, Rng> {
        self.random.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for Way {
    fn exchange(&self, outgoing: Outgoing) -> Exchange<'_> {
        Box::pin(self.carry(outgoing))
    }
}

impl Traffic {
    /// Calls so far.
    pub(super) fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    /// The calls that ended in a time.
    pub(super) fn between(&self, from: Duration, to: Duration) -> Vec<Seen> {
        let within = |seen: &&Seen| seen.at >= from && seen.at < to;
        self.seen().iter().filter(within).copied().collect()
    }

    fn seen(&self) -> MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One call more is under way until this is dropped.
struct Underway<'a> {
    all: &'a AtomicUsize,
    count: usize,
}

impl<'a> Underway<'a> {
    fn new(all: &'a AtomicUsize) -> Self {
        let count = all.fetch_add(1, Ordering::Relaxed) + 1;
        Self { all, count }
    }
}

impl Drop for Underway<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(1, Ordering::Relaxed);
    }
}

fn plain(status: u16) -> Incoming {
    Incoming {
        status,
        headers: http::HeaderMap::new(),
        body: "{}".into(),
    }
}

fn request(outgoing: Outgoing) -> Request {
    Request {
        method: outgoing.method,
        uri: outgoing.url.parse().unwrap_or_default(),
        headers: outgoing.headers,
        body: outgoing.body,
    }
}

/// What the client gets to see of an answer.
async fn received(answer: Answer) -> Result<Incoming, Failure> {
    match answer.cut.map(|cut| cut.close) {
        Some(gangplank_sandbox::Close::Silent) => pending().await,
        Some(_) => Err(ErrorKind::Transport("the connection was closed".into()).into()),
        None => Ok(Incoming {
            status: answer.status.as_u16(),
            headers: answer.headers,
            body: answer.body,
        }),
    }
}
