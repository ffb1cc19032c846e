//! Sockets that can be cut: what an answer breaks off is not written, to the byte.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::stop::Stop;
use crate::fault::Close;
use crate::request::Cut;

/// Cuts a connection: from then on no more is written to it than the cut allows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cutter(Arc<Shears>);

#[derive(Debug, Default)]
struct Shears {
    is_armed: AtomicBool,
    plan: Mutex<Option<Plan>>,
}

/// A cut on its way.
#[derive(Debug, Clone, Copy)]
struct Plan {
    cut: Cut,
    /// How much of the blank line that ends the head was seen.
    matched: usize,
}

impl Plan {
    /// How many of these bytes may be written.
    fn allows(mut self, bytes: &[u8]) -> usize {
        let mut count = 0;
        for byte in bytes {
            if !self.passes(*byte) {
                break;
            }
            count += 1;
        }
        count
    }

    /// Counts a byte; says whether it may be written.
    fn passes(&mut self, byte: u8) -> bool {
        const END: &[u8; 4] = b"\r\n\r\n";
        if self.cut.is_in_body && self.matched < END.len() {
            self.matched = match byte {
                byte if byte == END[self.matched] => self.matched + 1,
                b'\r' => 1,
                _ => 0,
            };
            return true;
        }
        let is_left = self.cut.bytes > 0;
        self.cut.bytes = self.cut.bytes.saturating_sub(1);
        is_left
    }

    /// Whether nothing more may be written.
    fn is_spent(self) -> bool {
        self.cut.bytes == 0 && (!self.cut.is_in_body || self.matched == 4)
    }
}

impl Cutter {
    /// Arms the cut; the first one counts.
    pub(super) fn cut(&self, cut: Cut) {
        let mut plan = self.0.plan.lock().unwrap_or_else(PoisonError::into_inner);
        plan.get_or_insert(Plan { cut, matched: 0 });
        self.0.is_armed.store(true, Ordering::SeqCst);
    }

    fn plan(&self) -> Option<Plan> {
        if !self.0.is_armed.load(Ordering::SeqCst) {
            return None;
        }
        *self.0.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wrote(&self, bytes: &[u8]) {
        let mut plan = self.0.plan.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = &mut *plan {
            for byte in bytes {
                plan.passes(*byte);
            }
        }
    }
}

impl Connected<IncomingStream<'_, CuttableListener>> for Cutter {
    fn connect_info(stream: IncomingStream<'_, CuttableListener>) -> Self {
        stream.remote_addr().clone()
    }
}

/// Listens, and gives every connection a [`Cutter`] as its address.
#[derive(Debug)]
pub(crate) struct CuttableListener {
    listener: TcpListener,
    stop: Stop,
}

impl CuttableListener {
    pub(super) fn new(listener: TcpListener, stop: Stop) -> Self {
        Self { listener, stop }
    }
}

impl Listener for CuttableListener {
    type Io = Cuttable;
    type Addr = Cutter;

    async fn accept(&mut self) -> (Cuttable, Cutter) {
        let (stream, _): (TcpStream, SocketAddr) = Listener::accept(&mut self.listener).await;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "small packets are delayed");
        }
        let cutter = Cutter::default();
        let cuttable = Cuttable {
            stream,
            cutter: cutter.clone(),
            stop: self.stop.clone(),
            silence: None,
        };
        (cuttable, cutter)
    }

    fn local_addr(&self) -> io::Result<Cutter> {
        Ok(Cutter::default())
    }
}

/// A connection that can be cut.
pub(crate) struct Cuttable {
    stream: TcpStream,
    cutter: Cutter,
    stop: Stop,
    /// Ends a silence when the server ends.
    silence: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Cuttable {
    /// Ends the connection as its cut asks for: an error makes the server drop it.
    fn end(&mut self, close: Close, context: &mut Context<'_>) -> Poll<io::Error> {
        let error = io::Error::from(io::ErrorKind::ConnectionReset);
        match close {
            Close::Finish => {}
            Close::Reset => {
                if let Err(error) = self.stream.set_zero_linger() {
                    tracing::debug!(%error, "a connection is closed, not reset");
                }
            }
            Close::Silent => {
                let stop = &self.stop;
                let silence = self
                    .silence
                    .get_or_insert_with(|| Box::pin(stop.clone().wait()));
                let is_over = silence.as_mut().poll(context).is_ready();
                let mut byte = [0; 1];
                let peeked = self.stream.poll_peek(context, &mut ReadBuf::new(&mut byte));
                // What the client sends meanwhile does not end the silence; that it goes does.
                let is_here = matches!(peeked, Poll::Pending | Poll::Ready(Ok(1..)));
                if is_here && !is_over {
                    return Poll::Pending;
                }
            }
        }
        Poll::Ready(error)
    }
}

impl AsyncRead for Cuttable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        // A whole response was written: the next request is not read.
        if let Some(plan) = self.cutter.plan()
            && plan.is_spent()
        {
            return self.end(plan.cut.close, context).map(Err);
        }
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Cuttable {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let Some(plan) = self.cutter.plan() else {
            return Pin::new(&mut self.stream).poll_write(context, buffer);
        };
        let allowed = plan.allows(buffer);
        if allowed == 0 && !buffer.is_empty() {
            return self.end(plan.cut.close, context).map(Err);
        }
        let polled = Pin::new(&mut self.stream).poll_write(context, &buffer[..allowed]);
        if let Poll::Ready(Ok(written)) = &polled {
            self.cutter.wrote(&buffer[..*written]);
            if self.cutter.plan().is_some_and(Plan::is_spent) {
                // Whoever waits to read learns that nothing will come.
                context.waker().wake_by_ref();
            }
        }
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.cutter.plan().is_none() {
            return Pin::new(&mut self.stream).poll_write_vectored(context, buffers);
        }
        let first = buffers.iter().find(|buffer| !buffer.is_empty());
        self.poll_write(context, first.map_or(&[], |buffer| buffer))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(plan) = self.cutter.plan()
            && plan.cut.close == Close::Reset
        {
            // A reset comes without a farewell, when the socket is dropped.
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
