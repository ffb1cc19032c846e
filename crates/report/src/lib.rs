//! Plans, diagnostics and receipts as text and JSON for people and tools.
