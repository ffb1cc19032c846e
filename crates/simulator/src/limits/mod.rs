//! What the limiter in front of every call reaches: figures on the simulated clock, against the sandbox's
//! engine in memory.
//!
//! Each function measures one case and gives its [`Figure`]; the same is asserted in tests and printed by
//! `cargo run --release -p xtask -- bench limiter`.

mod amplified;
mod crowd;
mod customers;
mod figure;
mod hidden;
mod knee;
mod moving;
mod out;
mod run;
mod slow;
mod throttled;
mod way;

pub use amplified::amplified;
pub use figure::Figure;
pub use hidden::{Hidden, hidden};
pub use moving::{long_tail, moving, moving_without_refusals};
pub use out::{Outage, outage};
pub use slow::{slow, slow_behind_a_knee};
pub use throttled::{FORMS, Throttled, throttled};

/// Measures every case, one after the other.
pub fn all() -> impl Iterator<Item = Figure> {
    let hidden = Hidden::ALL.into_iter().map(hidden);
    let moving = [moving as fn() -> Figure, moving_without_refusals, long_tail];
    let slow = [slow as fn() -> Figure, slow_behind_a_knee];
    let cases = moving.into_iter().chain(slow).map(|case| case());
    let amplified = [0.05, 0.10].into_iter().map(amplified);
    let outages = Outage::ALL.into_iter().map(outage);
    hidden.chain(cases).chain(amplified).chain(outages)
}

/// Runs a case on a clock of its own, which stands still while anything can be done.
fn simulated<T>(case: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime without input and output")
        .block_on(case)
}
