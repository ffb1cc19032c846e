//! Rolls a plan out: wave after wave, each of which has to be in order before the next one begins.

use super::gate;
use super::position::{Position, Watched};
use super::schedule::Run;
use crate::cancel::Cause;
use crate::journal::milliseconds;
use gangplank_model::file::receipts_v1::{RecordV1, StageV1};
use gangplank_model::{
    AccountId, Event, Halt, OperationKind, Outcome, Schedule, WaveEnd, WaveNews, WaveReport,
};
use std::time::Duration;
use tokio::time::Instant;

impl Run<'_> {
    /// Works off all waves; the whole plan at once where it has none.
    pub(super) async fn roll_out(&mut self, position: Position) {
        self.passed = position.passed;
        if !self.plan.rollout.is_some() {
            return self.work_off(None).await;
        }
        let count = self.plan.rollout.waves.len();
        self.waves = (0..count).map(|wave| self.unbegun(wave)).collect();
        let works = |wave: &usize| self.waves[*wave].accounts > 0;
        let working: Vec<usize> = (0..count).filter(works).collect();
        if let Some(before) = self.passed.min(count).checked_sub(1) {
            self.note_stage(before, StageV1::Passed, Duration::ZERO)
                .await;
        }
        if let Some(first) = working.first()
            && !self.catch_up(*first, position).await
        {
            return;
        }
        for (place, wave) in working.iter().enumerate() {
            if self.is_halted() {
                return;
            }
            self.tell(*wave, WaveNews::Begun(self.waves[*wave].accounts));
            self.note_stage(*wave, StageV1::Begun, Duration::ZERO).await;
            self.work_off(Some(*wave)).await;
            self.waves[*wave].end = if self.is_halted() {
                self.halted_in(*wave)
            } else if place + 1 == working.len() {
                WaveEnd::Last
            } else {
                self.look_after(*wave).await
            };
        }
    }

    fn unbegun(&self, wave: usize) -> WaveReport {
        let lanes = self.plan.lanes.iter();
        let its = lanes.filter(|lane| lane.wave == Some(wave) && !lane.operations.is_empty());
        let accounts = its.count();
        let end = if accounts == 0 {
            WaveEnd::Nothing
        } else {
            WaveEnd::NotBegun
        };
        WaveReport { accounts, end }
    }

    /// The wave before the first one that has something to do may have been broken off while nothing was
    /// to be done after it, and nobody knows better unless the receipts say so: that time is not skipped.
    /// Says whether to go on.
    async fn catch_up(&mut self, first: usize, position: Position) -> bool {
        if first == 0 || position.passed >= first {
            return true;
        }
        let before = first - 1;
        let soaked = position.soaked.unwrap_or_default();
        self.waves[before].end = self.soak(before, soaked, &position.watched).await;
        self.waves[before].end == WaveEnd::Passed
    }

    /// How a wave ends after which nothing more is begun.
    fn halted_in(&self, wave: usize) -> WaveEnd {
        let mut lanes = self.plan.lanes.iter().zip(&self.reports);
        if lanes.any(|(lane, report)| lane.wave == Some(wave) && report.is_none()) {
            return WaveEnd::BrokenOff;
        }
        match &self.halt {
            Some(Halt::Failures(_)) => WaveEnd::Held(vec![failures(&self.failed)]),
            Some(Halt::Signal | Halt::Deadline | Halt::Lease | Halt::Held(_)) | None => {
                WaveEnd::Soaking(self.plan.rollout.soak)
            }
        }
    }

    /// Looks at a wave, lets it run for a while, and looks at it again.
    async fn look_after(&mut self, wave: usize) -> WaveEnd {
        let limit = self.shared.context.settings.max_failures.unwrap_or(1);
        if self.failed.len() >= limit {
            return self.hold(wave, vec![failures(&self.failed)]).await;
        }
        let (watched, waiting) = self.watched(wave);
        if !waiting.is_empty() {
            return self.hold(wave, waiting).await;
        }
        let problems = self.look(wave, &watched).await;
        if self.is_halted() {
            return WaveEnd::Soaking(self.plan.rollout.soak);
        }
        if !problems.is_empty() {
            return self.hold(wave, problems).await;
        }
        self.soak(wave, Duration::ZERO, &watched).await
    }

    /// Waits for what is left of the time, then looks once more.
    async fn soak(&mut self, wave: usize, soaked: Duration, watched: &[Watched]) -> WaveEnd {
        // What was passed before, and differs again, is looked at and not waited for.
        let left = if wave < self.passed {
            Duration::ZERO
        } else {
            self.plan.rollout.soak.saturating_sub(soaked)
        };
        let began = Instant::now();
        self.watch(wave, watched);
        self.note_stage(wave, StageV1::Soaking, soaked).await;
        if !left.is_zero() {
            self.tell(wave, WaveNews::Soaking(left));
            tokio::select! {
                biased;
                () = self.shared.cancel.cancelled() => {}
                () = tokio::time::sleep(left) => {}
            }
        }
        let looked = self.plan.rollout.soak.is_zero() || wave < self.passed;
        let problems = if looked || self.is_halted() {
            Vec::new()
        } else {
            self.look(wave, watched).await
        };
        if self.is_halted() {
            return WaveEnd::Soaking(left.saturating_sub(began.elapsed()));
        }
        if !problems.is_empty() {
            return self.hold(wave, problems).await;
        }
        self.note_stage(wave, StageV1::Passed, Duration::ZERO).await;
        self.tell(wave, WaveNews::Passed);
        WaveEnd::Passed
    }

    async fn look(&mut self, wave: usize, watched: &[Watched]) -> Vec<String> {
        if watched.is_empty() {
            return Vec::new();
        }
        self.tell(wave, WaveNews::Looking(watched.len()));
        gate::look(&self.shared, watched).await
    }

    async fn hold(&mut self, wave: usize, why: Vec<String>) -> WaveEnd {
        self.note_stage(wave, StageV1::Held, Duration::ZERO).await;
        self.halt = Some(match self.shared.cancel.cause() {
            Some(Cause::Signal) => Halt::Signal,
            Some(Cause::Deadline) => Halt::Deadline,
            Some(Cause::Lease) => Halt::Lease,
            None => Halt::Held(wave),
        });
        self.tell(wave, WaveNews::Held(why.clone()));
        WaveEnd::Held(why)
    }

    /// The cycles that were started in a wave, and what of them waits for a person.
    fn watched(&self, wave: usize) -> (Vec<Watched>, Vec<String>) {
        let mut watched = Vec::new();
        let mut waiting = Vec::new();
        let lanes = self.plan.lanes.iter().zip(&self.reports);
        for (lane, report) in lanes.filter(|(lane, _)| lane.wave == Some(wave)) {
            let receipts = report.iter().flat_map(|report| &report.receipts);
            for (operation, receipt) in lane.operations.iter().zip(receipts) {
                let OperationKind::Activate { schedule, .. } = &operation.kind else {
                    continue;
                };
                match (&receipt.outcome, &receipt.id) {
                    (Outcome::Done | Outcome::Confirmed, Some(cycle)) => watched.push(Watched {
                        account: lane.account.clone(),
                        address: operation.address.to_string(),
                        cycle: cycle.clone(),
                        once: *schedule == Schedule::Once,
                    }),
                    (Outcome::Waiting(why), _) => {
                        waiting.push(format!("{}: {why}", operation.address));
                    }
                    (
                        Outcome::Done
                        | Outcome::Confirmed
                        | Outcome::Refused(_)
                        | Outcome::Diverged(_)
                        | Outcome::Unknown(_)
                        | Outcome::Skipped,
                        _,
                    ) => {}
                }
            }
        }
        (watched, waiting)
    }

    /// Records how far a wave is; durable when this ends, since a later run may go on from it.
    async fn note_stage(&self, wave: usize, stage: StageV1, soaked: Duration) {
        let at = milliseconds(self.shared.started.elapsed());
        let journal = &self.shared.journal;
        journal.note(|number| RecordV1::Wave {
            number,
            wave: wave + 1,
            takes: self.plan.rollout.waves[wave].clone(),
            stage,
            soaked_milliseconds: milliseconds(soaked),
            milliseconds: at,
        });
        journal.settle().await;
    }

    /// Records the cycles that have to run when the wave is over.
    fn watch(&self, wave: usize, watched: &[Watched]) {
        let at = milliseconds(self.shared.started.elapsed());
        for one in watched {
            self.shared.journal.note(|number| RecordV1::Watched {
                number,
                wave: wave + 1,
                address: one.address.clone(),
                cycle: one.cycle.clone(),
                once: one.once,
                milliseconds: at,
            });
        }
    }

    fn tell(&self, wave: usize, news: WaveNews) {
        (self.shared.events)(Event::Wave { wave, news });
    }
}

/// Which accounts failed, as far as a line has room.
fn failures(failed: &[AccountId]) -> String {
    const MOST: usize = 5;
    let names: Vec<&str> = failed.iter().take(MOST).map(AccountId::as_str).collect();
    let names = names.join(", ");
    let more = match failed.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (number, s) = match failed.len() {
        1 => (1, ""),
        number => (number, "s"),
    };
    format!("{number} account{s} failed: {names}{more}")
}
