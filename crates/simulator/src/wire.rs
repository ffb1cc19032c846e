//! The way to the instance without sockets: every call takes some time, and some meet trouble.

use crate::disk::Platter;
use crate::fate::{Fate, Point};
use crate::instance::Instance;
use crate::mischief::{Mischief, Trouble};
use fastrand::Rng;
use gangplank_cyclr::{ErrorKind, Exchange, Failure, Incoming, Outgoing, Transport};
use gangplank_executor::Canceller;
use gangplank_sandbox::{Answer, Close, FaultEffect, FaultRule, Request};
use std::future::pending;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::sleep;

/// How long a request that outlives its process takes to be done.
const AFTERLIFE: &str = "5s";

/// One process's way to the instance.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) instance: Instance,
    pub(crate) mischief: Mischief,
    pub(crate) fate: Arc<Fate>,
    pub(crate) platter: Platter,
    pub(crate) canceller: Canceller,
    pub(crate) random: Mutex<Rng>,
    /// Calls so far.
    pub(crate) calls: Arc<AtomicU64>,
}

impl Transport for Wire {
    fn exchange(&self, outgoing: Outgoing) -> Exchange<'_> {
        Box::pin(self.carry(outgoing))
    }
}

impl Wire {
    async fn carry(&self, outgoing: Outgoing) -> Result<Incoming, Failure> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if self.mischief.stopped_at == Some(call) {
            self.canceller.cancel();
        }
        let is_write = outgoing.method != http::Method::GET && !outgoing.url.ends_with("/token");
        let write = self.platter.write(&outgoing);
        if is_write && self.fate.strikes(write, Point::HalfSent) || self.fate.is_dead() {
            pending::<()>().await;
        }
        sleep(self.some_time()).await;
        let trouble = self.mischief.calls.get(&call);
        let outage = &self.mischief.outage;
        let is_out = outage.is_some_and(|(first, end)| (first..end).contains(&call));
        if is_out || trouble == Some(&Trouble::NoConnection) {
            return Err(ErrorKind::Connect("the instance: refused".into()).into());
        }
        let mut once = match trouble {
            Some(Trouble::Effect(effect)) => Some(FaultRule::new(effect.clone())),
            Some(Trouble::Slow(_) | Trouble::NoConnection) | None => None,
        };
        if is_write && self.fate.strikes(write, Point::SentNotDone) {
            once = Some(FaultRule::new(FaultEffect::LateCommit {
                by: AFTERLIFE.parse().expect("a span"),
                code: None,
            }));
        }
        if is_write {
            self.platter.arrives(&outgoing);
        }
        let answer = self.instance.handle(&incoming(outgoing), once);
        let cut = is_write
            && (self.fate.strikes(write, Point::DoneNotAnswered)
                || self.fate.strikes(write, Point::HalfAnswered));
        if cut || self.fate.is_dead() {
            pending::<()>().await;
        }
        if let Some(Trouble::Slow(by)) = trouble {
            sleep(*by).await;
        }
        sleep(self.some_time() + answer.delay).await;
        let mut incoming = outcome(answer).await?;
        // Dates are meant by the clock there.
        incoming
            .headers
            .insert(http::header::DATE, self.instance.date());
        Ok(incoming)
    }

    /// How long one way takes.
    fn some_time(&self) -> Duration {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        Duration::from_millis(random.u64(1..60))
    }
}

/// What the client sent, as the sandbox takes it.
pub(crate) fn incoming(outgoing: Outgoing) -> Request {
    Request {
        method: outgoing.method,
        uri: outgoing.url.parse().unwrap_or_default(),
        headers: outgoing.headers,
        body: outgoing.body,
    }
}

/// What the client gets to see of an answer.
async fn outcome(answer: Answer) -> Result<Incoming, Failure> {
    if let Some(cut) = answer.cut {
        match cut.close {
            Close::Silent => pending::<()>().await,
            Close::Finish | Close::Reset => {
                return Err(ErrorKind::Transport("the connection was closed".into()).into());
            }
        }
    }
    Ok(Incoming {
        status: answer.status.as_u16(),
        headers: answer.headers,
        body: answer.body,
    })
}
