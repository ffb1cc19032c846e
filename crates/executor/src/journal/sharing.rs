//! Tests of what is shared: syncs, and failures.

use super::writer::{Committing, JournalWriter};
use super::{Journal, JournalHeader, JournalReader};
use gangplank_model::file::receipts_v1::RecordV1;
use gangplank_model::{AccountId, Address, Operation, OperationKind, Outcome, Receipt};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

/// A disk that takes ten milliseconds, and how much it takes.
#[derive(Clone, Default)]
struct Slow(Arc<Mutex<Taken>>);

#[derive(Default)]
struct Taken {
    durable: Vec<u8>,
    commits: usize,
    /// The commit that fails, from 1; all later ones would work.
    fails: Option<usize>,
}

impl JournalWriter for Slow {
    fn commit(&mut self, lines: Vec<u8>) -> Committing<'_> {
        Box::pin(async move {
            sleep(Duration::from_millis(10)).await;
            let mut taken = self.0.lock().unwrap();
            taken.commits += 1;
            if taken.fails == Some(taken.commits) {
                return Err(io::Error::from(io::ErrorKind::StorageFull));
            }
            taken.durable.extend(lines);
            Ok(())
        })
    }
}

impl Slow {
    async fn journal(&self) -> Journal {
        let header = JournalHeader {
            run: "r".into(),
            started: "2026-01-01T00:00:00Z".into(),
            instance: "https://api.cyclr.test".into(),
            manifest_digest: "0".into(),
        };
        Journal::begin(Box::new(self.clone()), &header)
            .await
            .unwrap()
    }

    fn commits(&self) -> usize {
        self.0.lock().unwrap().commits
    }

    fn records(&self) -> Vec<RecordV1> {
        let bytes = self.0.lock().unwrap().durable.clone();
        let reader = JournalReader::new(bytes.as_slice());
        reader.collect::<Result<_, _>>().unwrap()
    }
}

fn operation(account: &str) -> Operation {
    Operation {
        address: Address::account(&AccountId::new(account)),
        kind: OperationKind::DeleteAccount,
        depends_on: Vec::new(),
    }
}

fn receipt(account: &str, outcome: Outcome) -> Receipt {
    let operation = operation(account);
    Receipt {
        address: operation.address.clone(),
        index: 0,
        verb: operation.verb(),
        route: operation.route(),
        outcome,
        id: None,
        attempts: 1,
        elapsed: Duration::ZERO,
    }
}

async fn intent(journal: &Journal, account: &str) -> Result<(), String> {
    let operation = operation(account);
    journal.intent(&operation, 0, 1, Duration::ZERO).await
}

#[tokio::test(start_paused = true)]
async fn an_intent_is_durable_before_anybody_goes_on() {
    let disk = Slow::default();
    let journal = disk.journal().await;
    let began = Instant::now();
    intent(&journal, "a").await.unwrap();
    assert_eq!(began.elapsed(), Duration::from_millis(10));
    assert_eq!(disk.records().len(), 2);
    journal.outcome(&receipt("a", Outcome::Done), Duration::ZERO);
    assert_eq!(disk.records().len(), 2, "an outcome waits for nobody");
    intent(&journal, "b").await.unwrap();
    let kinds = disk.records();
    assert!(matches!(kinds[2], RecordV1::Outcome { .. }), "{kinds:?}");
    assert!(matches!(kinds[3], RecordV1::Intent { .. }), "{kinds:?}");
}

#[tokio::test(start_paused = true)]
async fn lanes_that_wait_together_share_one_sync() {
    let disk = Slow::default();
    let journal = disk.journal().await;
    let mut lanes = JoinSet::new();
    for lane in 0..200 {
        let journal = journal.clone();
        lanes.spawn(async move { intent(&journal, &format!("a{lane}")).await });
    }
    for ended in lanes.join_all().await {
        ended.unwrap();
    }
    assert_eq!(disk.records().len(), 201);
    assert!(disk.commits() <= 3, "{} syncs", disk.commits());
}

#[tokio::test(start_paused = true)]
async fn f18_a_sync_that_failed_is_not_asked_for_again() {
    let disk = Slow::default();
    disk.0.lock().unwrap().fails = Some(3);
    let journal = disk.journal().await;
    intent(&journal, "a").await.unwrap();
    let both = tokio::join!(intent(&journal, "b"), intent(&journal, "c"));
    assert!(both.0.is_err() && both.1.is_err(), "{both:?}");
    assert!(intent(&journal, "d").await.is_err());
    journal.outcome(&receipt("a", Outcome::Done), Duration::ZERO);
    journal.settle().await;
    assert_eq!(disk.commits(), 3);
    assert_eq!(disk.records().len(), 2);
    assert_eq!(journal.failure().as_deref(), Some("no storage space"));
}

#[tokio::test(start_paused = true)]
async fn a_lane_that_is_dropped_while_it_commits_for_all_takes_nothing_along() {
    let disk = Slow::default();
    let journal = disk.journal().await;
    let mut lanes = JoinSet::new();
    let mut begin = |account: &'static str| {
        let journal = journal.clone();
        lanes.spawn(async move { intent(&journal, account).await })
    };
    let first = begin("a");
    sleep(Duration::from_millis(3)).await;
    begin("b");
    sleep(Duration::from_millis(3)).await;
    first.abort();
    assert!(lanes.join_next().await.unwrap().unwrap_err().is_cancelled());
    lanes.join_next().await.unwrap().unwrap().unwrap();
    assert_eq!(disk.records().len(), 3);
    assert_eq!(journal.failure(), None);
}

#[tokio::test(start_paused = true)]
async fn a_long_explanation_is_cut_where_its_line_would_be_too_long() {
    let disk = Slow::default();
    let journal = disk.journal().await;
    intent(&journal, "a").await.unwrap();
    let long = "\u{1}ä".repeat(100_000);
    journal.outcome(&receipt("a", Outcome::Refused(long)), Duration::ZERO);
    journal.settle().await;
    let records = disk.records();
    let RecordV1::Outcome { explanation, .. } = &records[2] else {
        panic!("{records:?}");
    };
    let explanation = explanation.as_deref().unwrap();
    assert!(explanation.ends_with(" [...]") && explanation.len() < 5_000);
}
