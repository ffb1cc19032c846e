//! Applies a plan: lanes, unknown outcomes resolved by reading back, receipts.
