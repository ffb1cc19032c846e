//! Applies a plan: the table of contents.

use super::position::Position;
use super::report::{LaneReport, Report};
use super::runtime::{Runtime, Shared};
use super::schedule::Run;
use gangplank_model::{Event, Plan};
use std::sync::Arc;

/// Applies a plan. Ends when every lane has ended; what went wrong is in the report.
pub async fn apply(plan: &Plan, runtime: Runtime) -> Report {
    apply_from(plan, runtime, Position::default()).await
}

/// Applies a plan whose waves an earlier apply has begun with.
pub async fn apply_from(plan: &Plan, runtime: Runtime, position: Position) -> Report {
    (runtime.events)(Event::Started {
        lanes: plan.lanes.len(),
        operations: plan.operation_count(),
    });
    for secret in runtime.context.secrets.values() {
        runtime.client.scrubber().learn(secret.expose());
    }
    let cancel = runtime.cancel.clone();
    let shared = Arc::new(Shared::from(runtime));
    let mut run = Run::new(plan, shared.clone());
    run.roll_out(position).await;
    run.leave_out_the_rest();
    shared.journal.settle().await;
    let lanes: Vec<LaneReport> = run.reports.into_iter().flatten().collect();
    let cancelled = cancel.is_cancelled() && !lanes.iter().all(|lane| lane.good);
    Report {
        lanes,
        cancelled,
        halt: run.halt,
        waves: run.waves,
        journal_failure: shared.journal.failure(),
    }
}
