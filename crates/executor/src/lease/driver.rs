//! Drives the machine with a client and tokio's clock, beside the work that the lease protects.

use super::end::{End, Waiting};
use super::leaving::LAST_CALL;
use super::machine::{Input, LeaseMachine, Step};
use crate::cancel::{Cancel, Canceller};
use gangplank_cyclr::{Client, Request, Urgency};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// How it stands with a lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is not had yet; somebody may be waited for.
    Taking(Option<Waiting>),
    /// It is held.
    Held,
    /// It is over.
    Ended(End),
}

/// A lease that is being taken or held, by a task of its own. Dropped without [`Lease::leave`], it is
/// left as a killed process leaves it.
#[derive(Debug)]
pub struct Lease {
    status: watch::Receiver<Status>,
    leave: Canceller,
    task: JoinSet<()>,
}

impl Lease {
    /// Begins to take it.
    pub fn begin(client: Client, machine: LeaseMachine) -> Self {
        let (tell, status) = watch::channel(Status::Taking(None));
        let (leave, leaving) = Canceller::new();
        let mut task = JoinSet::new();
        task.spawn(drive(client, machine, leaving, tell));
        Self {
            status,
            leave,
            task,
        }
    }

    /// How it stands, and every change of it.
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Tells whoever works under it when it is lost.
    pub fn watch(&self) -> Watch {
        Watch(self.status.clone())
    }

    /// Ends when the lease is held, or cannot be had.
    pub async fn taken(&self) -> Result<(), End> {
        let mut status = self.status.clone();
        let settled = |status: &Status| !matches!(status, Status::Taking(_));
        match status.wait_for(settled).await.as_deref() {
            Ok(Status::Ended(end)) => Err(end.clone()),
            Ok(Status::Held | Status::Taking(_)) => Ok(()),
            Err(_) => Err(broken()),
        }
    }

    /// Gives it back, held or not; takes a few seconds at most.
    pub async fn leave(mut self) -> End {
        self.leave.cancel();
        while self.task.join_next().await.is_some() {}
        match &*self.status.borrow() {
            Status::Ended(end) => end.clone(),
            Status::Held | Status::Taking(_) => broken(),
        }
    }
}

/// Tells when a lease is lost.
#[derive(Clone, Debug)]
pub struct Watch(watch::Receiver<Status>);

impl Watch {
    /// Ends when a lease that was held is lost, and says why; never, when it is not.
    pub async fn lost(&self) -> String {
        let mut status = self.0.clone();
        let lost = |status: &Status| matches!(status, Status::Ended(End::Lost(_)));
        if status.wait_for(lost).await.is_ok()
            && let Some(why) = self.why_lost()
        {
            return why;
        }
        // The task is gone. A lease that it left held is renewed by nobody.
        if *self.0.borrow() == Status::Held {
            return BROKEN.to_owned();
        }
        std::future::pending().await
    }

    /// Why it is lost, if it is.
    pub fn why_lost(&self) -> Option<String> {
        match &*self.0.borrow() {
            Status::Ended(End::Lost(why)) => Some(why.clone()),
            Status::Ended(_) | Status::Held | Status::Taking(_) => None,
        }
    }
}

/// What is told when the task is gone without a word, which only a panic in it can do.
const BROKEN: &str = "an error of Gangplank itself ended its renewal";

fn broken() -> End {
    End::Lost(BROKEN.to_owned())
}

async fn drive(
    client: Client,
    mut machine: LeaseMachine,
    leaving: Cancel,
    tell: watch::Sender<Status>,
) {
    let began = Instant::now();
    let mut input = Input::Begin;
    loop {
        let left_before = leaving.is_cancelled();
        if left_before {
            machine.leave();
        }
        input = match machine.next(began.elapsed(), input) {
            Step::Send { request, within } if left_before => {
                send(&client, &request, within, std::future::pending()).await
            }
            Step::Send { request, within } => {
                send(&client, &request, within, leaving.cancelled()).await
            }
            Step::Wait { delay, waiting } => {
                if waiting.is_some() {
                    tell.send_replace(Status::Taking(waiting));
                }
                tokio::select! {
                    biased;
                    () = leaving.cancelled() => {}
                    () = sleep(delay) => {}
                }
                Input::Elapsed
            }
            Step::Held => {
                tell.send_replace(Status::Held);
                Input::Begin
            }
            Step::Ended(end) => {
                tell.send_replace(Status::Ended(end));
                return;
            }
        };
    }
}

/// Sends one request. Once the lease is to be given back, one that is under way gets a last moment.
async fn send(
    client: &Client,
    request: &Request,
    within: Duration,
    leaving: impl Future<Output = ()>,
) -> Input {
    // A lease that waits for its turn among the calls that it is for would run out.
    let mut request = request.clone();
    request.urgency = Urgency::ReadBack;
    let last_moment = async {
        leaving.await;
        sleep(LAST_CALL).await;
    };
    tokio::select! {
        biased;
        answer = timeout(within, client.send(&request)) => {
            answer.map_or(Input::Abandoned, Input::Answered)
        }
        () = last_moment => Input::Abandoned,
    }
}
