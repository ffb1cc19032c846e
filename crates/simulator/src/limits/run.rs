//! One run of the program over a way: read, plan, apply.

use super::crowd::client;
use super::customers::Customers;
use super::way::{Traffic, Way};
use gangplank_cyclr::Client;
use gangplank_executor::{Cancel, Context, Earlier, Journal, Report, Runtime, Settings, apply};
use gangplank_live::Scope;
use gangplank_model::{AccountId, Event, InstanceRef, Secret};
use gangplank_planner::{Limits, MadeMarks};
use gangplank_secrets::MarkKey;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// How a run ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// `None` where the instance could not be read.
    pub(super) report: Option<Report>,
    /// Operations that were planned.
    pub(super) operations: usize,
    /// Whether every account was read.
    pub(super) is_read: bool,
    /// Calls in all.
    pub(super) calls: u64,
    pub(super) took: Duration,
    /// When each account was through.
    pub(super) through: BTreeMap<AccountId, Duration>,
}

impl Ended {
    /// Whether everything is as it is wanted.
    pub(super) fn is_good(&self) -> bool {
        self.is_read && self.report.as_ref().is_some_and(Report::is_good)
    }

    /// How many accounts did not end well.
    pub(super) fn failed(&self) -> usize {
        let lanes = self.report.iter().flat_map(|report| &report.lanes);
        lanes.filter(|lane| !lane.good).count()
    }
}

/// Runs once, from a seed.
pub(super) async fn run(customers: &Customers, way: Way, seed: u64) -> Ended {
    run_with(customers, client(way, seed), seed).await
}

/// Runs once with a client.
pub(super) async fn run_with(
    customers: &Customers,
    (client, traffic): (Client, Arc<Traffic>),
    seed: u64,
) -> Ended {
    let began = Instant::now();
    let scope = Scope::of(&customers.desired);
    let Ok(live) = gangplank_live::read(&client, &scope, &|_| {}).await else {
        return unread(&traffic, began);
    };
    let mark_key = MarkKey::derive(&Secret::new("demo-secret".into()));
    let made = MadeMarks::make(&customers.desired, mark_key.id(), |account, write| {
        mark_key.connector_mark(account, write, &customers.secrets)
    });
    let context = gangplank_planner::Context {
        instance: InstanceRef {
            name: "simulated".into(),
            api_url: "http://localhost".into(),
        },
        marks: true,
        made_marks: Some(made),
        limits: Limits {
            removals: Some(usize::MAX),
        },
    };
    let (plan, problems) = gangplank_planner::plan(&customers.desired, &live, &context);
    assert!(!problems.has_errors(), "{problems:?}");
    let through = Arc::new(Mutex::new(BTreeMap::new()));
    let told = through.clone();
    let runtime = Runtime {
        client,
        context: Arc::new(Context {
            secrets: customers.secrets.clone(),
            mark_key,
            settings: Settings {
                seed,
                ..Settings::default()
            },
            preconditions: BTreeMap::new(),
            earlier: Earlier::default(),
        }),
        journal: Journal::none(),
        events: Arc::new(move |event| {
            if let Event::LaneEnded { account, .. } = event {
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                told.insert(account, began.elapsed());
            }
        }),
        cancel: Cancel::never(),
    };
    let report = apply(&plan, runtime).await;
    let through = std::mem::take(&mut *through.lock().unwrap_or_else(PoisonError::into_inner));
    Ended {
        report: Some(report),
        operations: plan.operation_count(),
        is_read: live.failed.is_empty(),
        calls: traffic.calls(),
        took: began.elapsed(),
        through,
    }
}

fn unread(traffic: &Traffic, began: Instant) -> Ended {
    Ended {
        report: None,
        operations: 0,
        is_read: false,
        calls: traffic.calls(),
        took: began.elapsed(),
        through: BTreeMap::new(),
    }
}
