//! Apply against the sandbox: the happy path to the request, and every call hit by every fault.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has to end"
)]

mod bodies;
mod faults;
mod lanes;
mod late;
mod refusals;
mod scene;
mod slow;
mod story;
mod waves;
mod wire;
