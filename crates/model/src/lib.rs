//! The nouns of Gangplank: desired and live state, plans, receipts, diagnostics.
