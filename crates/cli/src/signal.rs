//! SIGINT, SIGTERM and SIGHUP: the first asks for a clean stop, the second ends at once.

use crate::exit::Exit;
use crate::printer::{self, Printer};
use std::io;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How long the program has to end by itself after a second signal.
const PATIENCE: Duration = Duration::from_millis(1500);

/// What was heard since somebody first listened.
#[derive(Clone, Copy, Debug, Default)]
struct Heard {
    count: u32,
    first: Option<Exit>,
    latest: Option<Exit>,
}

/// Heard by all who listen, so that no signal is lost between two of them.
static HEARD: OnceLock<watch::Receiver<Heard>> = OnceLock::new();

/// The signals from the moment on at which anybody began to listen.
#[derive(Debug)]
pub(crate) struct Signals {
    heard: watch::Receiver<Heard>,
    taken: u32,
}

impl Signals {
    /// Begins to listen; what others heard before counts.
    pub(crate) fn listen() -> io::Result<Self> {
        let heard = if let Some(heard) = HEARD.get() {
            heard.clone()
        } else {
            let streams = Streams::open()?;
            HEARD.get_or_init(|| watch_over(streams)).clone()
        };
        Ok(Self { heard, taken: 0 })
    }

    /// Begins to listen; what others heard before does not count.
    pub(crate) fn from_now_on() -> io::Result<Self> {
        let mut signals = Self::listen()?;
        signals.taken = signals.heard.borrow().count;
        Ok(signals)
    }

    /// Waits for the next one, and says how to end.
    pub(crate) async fn next(&mut self) -> Exit {
        let taken = self.taken;
        let Ok(heard) = self.heard.wait_for(|heard| heard.count > taken).await else {
            return std::future::pending().await;
        };
        let exit = if taken == 0 {
            heard.first
        } else {
            heard.latest
        };
        self.taken += 1;
        exit.unwrap_or(Exit::Terminated)
    }
}

/// Where signals arrive.
struct Streams {
    interrupt: Signal,
    terminate: Signal,
    /// Only where it is not ignored, as `nohup` makes it.
    hang_up: Option<Signal>,
}

impl Streams {
    fn open() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: if ignores_hang_up() {
                None
            } else {
                Some(signal(SignalKind::hangup())?)
            },
        })
    }

    async fn next(&mut self) -> Exit {
        let hang_up = async {
            match &mut self.hang_up {
                Some(stream) => stream.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
            _ = hang_up => Exit::HungUp,
        }
    }
}

/// Whether SIGHUP was ignored when the program began. Where the system does not tell, it is taken to be:
/// then the program dies of it, or goes on, as it was started.
fn ignores_hang_up() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_none_or(|mask| mask & 1 != 0)
}

/// Listens on a task of its own, so that it hears while the program computes.
fn watch_over(mut streams: Streams) -> watch::Receiver<Heard> {
    let (sender, receiver) = watch::channel(Heard::default());
    #[expect(
        clippy::disallowed_methods,
        reason = "it ends with the process, and has no result"
    )]
    tokio::spawn(async move {
        loop {
            let exit = streams.next().await;
            sender.send_modify(|heard| {
                heard.count += 1;
                heard.first.get_or_insert(exit);
                heard.latest = Some(exit);
            });
            if sender.borrow().count >= 2 {
                tokio::time::sleep(PATIENCE).await;
                end_at_once(exit);
            }
        }
    });
    receiver
}

/// Ends the process, whatever it is at: somebody has asked for it twice.
#[expect(
    clippy::exit,
    clippy::disallowed_methods,
    reason = "nothing else ends a program that computes, or waits for a disk"
)]
fn end_at_once(exit: Exit) -> ! {
    std::process::exit(exit.code().into())
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
