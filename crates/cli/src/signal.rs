//! SIGINT and SIGTERM: the first asks for a clean stop, the second ends at once.

use crate::exit::Exit;
use crate::printer::{self, Printer};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Both signals, from the moment of its making.
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Begins to listen.
    pub(crate) fn listen() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for either, and says how to end.
    pub(crate) async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
    }
}

/// Does what may be broken off anywhere: the first signal ends it, and drops what it has started.
pub(crate) async fn unless_stopped<T>(
    printer: Printer,
    work: impl Future<Output = Result<T, Exit>>,
) -> Result<T, Exit> {
    let mut signals = Signals::listen().map_err(|error| {
        printer.error(&format!("signals cannot be listened to: {error}"));
        Exit::Failed
    })?;
    tokio::select! {
        ended = work => ended,
        exit = signals.next() => {
            printer::message("\nStopped; no call that writes was under way.\n");
            Err(exit)
        }
    }
}
