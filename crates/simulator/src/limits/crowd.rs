//! `Crowd`: callers that ask for as much as they get.

use super::way::{Traffic, Way};
use gangplank_cyclr::resource::account;
use gangplank_cyclr::{Client, Config, Sensitive};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// So many callers: more than a client may have under way.
const CALLERS: usize = 400;

/// Makes a client over a way.
pub(super) fn client(way: Way, seed: u64) -> (Client, Arc<Traffic>) {
    client_with(way, seed, || SystemTime::UNIX_EPOCH)
}

/// Makes a client over a way, on a machine that takes the time for this.
pub(super) fn client_with(way: Way, seed: u64, wall: fn() -> SystemTime) -> (Client, Arc<Traffic>) {
    let traffic = way.traffic.clone();
    let secret = Sensitive::new("demo-secret".into());
    let mut config = Config::new("http://localhost", "demo".into(), secret);
    config.seed = seed;
    config.wall = wall;
    (Client::over(config, Box::new(way)), traffic)
}

/// Has many read one account, one call after the other, for so long.
pub(super) async fn crowd(client: &Client, time: Duration) {
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let client = client.clone();
        callers.spawn(async move {
            loop {
                // A read that is given up on is followed by another.
                if client.call(account::get("foreign")).await.is_err() {
                    sleep(Duration::from_millis(100)).await;
                }
            }
        });
    }
    sleep(time).await;
    callers.shutdown().await;
}
