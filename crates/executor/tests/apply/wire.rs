//! The scene without sockets, on a clock that only goes where something waits.

use crate::scene::{SECRET, WORLD, key};
use gangplank_cyclr::{
    Client, Config, ErrorKind, Exchange, Failure, Incoming, Outgoing, Sensitive, Transport,
};
use gangplank_executor::{
    Cancel, Canceller, Context, Journal, Position, Report, Runtime, Settings, apply_from,
};
use gangplank_model::{Event, InstanceRef, Lane, Plan, Rollout, Secret, Summary};
use gangplank_sandbox::{Close, FaultRule, Request, Sandbox, SandboxOptions, World};
use gangplank_secrets::{MarkKey, Secrets};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// How long a request takes to get there, and its answer to come back.
const ONE_WAY: Duration = Duration::from_millis(10);

#[derive(Debug)]
struct Wire(Sandbox);

impl Transport for Wire {
    fn exchange(&self, outgoing: Outgoing) -> Exchange<'_> {
        Box::pin(async move {
            tokio::time::sleep(ONE_WAY).await;
            let answer = self.0.handle(&Request {
                method: outgoing.method,
                uri: outgoing.url.parse().unwrap(),
                headers: outgoing.headers,
                body: outgoing.body,
            });
            tokio::time::sleep(answer.delay + ONE_WAY).await;
            match answer.cut.map(|cut| cut.close) {
                Some(Close::Silent) => std::future::pending().await,
                Some(Close::Finish | Close::Reset) => {
                    Err(Failure::from(ErrorKind::Transport("closed".into())))
                }
                None => Ok(Incoming {
                    status: answer.status.as_u16(),
                    headers: answer.headers,
                    body: answer.body,
                }),
            }
        })
    }
}

/// One apply in memory, and what is heard of it.
pub(crate) struct Paused {
    pub(crate) sandbox: Sandbox,
    pub(crate) settings: Settings,
    pub(crate) rollout: Rollout,
    pub(crate) position: Position,
    /// Calls at once.
    pub(crate) calls: usize,
    pub(crate) canceller: Arc<Canceller>,
    cancel: Cancel,
    /// Every event with its time.
    pub(crate) heard: Arc<Mutex<Vec<(Duration, Event)>>>,
}

impl Paused {
    pub(crate) fn open() -> Self {
        let (canceller, cancel) = Canceller::new();
        Self {
            sandbox: Sandbox::open(SandboxOptions {
                world: World::from_yaml(WORLD).unwrap(),
                ..SandboxOptions::default()
            })
            .unwrap(),
            settings: Settings::default(),
            rollout: Rollout::default(),
            position: Position::default(),
            calls: 16,
            canceller: Arc::new(canceller),
            cancel,
            heard: Arc::default(),
        }
    }

    pub(crate) fn faults(&self, rules: &[FaultRule]) {
        self.sandbox.set_faults(rules.to_vec());
    }

    /// Asks for a stop at a time of the apply.
    pub(crate) fn stop_at(&self, time: Duration) -> impl Future<Output = ()> + use<> {
        let canceller = self.canceller.clone();
        async move {
            tokio::time::sleep(time).await;
            canceller.cancel();
        }
    }

    /// Applies; also says how long it took.
    pub(crate) async fn apply(&self, lanes: Vec<Lane>) -> (Report, Duration) {
        let plan = Plan {
            instance: InstanceRef {
                name: "sandbox".into(),
                api_url: "http://localhost".into(),
            },
            manifest_digest: "0".into(),
            lanes,
            summary: Summary::default(),
            notes: Vec::new(),
            rollout: self.rollout.clone(),
        };
        let secret = Sensitive::new("demo-secret".into());
        let mut config = Config::new("http://localhost", "demo".into(), secret);
        config.seed = 1;
        config.concurrency = self.calls;
        let began = Instant::now();
        let heard = self.heard.clone();
        let runtime = Runtime {
            client: Client::over(config, Box::new(Wire(self.sandbox.clone()))),
            context: Arc::new(Context {
                secrets: Secrets::from_iter([(key(), Secret::new(SECRET.into()))]),
                mark_key: MarkKey::derive(&Secret::new("demo-secret".into())),
                settings: self.settings,
                preconditions: gangplank_model::Preconditions::new(),
                earlier: gangplank_executor::Earlier::default(),
            }),
            journal: Journal::none(),
            events: Arc::new(move |event| heard.lock().unwrap().push((began.elapsed(), event))),
            cancel: self.cancel.clone(),
        };
        let report = apply_from(&plan, runtime, self.position.clone()).await;
        (report, began.elapsed())
    }

    /// Requests of a route that arrived.
    pub(crate) fn count(&self, route: &str) -> u64 {
        self.sandbox.ledger().count(route)
    }

    /// When the events came for which this says yes.
    pub(crate) fn when(&self, is_it: impl Fn(&Event) -> bool) -> Vec<Duration> {
        let heard = self.heard.lock().unwrap();
        let heard = heard.iter().filter(|(_, event)| is_it(event));
        heard.map(|(at, _)| *at).collect()
    }
}
