//! The way of one run to the instance: what was sent arrives whether anybody waits for it or not.

use crate::instance::Instance;
use crate::wire::incoming;
use bytes::Bytes;
use fastrand::Rng;
use gangplank_cyclr::{ErrorKind, Exchange, Failure, Incoming, Outgoing, Transport};
use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// How bad it is on the way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    /// Of a hundred calls, so many meet trouble.
    pub(super) trouble: u32,
    /// Of a hundred writes, so many arrive late.
    pub(super) late_writes: u32,
    /// No call takes longer to arrive.
    pub(super) longest: Duration,
}

/// What is under way; it goes on when whoever sent it is dead.
pub(super) type UnderWay = Arc<Mutex<JoinSet<()>>>;

/// One run's way to the instance.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) instance: Instance,
    pub(super) weather: Weather,
    pub(super) random: Mutex<Rng>,
    pub(super) under_way: UnderWay,
}

/// What becomes of one call.
#[derive(Clone, Copy, Debug)]
struct Course {
    there: Duration,
    back: Duration,
    trouble: Option<Trouble>,
}

#[derive(Clone, Copy, Debug)]
enum Trouble {
    /// No connection is made.
    NoConnection,
    /// It never arrives, and nobody is told.
    Lost,
    /// It arrives; its answer does not.
    AnswerLost,
    /// It arrives; the connection is closed instead of an answer.
    Closed,
    /// It arrives; something before the instance answers so.
    Status(u16),
    /// It does not arrive; something before the instance answers so.
    Refused(u16),
}

impl Course {
    fn draw(weather: Weather, is_write: bool, random: &mut Rng) -> Self {
        let quick = |random: &mut Rng| Duration::from_millis(random.u64(1..80));
        let mut course = Self {
            there: quick(random),
            back: quick(random),
            trouble: None,
        };
        let longest = u64::try_from(weather.longest.as_millis()).unwrap_or(u64::MAX);
        if is_write && random.u32(0..100) < weather.late_writes {
            course.there = Duration::from_millis(random.u64(0..=longest));
            return course;
        }
        if random.u32(0..100) >= weather.trouble {
            return course;
        }
        // As often a little late as very late.
        let late = |random: &mut Rng| {
            let most = longest >> random.u32(0..12);
            Duration::from_millis(random.u64(0..=most))
        };
        let codes = [429, 500, 502, 503, 504];
        let code = codes[random.usize(0..codes.len())];
        match random.u32(0..10) {
            0 => course.trouble = Some(Trouble::NoConnection),
            1 => course.trouble = Some(Trouble::Lost),
            2 => course.trouble = Some(Trouble::AnswerLost),
            3 => course.trouble = Some(Trouble::Closed),
            4 => course.trouble = Some(Trouble::Status(code)),
            5 => course.trouble = Some(Trouble::Refused(code)),
            6 => course.back = late(random),
            7 => {
                course.there = late(random);
                course.back = late(random);
            }
            _ => course.there = late(random),
        }
        course
    }
}

impl Transport for Line {
    fn exchange(&self, outgoing: Outgoing) -> Exchange<'_> {
        Box::pin(self.carry(outgoing))
    }
}

impl Line {
    async fn carry(&self, outgoing: Outgoing) -> Result<Incoming, Failure> {
        let course = {
            let mut random = lock(&self.random);
            let is_token = outgoing.url.ends_with("/token");
            let is_write = !is_token && outgoing.method != http::Method::GET;
            let trouble = if is_token { 0 } else { self.weather.trouble };
            let weather = Weather {
                trouble,
                ..self.weather
            };
            Course::draw(weather, is_write, &mut random)
        };
        if let Some(Trouble::NoConnection) = course.trouble {
            sleep(course.there).await;
            return Err(ErrorKind::Connect("the instance: refused".into()).into());
        }
        let (tell, told) = oneshot::channel();
        let instance = self.instance.clone();
        lock(&self.under_way).spawn(async move {
            let end = deliver(&instance, outgoing, course).await;
            // Whoever asked may be gone.
            drop(tell.send(end));
        });
        match told.await {
            Ok(end) => end,
            Err(_) => pending().await,
        }
    }
}

async fn deliver(
    instance: &Instance,
    outgoing: Outgoing,
    course: Course,
) -> Result<Incoming, Failure> {
    sleep(course.there).await;
    match course.trouble {
        Some(Trouble::Lost) => return pending().await,
        Some(Trouble::Refused(status)) => return Ok(plain(status)),
        Some(
            Trouble::NoConnection | Trouble::AnswerLost | Trouble::Closed | Trouble::Status(_),
        )
        | None => {}
    }
    let answer = instance.handle(&incoming(outgoing), None);
    sleep(course.back).await;
    match course.trouble {
        Some(Trouble::AnswerLost) => pending().await,
        Some(Trouble::Closed) => {
            Err(ErrorKind::Transport("the connection was closed".into()).into())
        }
        Some(Trouble::Status(status)) => Ok(plain(status)),
        Some(Trouble::NoConnection | Trouble::Lost | Trouble::Refused(_)) | None => Ok(Incoming {
            status: answer.status.as_u16(),
            headers: answer.headers,
            body: answer.body,
        }),
    }
}

fn plain(status: u16) -> Incoming {
    Incoming {
        status,
        headers: http::HeaderMap::new(),
        body: Bytes::new(),
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
