//! What time does: runs end, cycles drain, fields are found, accounts go.

use jiff::Timestamp;

use super::Instance;
use crate::date;
use crate::world::{Cycle, CycleStatus, Step};

impl Instance {
    /// Does to an account what was to happen by now.
    pub(crate) fn settle(&mut self, key: &str, now: Timestamp) {
        let Some(account) = self.accounts.get_mut(key) else {
            return;
        };
        let is_due = |at: Option<i64>| at.is_some_and(|at| at <= now.as_millisecond());
        let mut changed = false;
        for cycle in &mut account.cycles {
            if is_due(cycle.pauses_at_milliseconds) {
                end_run(cycle);
                changed = true;
            }
            if is_due(cycle.drained_at_milliseconds) {
                cycle.stop();
                changed = true;
            }
            for step in &mut cycle.steps {
                if is_due(step.discovers_at_milliseconds) {
                    step.discovers_at_milliseconds = None;
                    step.discover();
                    changed = true;
                }
            }
        }
        if changed {
            self.changed.insert(key.to_owned());
        }
    }

    /// Removes the accounts whose delayed removal (U11) is due.
    pub(crate) fn remove_due(&mut self, now: Timestamp) {
        if self.leaving.is_empty() {
            return;
        }
        let now = now.as_millisecond();
        let due: Vec<String> = self
            .leaving
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(key, _)| key.clone())
            .collect();
        for key in due {
            self.remove_account(&key);
            self.changed.insert(key);
        }
    }
}

/// Ends the run of a cycle that was to run once.
fn end_run(cycle: &mut Cycle) {
    let at = cycle.pauses_at_milliseconds.take();
    if cycle.status == CycleStatus::Active {
        let steps = cycle.steps.len();
        cycle.tasks_used = cycle
            .tasks_used
            .saturating_add(u64::try_from(steps).unwrap_or(u64::MAX));
        cycle.last_successful_run_date = at
            .and_then(|at| Timestamp::from_millisecond(at).ok())
            .map(date::round_trip);
        cycle.stop();
    }
}

impl Cycle {
    /// Stops it, and whatever is under way.
    pub(crate) fn stop(&mut self) {
        if self.status == CycleStatus::Active {
            self.status = CycleStatus::Paused;
        }
        self.pauses_at_milliseconds = None;
        self.drained_at_milliseconds = None;
        self.in_progress_transaction_count = 0;
    }

    /// The step that starts it: the one that no other leads to, or else the first.
    pub(crate) fn trigger(&self) -> Option<&Step> {
        let edges = self.edges.as_deref().unwrap_or_default();
        let is_led_to = |step: &Step| {
            let mut edges = edges.iter();
            edges.any(|edge| edge.to_step_id.eq_ignore_ascii_case(&step.id))
        };
        let found = self.steps.iter().find(|step| !is_led_to(step));
        found.or_else(|| self.steps.first())
    }
}
