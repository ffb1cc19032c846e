//! End-to-end tests: the real binary, the embedded sandbox, and its ledger as the witness.

mod architecture;
mod scenarios;
mod support;
