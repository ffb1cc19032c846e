//! End-to-end tests: the real binary, the embedded sandbox, and its ledger as the witness.

#[cfg(test)]
mod architecture;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod support;
