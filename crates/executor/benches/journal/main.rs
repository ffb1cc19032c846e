//! What the journal costs (P13): writes a second with and without it, against a sandbox that answers at
//! once. `cargo bench -p gangplank-executor` prints the figures beside the one to hold; the journal is written
//! below the current directory, so that it is a real disk that is measured.

#![expect(clippy::print_stdout, reason = "the figures are the result")]

use gangplank_cyclr::{Client, Config, Sensitive};
use gangplank_executor::{
    Cancel, Context, Earlier, Journal, JournalFile, JournalHeader, Runtime, Settings, apply,
};
use gangplank_model::{
    AccountId, AccountWrite, Address, InstanceRef, Lane, Operation, OperationKind, Plan,
    Preconditions, Rollout, Secret, Summary,
};
use gangplank_sandbox::{Sandbox, SandboxOptions};
use gangplank_secrets::{MarkKey, Secrets};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Accounts, each a lane.
const LANES: usize = 1_500;
/// Writes in a lane.
const WRITES: usize = 4;
/// Pairs of runs, of which the middle one counts.
const PAIRS: usize = 9;
/// What the journal may cost (performance.md, P13).
const GOAL: f64 = 0.90;

fn main() {
    for concurrency in [1, 16, 64] {
        let mut pairs: Vec<(f64, f64)> = (0..PAIRS)
            .map(|_| (run(concurrency, false), run(concurrency, true)))
            .collect();
        pairs.sort_by(|one, other| (one.1 / one.0).total_cmp(&(other.1 / other.0)));
        let (off, on) = pairs[PAIRS / 2];
        println!(
            "{concurrency:>3} lanes at once: {off:>6.0} writes/s without, {on:>6.0} with the journal: {:.2} (goal {GOAL})",
            on / off
        );
    }
}

/// Applies to a new sandbox; gives writes a second.
fn run(concurrency: usize, with_journal: bool) -> f64 {
    let (tell, told) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime can be made");
            runtime.block_on(async move {
                let sandbox = Sandbox::open(SandboxOptions::default()).expect("the sandbox opens");
                let listening = sandbox
                    .listen(([127, 0, 0, 1], 0).into())
                    .await
                    .expect("a port of the loopback is free");
                tell.send(listening.url()).expect("somebody listens");
                drop(stopped.await);
                listening.shutdown().await;
            });
        });
        let url = told.recv().expect("the server has started");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime can be made");
        let took = runtime.block_on(apply_all(&url, concurrency, with_journal));
        drop(stop);
        count(LANES * WRITES) / took.as_secs_f64()
    })
}

async fn apply_all(url: &str, concurrency: usize, with_journal: bool) -> Duration {
    let plan = Plan {
        instance: InstanceRef {
            name: "sandbox".into(),
            api_url: url.to_owned(),
        },
        manifest_digest: "0".into(),
        lanes: (0..LANES).map(lane).collect(),
        summary: Summary::default(),
        notes: Vec::new(),
        rollout: Rollout::default(),
    };
    let folder = tempfile::tempdir_in(".").expect("a directory can be made here");
    let journal = if with_journal {
        let file = std::fs::File::create_new(folder.path().join("receipts.jsonl"));
        let file = JournalFile::new(file.expect("a file can be made"));
        let header = JournalHeader {
            run: "bench".into(),
            started: "2026-01-01T00:00:00Z".into(),
            instance: url.to_owned(),
            manifest_digest: "0".into(),
        };
        Journal::begin(Box::new(file), &header)
            .await
            .expect("the journal can be written")
    } else {
        Journal::none()
    };
    let mut config = Config::new(url, "demo".into(), Sensitive::new("demo-secret".into()));
    config.concurrency = concurrency;
    let runtime = Runtime {
        client: Client::new(config).expect("the settings are right"),
        context: Arc::new(Context {
            secrets: Secrets::default(),
            mark_key: MarkKey::derive(&Secret::new("demo-secret".into())),
            settings: Settings {
                concurrency,
                ..Settings::default()
            },
            preconditions: Preconditions::new(),
            earlier: Earlier::default(),
        }),
        journal,
        events: Arc::new(|_| {}),
        cancel: Cancel::never(),
    };
    let began = Instant::now();
    let report = apply(&plan, runtime).await;
    assert!(report.is_good(), "{:?}", report.journal_failure);
    began.elapsed()
}

fn lane(number: usize) -> Lane {
    let account = AccountId::new(format!("account-{number}"));
    let write = |times: usize| AccountWrite {
        name: Some(format!("Account {number}, {times}")),
        ..AccountWrite::default()
    };
    let operation = |times| Operation {
        address: Address::account(&account),
        kind: match times {
            0 => OperationKind::CreateAccount {
                write: write(times),
                parent: None,
            },
            _ => OperationKind::UpdateAccount {
                write: write(times),
            },
        },
        depends_on: (0..times).collect(),
    };
    Lane {
        after: None,
        wave: None,
        changes: Vec::new(),
        operations: (0..WRITES).map(operation).collect(),
        account,
    }
}

fn count(writes: usize) -> f64 {
    f64::from(u32::try_from(writes).unwrap_or(u32::MAX))
}
