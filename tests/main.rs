//! End-to-end tests of the gangplank binary.
