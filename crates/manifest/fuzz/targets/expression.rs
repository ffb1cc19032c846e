//! Any text as an expression.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| gangplank_manifest_fuzz::expression(bytes));
