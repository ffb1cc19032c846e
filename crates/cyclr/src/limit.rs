//! The one limiter in front of every call.

use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

/// Bounds how many calls are under way, and holds all of them back when the instance asks for it.
#[derive(Debug)]
pub(crate) struct Limit {
    permits: Semaphore,
    frozen_until: Mutex<Option<Instant>>,
}

impl Limit {
    pub(crate) fn new(concurrency: usize) -> Self {
        Self {
            permits: Semaphore::new(concurrency.max(1)),
            frozen_until: Mutex::new(None),
        }
    }

    /// Waits for a place.
    pub(crate) async fn enter(&self) -> SemaphorePermit<'_> {
        let permit = self
            .permits
            .acquire()
            .await
            .expect("the semaphore is never closed");
        loop {
            let until = *self
                .frozen_until
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            match until {
                Some(until) if until > Instant::now() => tokio::time::sleep_until(until).await,
                Some(_) | None => return permit,
            }
        }
    }

    /// `Retry-After` holds back every call, not one.
    pub(crate) fn freeze(&self, delay: Duration) {
        let until = Instant::now() + delay;
        let mut frozen = self
            .frozen_until
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *frozen = Some(frozen.map_or(until, |already| already.max(until)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_freeze_holds_back_every_call() {
        let limit = Limit::new(2);
        let started = Instant::now();
        limit.freeze(Duration::from_secs(5));
        limit.freeze(Duration::from_secs(1));
        drop(limit.enter().await);
        assert_eq!(started.elapsed().as_secs(), 5);
        let first = limit.enter().await;
        let second = limit.enter().await;
        let third = tokio::time::timeout(Duration::from_secs(1), limit.enter()).await;
        assert!(third.is_err());
        drop((first, second));
    }
}
