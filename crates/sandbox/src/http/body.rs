//! Bodies that are too long or too slow to be handed over at once.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::stop::Stop;
use crate::request::{Answer, Filler};

/// How often a slow body moves on in a second, if it has a byte for each time.
const STEPS: u64 = 20;

/// The body of an answer as the wire wants it.
pub(super) fn wire_body(answer: Answer, stop: Stop) -> Body {
    if answer.filler.is_none() && answer.pace.is_none() {
        return Body::from(answer.body);
    }
    let left = answer.length();
    let first = answer.filler.as_ref().map(|filler| filler.first.clone());
    Body::new(LongBody {
        current: first.unwrap_or_default(),
        filler: answer.filler,
        body: answer.body,
        left,
        pace: answer.pace,
        pause: None,
        stop: Box::pin(stop.wait()),
    })
}

/// A body that is made while it is sent.
struct LongBody {
    /// What is being sent.
    current: Bytes,
    filler: Option<Filler>,
    body: Bytes,
    /// Bytes that are still to come; none when it does not end.
    left: Option<u64>,
    /// Bytes a second.
    pace: Option<u64>,
    pause: Option<Pin<Box<Sleep>>>,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl LongBody {
    /// Makes `current` hold something; says whether there was anything.
    fn refill(&mut self) -> bool {
        while self.current.is_empty() {
            if let Some(filler) = &mut self.filler {
                match &mut filler.times {
                    Some(0) => self.filler = None,
                    Some(times) => {
                        *times -= 1;
                        self.current = filler.piece.clone();
                    }
                    None => self.current = filler.piece.clone(),
                }
            } else if self.body.is_empty() {
                return false;
            } else {
                self.current = std::mem::take(&mut self.body);
            }
        }
        true
    }
}

impl http_body::Body for LongBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.stop.as_mut().poll(context).is_ready() {
            let error = io::Error::from(io::ErrorKind::ConnectionAborted);
            return Poll::Ready(Some(Err(error)));
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        if !self.refill() {
            return Poll::Ready(None);
        }
        let piece = match self.pace {
            None => std::mem::take(&mut self.current),
            Some(pace) => {
                let step = pace.div_ceil(STEPS).max(1);
                let length = usize::try_from(step).unwrap_or(usize::MAX);
                let length = length.min(self.current.len());
                let seconds = f64::from(u32::try_from(length).unwrap_or(u32::MAX));
                let rate = f64::from(u32::try_from(pace).unwrap_or(u32::MAX)).max(1.0);
                let pause = Duration::from_secs_f64(seconds / rate);
                self.pause = Some(Box::pin(sleep(pause)));
                self.current.split_to(length)
            }
        };
        let sent = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.left = self.left.map(|left| left.saturating_sub(sent));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
